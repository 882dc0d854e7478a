package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepcovid.core.data.DatasetOptions.Uncertainty;

/**
 * CheXpert (Irvin et al. 2019, arXiv:1901.07031): {@code train.csv} and {@code valid.csv} with a
 * column for each of 14 findings, which is 1 (present), 0 (absent), -1 (uncertain) or blank (not
 * mentioned).
 */
final class CheXpert extends PublishedLayout {

    static final String NO_FINDING = "No Finding";
    static final List<String> FINDINGS =
            List.of(
                    ("No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,"
                                    + "Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,"
                                    + "Pleural Effusion,Pleural Other,Fracture,Support Devices")
                            .split(","));

    private static final List<String> LISTS = List.of("train.csv", "valid.csv");

    private static final Map<String, String> SEX = Map.of("Male", "M", "Female", "F");

    /** After the archive's folder, which may have been renamed. */
    private static final Pattern PATH =
            Pattern.compile("(?:.*/)?((?:train|valid)/(patient\\d+)/.*)");

    private final Uncertainty uncertainty;

    CheXpert(Path root, DatasetOptions options) {
        super(root, options);
        this.uncertainty = options.uncertainty();
    }

    static boolean matches(Path root) {
        return LISTS.stream()
                .anyMatch(
                        name -> hasColumns(root.resolve(name), "path", "frontal/lateral", "edema"));
    }

    @Override
    String name() {
        return "CheXpert";
    }

    @Override
    String licence() {
        return "Stanford University Dataset Research Use Agreement";
    }

    @Override
    List<String> rules() {
        String policy =
                switch (uncertainty) {
                    case IGNORE -> "U-Ignore: an image with an uncertain finding is left out";
                    case ZEROS -> "U-Zeros: an uncertain finding counts as absent";
                    case ONES -> "U-Ones: an uncertain finding counts as present";
                };
        return List.of(
                policy,
                "single-finding: an image with none or several of the 14 findings is left out",
                "frontal-only: lateral views are left out",
                "own-parts: train and valid are one dataset, since valid lacks most findings",
                PRESENT);
    }

    @Override
    void readAll() throws IOException {
        for (String list : LISTS) {
            if (Files.isRegularFile(root.resolve(list))) {
                rows(root.resolve(list), this::add);
            }
        }
    }

    private void add(Row row) {
        Matcher path = PATH.matcher(row.get("Path"));
        if (!path.matches()) {
            problems.add(
                    "Path '%s'; expected .../train/patientN/... or .../valid/patientN/..."
                            .formatted(row.get("Path")));
            return;
        }
        Path file = root.resolve(path.group(1));
        List<String> uncertain = marked(row, -1);
        List<String> present = marked(row, 1);
        if (uncertainty == Uncertainty.ONES) {
            present.addAll(uncertain);
        }
        if (!row.get("Frontal/Lateral").equalsIgnoreCase("Frontal")) {
            leaveOut(file, "not frontal: " + row.get("Frontal/Lateral"));
        } else if (uncertainty == Uncertainty.IGNORE && !uncertain.isEmpty()) {
            leaveOut(file, "uncertain findings: " + String.join("; ", uncertain));
        } else if (present.isEmpty()) {
            leaveOut(file, "no finding is marked, nor their absence");
        } else if (present.size() > 1) {
            leaveOut(file, "several findings: " + String.join("; ", present));
        } else {
            add(
                    file,
                    present.get(0),
                    path.group(2),
                    Optional.empty(),
                    attributes(
                            "view", row.get("AP/PA"),
                            "sex", SEX.getOrDefault(row.get("Sex"), ""),
                            "age", row.get("Age")));
        }
    }

    private static List<String> marked(Row row, double value) {
        List<String> marked = new ArrayList<>();
        for (String finding : FINDINGS) {
            String cell = row.get(finding);
            if (!cell.isEmpty() && Double.parseDouble(cell) == value) {
                marked.add(finding);
            }
        }
        return marked;
    }
}
