package org.deepcovid.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;

/**
 * The example mains, by class name. They are part of a source checkout, not of the published jars.
 */
final class ExampleMains {

    private static final List<String> NAMES = List.of("FineTuneResNet50", "FineTuneSqueezeNet");
    private static final List<String> OWN =
            List.of("CompareBackbones", "ExplainOneImage", "PredictOneImage", "ReproducePaper");

    private ExampleMains() {}

    /** Whether a word can only be the name of a main: commands are in lower case. */
    static boolean isName(String word) {
        return !word.isEmpty() && Character.isUpperCase(word.charAt(0));
    }

    /** Runs the main named by the first word with the others. */
    static void run(String... args) {
        if (!names().contains(args[0])) {
            System.err.printf(
                    "error: there is no example main '%s'; expected one of %s, or a command (see:"
                            + " deepcovid --help)%n",
                    args[0], String.join(", ", names()));
            System.exit(ExitCode.USAGE);
        }
        String place = OWN.contains(args[0]) ? "org.deepcovid.cli." : "org.deepcovid.examples.";
        try {
            Class.forName(place + args[0])
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(args[0] + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(args[0] + " cannot be run", e);
        }
    }

    /** Names of the mains there are, sorted. */
    static List<String> names() {
        return java.util.stream.Stream.of(NAMES, OWN).flatMap(List::stream).sorted().toList();
    }
}
