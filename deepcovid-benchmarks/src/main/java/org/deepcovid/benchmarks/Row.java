package org.deepcovid.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Measurements other than the forward passes of {@link InferenceBenchmark}. */
enum Row {
    /** Scoring a folder, against decoding alone and inference alone. */
    FOLDER {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            return FolderRow.measure(options);
        }
    },
    /** Fine-tuning by the paper's recipe, from the start of the JVM to the saved classifier. */
    FINE_TUNING {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            List<Figure> figures = new ArrayList<>();
            for (String network : options.networks()) {
                ChildJvm.Run run = SavedClassifier.fineTune(network, options);
                figures.add(new Figure(id(), network, "jvm to file", run.seconds(), "s"));
                for (String part : List.of("features", "head")) {
                    double seconds = run.printed().get(part + "_seconds");
                    figures.add(new Figure(id(), network, part, seconds, "s"));
                }
            }
            return figures;
        }
    },
    /** Peak resident memory of scoring few and many files, each in a JVM of its own. */
    MEMORY {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            List<Figure> figures = new ArrayList<>();
            String folder = options.folder().orElse(options.data().resolve("test")).toString();
            for (String network : options.networks()) {
                for (int count : options.counts(1000, 20_000)) {
                    ChildJvm.Run run =
                            ChildJvm.java(
                                    ScoreFilesProgram.class,
                                    List.of(),
                                    List.of(
                                            SavedClassifier.file(network, options).toString(),
                                            folder,
                                            Integer.toString(count)));
                    String files = count + " files";
                    double peak = run.printed().get("peak_megabytes");
                    double rate = run.printed().get("files_per_second");
                    figures.add(new Figure(id(), network, files, peak, "MB"));
                    figures.add(new Figure(id(), network, files, rate, "files/s"));
                }
            }
            return figures;
        }
    },
    /** The first prediction of a saved classifier, from the start of the JVM to its end. */
    FIRST_PREDICTION {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            List<Figure> figures = new ArrayList<>();
            String image = ImageFolder.files(options.data()).get(0).toString();
            for (String network : options.networks()) {
                String classifier = SavedClassifier.file(network, options).toString();
                List<String> arguments = List.of(classifier, image);
                double java =
                        InTurn.median(
                                options.rounds(5),
                                () ->
                                        ChildJvm.java(
                                                        FirstPredictionProgram.class,
                                                        List.of(),
                                                        arguments)
                                                .seconds());
                figures.add(new Figure(id(), network, "java", java, "s"));
                if (options.launcher().isPresent()) {
                    List<String> command =
                            Stream.concat(
                                            Stream.of(options.launcher().get(), "predict"),
                                            arguments.stream())
                                    .toList();
                    double launched =
                            InTurn.median(options.rounds(5), () -> ChildJvm.run(command).seconds());
                    figures.add(new Figure(id(), network, "launcher", launched, "s"));
                }
            }
            return figures;
        }
    },
    /** The compiled engine and ONNX Runtime in turn. */
    ENGINES {
        @Override
        List<Figure> measure(RowOptions options) {
            return EnginesRow.measure(options);
        }
    },
    /** Heatmaps of one image, against one prediction. */
    HEATMAPS {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            return HeatmapRow.measure(options);
        }
    },
    /** Area under the ROC curve with both engines. */
    ACCURACY {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            return AccuracyRow.measure(options);
        }
    },
    /** Search for near copies of images. */
    NEAR_COPIES {
        @Override
        List<Figure> measure(RowOptions options) {
            return NearCopyRow.measure(options);
        }
    },
    /** The share of images that are called unlike the training images. */
    INPUT_CHECK {
        @Override
        List<Figure> measure(RowOptions options) throws IOException {
            return InputCheckRow.measure(options);
        }
    };

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    abstract List<Figure> measure(RowOptions options) throws IOException;

    static Row named(String id) {
        List<String> ids = Stream.of(values()).map(Row::id).toList();
        if (!ids.contains(id)) {
            throw new IllegalArgumentException(
                    "there is no row '%s'; expected one of %s".formatted(id, ids));
        }
        return values()[ids.indexOf(id)];
    }
}
