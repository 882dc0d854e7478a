package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Prediction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Scores one radiograph with a saved classifier. */
@Command(
        name = "PredictOneImage",
        mixinStandardHelpOptions = true,
        description = "Scores one radiograph with a saved classifier.")
public final class PredictOneImage implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "CLASSIFIER",
            description = "file that a fine-tuning wrote")
    private Path classifierFile;

    @Parameters(index = "1", paramLabel = "IMAGE", description = "a radiograph")
    private Path image;

    PredictOneImage() {}

    /**
     * Runs the example; {@code --help} lists the arguments.
     *
     * @param args classifier file, image file
     */
    public static void main(String[] args) {
        Console.run(new PredictOneImage(), args);
    }

    @Override
    public Integer call() {
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile)) {
            Prediction prediction = classifier.predict(image);
            System.out.printf(
                    Locale.ROOT,
                    "%s%n  score for COVID  %.4f%n",
                    image,
                    prediction.covidProbability());
            classifier
                    .threshold()
                    .ifPresent(
                            t ->
                                    System.out.printf(
                                            Locale.ROOT,
                                            "  threshold        %.4f (%s)%n  called           %s%n",
                                            t.value(),
                                            t.rule(),
                                            prediction.label().orElseThrow().folderName()));
            System.out.println("Research model score; not a diagnostic device.");
        }
        return 0;
    }
}
