package org.deepcovid.benchmarks;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;

/** Loads a classifier and scores one image; the arguments are classifier, image. */
final class FirstPredictionProgram {

    private FirstPredictionProgram() {}

    public static void main(String[] args) {
        try (CovidClassifier classifier = CovidClassifier.load(Path.of(args[0]))) {
            double score = classifier.predict(Path.of(args[1])).positiveProbability();
            System.out.println("score=" + score);
        }
    }
}
