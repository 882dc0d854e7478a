package org.deepcovid.cli;

import java.nio.file.Path;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import picocli.CommandLine.Option;

/** Options that say how a dataset without part marks is divided. */
final class Splitting {

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description =
                    "of the images outside test, by patient, where none are marked (default"
                            + " ${DEFAULT-VALUE})")
    private double validation = 0.25;

    @Option(
            names = "--test",
            paramLabel = "SHARE",
            description =
                    "of all images, by patient, where none are marked; 0 for none (default"
                            + " ${DEFAULT-VALUE})")
    private double test = 0.2;

    /** Refuses shares that cannot be; before anything is read. */
    void check(Subcommand command) {
        if (!(validation > 0 && validation < 1)) {
            throw command.usage("--validation is %s; expected between 0 and 1", validation);
        }
        if (!(test >= 0 && test < 1)) {
            throw command.usage("--test is %s; expected 0 or more and less than 1", test);
        }
    }

    /** Divides a dataset by patient; part marks of the dataset are kept. */
    DatasetSplit split(Subcommand command, XrayDataset dataset) {
        check(command);
        DatasetSplit split = new PatientSplitter(command.seed(), validation, test).split(dataset);
        if (!dataset.patientsKnown()) {
            command.remark(
                    "patients are not known for all images, so one person's may be in several"
                            + " parts (a manifest with a column 'patient' would tell)");
        }
        return split;
    }

    /** Reads a dataset, divides it, and tells the parts. */
    DatasetSplit read(Subcommand command, Path data) {
        check(command);
        return tell(command, split(command, XrayDataset.read(data)));
    }

    static DatasetSplit tell(Subcommand command, DatasetSplit split) {
        command.remark("%s", summary(split));
        return split;
    }

    static String summary(DatasetSplit split) {
        StringBuilder text = new StringBuilder("images (covid): ");
        split.byPart()
                .forEach(
                        (part, images) ->
                                text.append(
                                        "%s %d (%d)  "
                                                .formatted(
                                                        part.folderName(),
                                                        images.size(),
                                                        Datasets.covid(images))));
        return text.toString().stripTrailing();
    }
}
