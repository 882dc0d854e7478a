package org.deepcovid.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.deepcovid.models.Backbones;
import picocli.CommandLine;

/** The commands behind the launcher script, for checking and trying what the pages show. */
public final class DocumentedCommands {

    private static final Map<String, Supplier<Callable<Integer>>> MAINS =
            Map.of(
                    "FineTuneSqueezeNet",
                    () ->
                            new FineTuneCommand(
                                    "SqueezeNet v1.1", file -> Backbones.load("squeezenet", file)),
                    "FineTuneResNet50",
                    () ->
                            new FineTuneCommand(
                                    "ResNet-50", file -> Backbones.load("resnet50", file)),
                    "PredictOneImage",
                    PredictOneImage::new,
                    "ExplainOneImage",
                    ExplainOneImage::new,
                    "CompareBackbones",
                    () -> new CompareBackbones(NetworkCatalogue.standard()),
                    "ReproducePaper",
                    () -> new ReproducePaper(NetworkCatalogue.standard()));

    private DocumentedCommands() {}

    /**
     * What picocli says against a command.
     *
     * @param words what follows the launcher's name
     * @return empty if the words can be parsed
     */
    public static Optional<String> problem(List<String> words) {
        if (!isMain(words)) {
            return DocumentedLine.problem(words);
        }
        if (!MAINS.containsKey(words.get(0))) {
            return Optional.of("there is no main %s".formatted(words.get(0)));
        }
        try {
            new CommandLine(MAINS.get(words.get(0)).get()).parseArgs(arguments(words));
            return Optional.empty();
        } catch (CommandLine.ParameterException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static boolean isMain(List<String> words) {
        return !words.isEmpty() && Character.isUpperCase(words.get(0).charAt(0));
    }

    /**
     * Runs a command in this JVM.
     *
     * @param words what follows the launcher's name
     * @return the exit code
     */
    public static int run(List<String> words) {
        return isMain(words)
                ? Console.execute(MAINS.get(words.get(0)).get(), arguments(words))
                : DocumentedLine.run(words);
    }

    private static String[] arguments(List<String> words) {
        return words.subList(1, words.size()).toArray(String[]::new);
    }
}
