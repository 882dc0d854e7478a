package org.deepcovid.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.eval.audit.AuditIssue;
import org.deepcovid.eval.audit.DatasetAudit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Audits a dataset. */
@Command(
        name = "audit",
        header = "Finds problems that make results on a dataset misleading.",
        description =
                "Reports unreadable files, equal files in two parts or with two labels, patients in"
                    + " two parts, small images, and whether source, size, storage or brightness"
                    + " separate the classes; and how well the label is predicted from the border"
                    + " of the images, their files or their source. With a classifier, also whether"
                    + " its evidence is outside the lungs or at the border, and whether its"
                    + " heatmaps point into marked findings.",
        footer = {
            "",
            "Examples:",
            "  deepcovid audit radiographs/",
            "  deepcovid audit manifest.csv --classifier my.deepcovid --heatmaps 200",
            "",
            "Exit codes: 0 no problems (there may be hints); 1 problems found."
        })
final class Audit extends Subcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Parameters(index = "0", paramLabel = "DATA", description = DATA)
    private Path data;

    @Option(
            names = "--classifier",
            paramLabel = "FILE",
            description = "also measure where the evidence of this saved classifier is")
    private Path classifierFile;

    @Option(
            names = {"--heatmaps", "--explain"},
            paramLabel = "N",
            description = "maximum number of images to explain (default ${DEFAULT-VALUE})")
    private int heatmaps = 50;

    @Option(
            names = "--lungs",
            paramLabel = "FOLDER",
            description =
                    "lung masks with the images' relative names; white is lung (default: those that"
                            + " DATA names, if any)")
    private Path lungs;

    @Option(
            names = "--masks",
            paramLabel = "FOLDER",
            description =
                    "masks of findings with the images' relative names; white is the finding"
                            + " (default: the boxes that DATA names, if any)")
    private Path masks;

    @Option(
            names = "--smallest",
            paramLabel = "PIXELS",
            description = "report images whose shorter side is less (default ${DEFAULT-VALUE})")
    private int smallest = 224;

    @Option(names = "--no-probes", description = "train no networks to find shortcuts")
    private boolean noProbes;

    @Mixin private final StartingPoint start = new StartingPoint();
    @Mixin private final DataOptions labels = new DataOptions();

    @Override
    public Integer call() {
        if (!Files.exists(data)) {
            throw new IllegalArgumentException(
                    "there is no file or folder '%s'; expected a folder with a folder for each label, or a CSV manifest"
                            .formatted(data));
        }
        positive("--heatmaps", heatmaps);
        positive("--smallest", smallest);
        requireFolder("--lungs", lungs);
        requireFolder("--masks", masks);
        DatasetAudit audit = DatasetAudit.of(data).withMinSize(smallest);
        start.check(this);
        if (noProbes) {
            return run(audit);
        }
        try (Backbone backbone = start.load(this);
                InferenceEngine engine = InferenceEngine.of(backbone)) {
            FeatureExtractor network = FeatureExtractor.of(backbone.spec(), engine);
            return run(audit.withProbes(network, seed()));
        }
    }

    private void requireFolder(String option, Path folder) {
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage("%s is '%s'; expected a folder of masks", option, folder);
        }
    }

    private int run(DatasetAudit audit) {
        if (classifierFile == null) {
            withoutEffect("it needs --classifier", "--heatmaps", "--lungs", "--masks");
            return report(audit.withOptions(labels.options()));
        }
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile)) {
            return report(
                    audit.withOptions(labels.options(this, classifier.labels()))
                            .withClassifier(
                                    classifier,
                                    heatmaps,
                                    lungs == null
                                            ? DatasetAudit.lungsOfDataset()
                                            : DatasetAudit.lungsIn(lungs),
                                    masks == null
                                            ? DatasetAudit.boxesOfDataset()
                                            : DatasetAudit.findingsIn(masks)));
        }
    }

    private int report(DatasetAudit audit) {
        DatasetAudit.Result result;
        try (ConsoleProgress progress = progress()) {
            result = audit.run((done, total) -> progress.show("examining images", done, total));
        }
        print("%s", result.toText().stripTrailing());
        return result.issues(AuditIssue.Severity.PROBLEM).isEmpty() ? ExitCode.OK : ExitCode.PARTLY;
    }
}
