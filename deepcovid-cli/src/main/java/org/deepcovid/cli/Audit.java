package org.deepcovid.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSurvey;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.EvidenceAudit;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapChecks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for what makes results on a dataset misleading. */
@Command(
        name = "audit",
        header = "Looks for what would make results on a dataset misleading.",
        description =
                "Tells unreadable files, equal files in two parts or with two labels, patients in"
                        + " two parts, tiny images, and whether source, size, storage or brightness"
                        + " give the class away. With a classifier: whether its evidence lies"
                        + " outside the lungs or at the border.",
        footer = {
            "",
            "Examples:",
            "  deepcovid audit radiographs/",
            "  deepcovid audit manifest.csv --classifier my.deepcovid --explain 200",
            "",
            "Exit codes: 0 nothing that must be mended (there may be hints); 1 problems found."
        })
final class Audit extends Subcommand {

    private static final double FRAME = 0.1;
    private static final double MUCH = 1.5;
    private static final int CHUNK = 200;

    @Parameters(index = "0", paramLabel = "DATA", description = "folder or CSV manifest")
    private Path data;

    @Option(
            names = "--classifier",
            paramLabel = "FILE",
            description = "also ask where this saved classifier's evidence lies")
    private Path classifierFile;

    @Option(
            names = "--explain",
            paramLabel = "N",
            description = "most images to ask it about (default ${DEFAULT-VALUE})")
    private int explain = 50;

    @Option(
            names = "--lungs",
            paramLabel = "FOLDER",
            description = "masks of lung fields, under the images' relative names; white is lung")
    private Path lungs;

    @Option(
            names = "--smallest",
            paramLabel = "PIXELS",
            description = "tell of images with a shorter side (default ${DEFAULT-VALUE})")
    private int smallest = 224;

    @Override
    public Integer call() {
        if (!Files.exists(data)) {
            throw new IllegalArgumentException(
                    "there is no file or folder '%s'; expected a folder with covid/ and non/, or a CSV manifest"
                            .formatted(data));
        }
        if (explain < 1) {
            throw usage("--explain is %d; expected at least 1", explain);
        }
        if (smallest < 1) {
            throw usage("--smallest is %d; expected at least 1", smallest);
        }
        if (lungs != null && !Files.isDirectory(lungs)) {
            throw usage("--lungs is '%s'; expected a folder of masks", lungs);
        }
        if (classifierFile != null) {
            CovidClassifier.load(classifierFile).close(); // now, not after all images
        }
        List<Finding> findings = new ArrayList<>();
        DatasetSurvey survey = XrayDataset.survey(data);
        survey.problems().forEach(text -> findings.add(new Finding(Finding.Weight.PROBLEM, text)));
        List<ImageFacts> facts = look(survey.dataset().images(), findings);
        counts(survey.dataset().images());
        findings.addAll(DatasetChecks.of(facts, smallest));
        shortcuts(facts, findings);
        if (classifierFile != null) {
            evidence(facts.stream().map(ImageFacts::image).toList(), findings);
        }
        return report(findings);
    }

    private List<ImageFacts> look(List<LabelledImage> images, List<Finding> findings) {
        List<ImageFacts> facts = new ArrayList<>();
        try (ConsoleProgress progress = progress()) {
            for (int from = 0; from < images.size(); from += CHUNK) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("%d images were looked at".formatted(from));
                }
                int to = Math.min(images.size(), from + CHUNK);
                images.subList(from, to).parallelStream().map(ImageFacts::at).toList().stream()
                        .forEach(
                                look -> {
                                    look.facts().ifPresent(facts::add);
                                    look.problem()
                                            .ifPresent(
                                                    why ->
                                                            findings.add(
                                                                    Finding.problem(
                                                                            "unreadable: %s: %s",
                                                                            look.image().id(),
                                                                            why)));
                                });
                progress.show("looking at images", to, images.size());
            }
        }
        return facts;
    }

    private void counts(List<LabelledImage> images) {
        Map<String, int[]> parts = new LinkedHashMap<>();
        for (SplitPart part : SplitPart.values()) {
            parts.put(part.folderName(), new int[2]);
        }
        parts.put("not marked", new int[2]);
        for (LabelledImage image : images) {
            parts.get(image.part().map(SplitPart::folderName).orElse("not marked"))[
                    LabelSet.COVID.indexOf(image.label())]++;
        }
        print("%-28s %8s %8s", "images", "covid", "non");
        parts.forEach(
                (part, of) -> {
                    if (of[0] + of[1] > 0) {
                        print("  %-26s %8d %8d", part, of[1], of[0]);
                    }
                });
    }

    private void shortcuts(List<ImageFacts> facts, List<Finding> findings) {
        int covid = Datasets.covid(facts.stream().map(ImageFacts::image).toList());
        if (covid == 0 || covid == facts.size()) {
            return; // one class cannot be told apart from nothing; the layout's problems say so
        }
        Shortcuts shortcuts = Shortcuts.of(facts);
        print("");
        shortcuts.lines().forEach(line -> print("%s", line));
        findings.addAll(shortcuts.findings());
    }

    private void evidence(List<LabelledImage> images, List<Finding> findings) {
        List<LabelledImage> chosen = spread(images);
        remark("asking for the evidence in %d covid images", chosen.size());
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile);
                ExplainedModel model = ExplainedModel.of(classifier)) {
            EvidenceAudit audit =
                    EvidenceAudit.run(
                            model, new Cam(), Label.COVID.name(), chosen, this::lungs, FRAME);
            print("%n%s", audit.toText().stripTrailing());
            double area = HeatmapChecks.areaOfBorder(FRAME);
            if (audit.meanInBorder().orElse(0) > MUCH * area) {
                findings.add(
                        Finding.hint(
                                "the classifier has %.0f %% of its evidence in the outer tenth,"
                                        + " which is %.0f %% of the area",
                                100 * audit.meanInBorder().orElse(0), 100 * area));
            }
            double outside = audit.meanOutsideLungs().orElse(0);
            if (outside > 0.5) {
                findings.add(
                        Finding.hint(
                                "the classifier has %.0f %% of its evidence outside the lungs",
                                100 * outside));
            }
        }
    }

    /** COVID images at even distances in the list. */
    private List<LabelledImage> spread(List<LabelledImage> images) {
        List<LabelledImage> covid =
                images.stream().filter(image -> image.label().equals(Label.COVID)).toList();
        int count = Math.min(explain, covid.size());
        List<LabelledImage> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(covid.get((int) ((long) i * covid.size() / count)));
        }
        return chosen;
    }

    private Optional<PixelMask> lungs(LabelledImage image) {
        if (lungs == null) {
            return Optional.empty();
        }
        return Optional.of(PixelMask.of(ImageDecoder.decode(lungs.resolve(image.id()))));
    }

    private int report(List<Finding> findings) {
        long problems = findings.stream().filter(f -> f.weight() == Finding.Weight.PROBLEM).count();
        print("");
        for (Finding.Weight weight : Finding.Weight.values()) {
            findings.stream()
                    .filter(finding -> finding.weight() == weight)
                    .forEach(
                            f ->
                                    print(
                                            "%-8s %s",
                                            weight == Finding.Weight.PROBLEM ? "PROBLEM" : "hint",
                                            f.text()));
        }
        print("%d problems, %d hints", problems, findings.size() - problems);
        return problems > 0 ? ExitCode.PARTLY : ExitCode.OK;
    }
}
