package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.Reading;
import org.deepcovid.core.inference.Precision;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A classifier, and images: arguments and the lines of a list. */
final class ImageArguments {

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = Subcommand.CLASSIFIER)
    private Path classifier;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "IMAGE",
            description = "files, folders (searched recursively), or quoted patterns")
    private List<String> images = new ArrayList<>();

    @Option(
            names = "--images-from",
            paramLabel = "FILE",
            description = "text file (UTF-8) with the name of an image or folder in each line")
    private Path list;

    Path classifier() {
        return classifier;
    }

    /** Loads the classifier. */
    CovidClassifier load(Subcommand command) {
        return load(command, Optional.empty());
    }

    /** Loads the classifier with a network in some precision; empty for its own. */
    CovidClassifier load(Subcommand command, Optional<Precision> precision) {
        return command.load(classifier, images, precision);
    }

    /** Checks that there are some before any file is read. */
    void check(Subcommand command) {
        if (images.isEmpty() && list == null) {
            command.requireClassifier(classifier);
            throw command.usage("Missing required parameter: 'IMAGE', or --images-from FILE");
        }
    }

    /** Finds the files; remarks on those that are passed over. */
    List<Path> find(Subcommand command) throws IOException {
        ImageFiles files =
                ImageFiles.find(images, list == null ? List.of() : ImageFiles.names(list));
        Reading.describe(files.passedOver()).forEach(line -> command.remark("%s", line));
        return files.files();
    }
}
