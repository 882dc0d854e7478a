package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.provenance.WritingTime;
import org.deepcovid.eval.figure.Figure;

/**
 * Writes reports into one folder: {@value #HTML}, which needs no other file; {@value #JSON};
 * {@value #CSV}; {@value #EPOCHS}; {@code model-card-NETWORK.md}; and {@code figures/} with every
 * figure as SVG and PNG, and the heatmaps of the images that the page shows as PNG.
 *
 * <p>A writer may write several times, each time with more networks: each file is replaced
 * atomically, the HTML file last. Not thread-safe.
 */
public final class ReportWriter {

    /** Name of the page. */
    public static final String HTML = "report.html";

    /** Name of the file for programs. */
    public static final String JSON = "report.json";

    /** Name of the file with every score. */
    public static final String CSV = "scores.csv";

    /** Name of the file with the losses of every epoch. */
    public static final String EPOCHS = "epochs.csv";

    static final String FIGURES = "figures";

    private final Path folder;
    private final boolean patients;

    private ReportWriter(Path folder, boolean patients) {
        this.folder = folder;
        this.patients = patients;
    }

    /** The same, with a column of the patients' ids in {@value #CSV}. */
    public ReportWriter withPatients() {
        return new ReportWriter(folder, true);
    }

    /**
     * A writer into a folder, which is created if absent and checked at once, before long work.
     *
     * @param folder to write into
     * @param ifExists {@link IfExists#FAIL} accepts an absent or empty folder only; {@link
     *     IfExists#REPLACE} replaces files with the names of a report's files and keeps all others
     * @return the writer
     * @throws ReportException if the folder may not be used, cannot be created or is not writable
     */
    public static ReportWriter into(Path folder, IfExists ifExists) {
        requireNonNull(ifExists, "ifExists is null");
        try {
            if (Files.exists(folder) && !Files.isDirectory(folder)) {
                throw new IOException("it is a file; name a folder");
            }
            Files.createDirectories(folder);
            if (ifExists == IfExists.FAIL && !isEmpty(folder)) {
                throw new FileAlreadyExistsException(
                        folder.toString(),
                        null,
                        "the folder is not empty; choose another or allow replacement");
            }
            AtomicFile.checkWritable(folder.resolve(HTML), IfExists.REPLACE);
        } catch (FileAlreadyExistsException e) {
            throw refusal(folder, e.getReason(), e);
        } catch (IOException e) {
            throw refusal(folder, e.getMessage(), e);
        }
        return new ReportWriter(folder, false);
    }

    private static ReportException refusal(Path folder, String reason, IOException cause) {
        return new ReportException(folder, "a report cannot be written there: " + reason, cause);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /**
     * Writes everything; files that this writer wrote before are replaced.
     *
     * @param report with at least one network
     * @return the page
     * @throws IllegalArgumentException if the report has no network
     * @throws IllegalStateException if Java finds no fonts for the figures
     * @throws ReportException if a file cannot be written; no partial file remains
     */
    public Path write(Report report) {
        if (report.networks().isEmpty()) {
            throw new IllegalArgumentException(
                    "the report has 0 networks; expected at least one (Report.with)");
        }
        Path figureFolder = folder.resolve(FIGURES);
        makeFolder(figureFolder);
        Instant now = WritingTime.now();
        ReportModel model = ReportModel.of(report);
        ReportFigures figures = ReportFigures.of(model);
        Map<Path, byte[]> files = new LinkedHashMap<>();
        for (Figure figure : figures.all()) {
            files.put(figureFolder.resolve(figure.name() + ".svg"), bytes(figure.toSvg()));
            files.put(figureFolder.resolve(figure.name() + ".png"), figure.toPng());
        }
        files.put(folder.resolve(CSV), bytes(ScoresCsv.of(report, patients)));
        files.put(folder.resolve(EPOCHS), bytes(EpochsCsv.of(report)));
        files.put(folder.resolve(JSON), bytes(JsonReport.of(model, now)));
        for (EvaluatedNetwork network : report.networks()) {
            Examples.figures(network)
                    .forEach((name, png) -> files.put(figureFolder.resolve(name + ".png"), png));
            files.put(
                    folder.resolve("model-card-" + network.slug() + ".md"),
                    bytes(ModelCard.of(model, network)));
        }
        files.put(folder.resolve(HTML), bytes(HtmlReport.of(model, figures, now)));
        files.forEach(ReportWriter::write);
        return folder.resolve(HTML);
    }

    private static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ReportException(folder, "the folder was not created: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Path file, byte[] content) {
        try {
            AtomicFile.write(file, IfExists.REPLACE, out -> out.write(content));
        } catch (IOException e) {
            throw new ReportException(file, "it was not written: " + e.getMessage(), e);
        }
    }
}
