package org.deepcovid.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** The example mains by class name; only in a source checkout. */
final class ExampleMains {

    private static final String PACKAGE = "org.deepcovid.examples.";

    static final List<String> NAMES =
            List.of(
                    "CompareNetworks",
                    "ExplainOneImage",
                    "FineTuneResNet50",
                    "FineTuneSqueezeNet",
                    "OwnRecipe",
                    "PredictOneImage");

    private ExampleMains() {}

    /** Whether a word is the name of a main; commands are in lower case. */
    static boolean isName(String word) {
        return !word.isEmpty() && Character.isUpperCase(word.charAt(0));
    }

    /**
     * Runs the main named by the first word; the second is its data folder.
     *
     * @return the exit code
     */
    static int run(String... args) {
        if (!NAMES.contains(args[0])) {
            System.err.printf(
                    "error: there is no example main '%s'; expected one of %s, or a command (see:"
                            + " deepcovid --help)%n",
                    PlainText.of(args[0]), String.join(", ", NAMES));
            return ExitCode.USAGE;
        }
        if (args.length != 2 || args[1].startsWith("-")) {
            System.err.printf(
                    "usage: deepcovid %s DATA%nDATA: folder or CSV manifest of radiographs. For"
                            + " options, use a command (see: deepcovid --help).%n",
                    args[0]);
            return ExitCode.USAGE;
        }
        try {
            Class.forName(PACKAGE + args[0])
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {args[1]});
            return ExitCode.OK;
        } catch (ClassNotFoundException e) {
            System.err.printf(
                    "error: the class of %s is missing; expected a source checkout that was built"
                            + " (./mvnw package)%n",
                    args[0]);
            return ExitCode.FAILED;
        } catch (InvocationTargetException e) {
            System.err.println(Failures.message(e.getCause()));
            return ExitCode.of(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(args[0] + " cannot be run", e);
        }
    }
}
