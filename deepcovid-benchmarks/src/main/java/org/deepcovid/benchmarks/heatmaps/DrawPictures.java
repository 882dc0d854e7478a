package org.deepcovid.benchmarks.heatmaps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.EvidenceUnit;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.figure.SummaryFigures;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import org.deepcovid.models.Backbones;
import org.deepcovid.phantoms.Disease;
import org.deepcovid.phantoms.PhantomCounts;
import org.deepcovid.phantoms.PhantomDataset;
import org.deepcovid.phantoms.PhantomGenerator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws the pictures of the documentation, all of them from phantoms. */
@Command(
        name = "DrawPictures",
        mixinStandardHelpOptions = true,
        description = {
            "Draws the pictures of the documentation: phantoms, an explained case, a ROC curve.",
            "Everything in them is synthetic."
        })
public final class DrawPictures implements Callable<Integer> {

    private static final int PIXELS = 840;

    @Parameters(index = "0", paramLabel = "FOLDER", description = "such as docs/images")
    private Path folder;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "phantoms of each class to train on (default ${DEFAULT-VALUE})")
    private int images = 60;

    @Option(names = "--seed", description = "of everything drawn (default ${DEFAULT-VALUE})")
    private long seed = 1;

    private final Supplier<Backbone> backbone;

    DrawPictures(Supplier<Backbone> backbone) {
        this.backbone = backbone;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new DrawPictures(Backbones::bundled)).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        drawPhantoms();
        Path work = Files.createTempDirectory("deepcovid-pictures");
        try {
            fineTuneAndDraw(work);
        } finally {
            delete(work);
        }
        return 0;
    }

    /** One phantom of each disease. */
    private void drawPhantoms() throws IOException {
        PhantomGenerator generator = PhantomGenerator.seeded(seed);
        List<SummaryFigures.Thumbnail> phantoms = new ArrayList<>();
        for (Disease disease : Disease.values()) {
            RasterImage phantom = generator.generate(disease, phantoms.size()).image();
            phantoms.add(new SummaryFigures.Thumbnail(phantom.toBufferedImage(), disease.title()));
        }
        write(SummaryFigures.thumbnails("phantoms", "Synthetic phantoms", phantoms));
    }

    private void fineTuneAndDraw(Path work) throws IOException {
        PhantomDataset phantoms =
                PhantomDataset.write(
                        work.resolve("phantoms"),
                        counts(images),
                        counts(Math.max(1, images / 4)),
                        counts(Math.max(1, images / 2)),
                        seed);
        DatasetSplit split = PatientSplitter.seeded(seed).split(phantoms.images());
        FineTuneConfig config = FineTuneConfig.defaults().withSeed(seed);
        try (FineTuned run = CovidClassifier.fineTune(backbone.get(), split.fitting(), config);
                ExplainedModel model = ExplainedModel.of(run.classifier())) {
            Evaluation evaluation =
                    Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.95), split.test());
            System.out.print(evaluation.toText());
            drawCase(model, surest(split.test(), evaluation.testScores()));
            drawRoc(work.resolve("report"), Report.of("Phantoms", "phantoms", split), evaluation);
        }
    }

    private static PhantomCounts counts(int each) {
        return new PhantomCounts(each, each / 2, each - each / 2);
    }

    /** The COVID phantom with the highest score. */
    private static LabelledImage surest(List<LabelledImage> images, List<ScoredImage> scores) {
        int best = -1;
        for (int i = 0; i < images.size(); i++) {
            boolean better =
                    best < 0
                            || scores.get(i).positiveProbability()
                                    > scores.get(best).positiveProbability();
            if (images.get(i).label().equals(Label.COVID) && better) {
                best = i;
            }
        }
        return images.get(best);
    }

    private void drawCase(ExplainedModel model, LabelledImage image) throws IOException {
        write(
                HeatmapFigure.of(
                                model,
                                "A phantom of the class covid (a synthetic image)",
                                ImageDecoder.decode(image.file()),
                                Label.COVID.name(),
                                List.of(
                                        HeatmapMethod.cam(),
                                        HeatmapMethod.occlusion(32, 16)
                                                .withMeasure(EvidenceUnit.LOGIT_DROP)))
                        .figure());
    }

    private void drawRoc(Path report, Report study, Evaluation evaluation) throws IOException {
        ReportWriter.into(report, IfExists.FAIL).write(study.with("phantoms", evaluation));
        Path figure = folder.resolve("roc.svg");
        Files.copy(
                report.resolve("figures/network-phantoms-roc.svg"),
                figure,
                StandardCopyOption.REPLACE_EXISTING);
        System.out.println(figure);
    }

    private void write(Figure figure) throws IOException {
        System.out.println(
                Files.write(folder.resolve(figure.name() + ".png"), figure.toPng(PIXELS)));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder())
                    .forEach(
                            path -> {
                                try {
                                    Files.delete(path);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(path + " cannot be removed", e);
                                }
                            });
        }
    }
}
