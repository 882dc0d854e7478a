package org.deepcovid.core.data;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * VinDr-CXR (Nguyen et al. 2022, doi:10.1038/s41597-022-01498-w): in {@code annotations/}, {@code
 * image_labels_train.csv} has the findings of an image by each of three radiologists, {@code
 * annotations_train.csv} their boxes; those of {@code test} are a consensus. The images are {@code
 * train/IMAGE.dicom} and {@code test/IMAGE.dicom}.
 */
final class VinDrCxr extends PublishedLayout {

    private static final Set<String> NOT_FINDINGS = Set.of("image_id", "rad_id");

    VinDrCxr(Path root, DatasetOptions options) {
        super(root, options);
    }

    /** What the radiologists say about an image; in a consensus they are one, without a name. */
    private static final class Opinions {
        private final Set<String> radiologists = new HashSet<>();
        private final Map<String, Set<String>> byFinding = new TreeMap<>();
        private final Map<String, List<String>> boxes = new LinkedHashMap<>();

        void add(String radiologist, String finding) {
            byFinding.computeIfAbsent(finding, unseen -> new HashSet<>()).add(radiologist);
        }

        /** Findings that more than half of the radiologists name. */
        List<String> ofMajority() {
            return byFinding.entrySet().stream()
                    .filter(entry -> 2 * entry.getValue().size() > radiologists.size())
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    static boolean matches(Path root) {
        Path folder = root.resolve("annotations");
        return hasColumns(folder.resolve("image_labels_train.csv"), "image_id", "rad_id")
                || hasColumns(folder.resolve("annotations_train.csv"), "image_id", "rad_id");
    }

    @Override
    String name() {
        return "VinDr-CXR";
    }

    @Override
    String licence() {
        return "credentialed access; see the dataset's page at PhysioNet";
    }

    @Override
    List<String> rules() {
        return List.of(
                "majority: a finding is present if more than half of an image's radiologists name"
                        + " it; without such a finding the image is left out",
                "single-finding: an image with several findings is left out",
                "published-parts: train is train, test is test",
                "boxes-of-label: the column boxes has the boxes of the label, of all radiologists",
                BOXES_RULE,
                PRESENT);
    }

    @Override
    void readAll() throws IOException {
        for (SplitPart part : new SplitPart[] {SplitPart.TRAIN, SplitPart.TEST}) {
            Map<String, Opinions> images = new LinkedHashMap<>();
            read("image_labels_", part, row -> findings(row, opinions(images, row)));
            read("annotations_", part, row -> box(row, opinions(images, row)));
            images.forEach((image, opinions) -> add(image, opinions, part));
        }
    }

    private void read(String list, SplitPart part, Consumer<Row> action) throws IOException {
        Path csv = root.resolve("annotations").resolve(list + part.folderName() + ".csv");
        if (Files.isRegularFile(csv)) {
            rows(csv, action);
        }
    }

    private static Opinions opinions(Map<String, Opinions> images, Row row) {
        Opinions opinions = images.computeIfAbsent(row.get("image_id"), id -> new Opinions());
        opinions.radiologists.add(row.get("rad_id"));
        return opinions;
    }

    private static void findings(Row row, Opinions opinions) {
        row.cells()
                .toMap()
                .forEach(
                        (column, cell) -> {
                            if (!NOT_FINDINGS.contains(column) && cell.equals("1")) {
                                opinions.add(row.get("rad_id"), column);
                            }
                        });
    }

    private static void box(Row row, Opinions opinions) {
        String finding = row.get("class_name");
        opinions.add(row.get("rad_id"), finding);
        if (!row.get("x_min").isEmpty()) {
            BigDecimal x = new BigDecimal(row.get("x_min"));
            BigDecimal y = new BigDecimal(row.get("y_min"));
            opinions.boxes
                    .computeIfAbsent(finding, unseen -> new ArrayList<>())
                    .add(
                            box(
                                    x.toPlainString(),
                                    y.toPlainString(),
                                    new BigDecimal(row.get("x_max")).subtract(x).toPlainString(),
                                    new BigDecimal(row.get("y_max")).subtract(y).toPlainString()));
        }
    }

    private void add(String image, Opinions opinions, SplitPart part) {
        Path file = root.resolve(part.folderName()).resolve(image + ".dicom");
        List<String> findings = opinions.ofMajority();
        if (findings.isEmpty()) {
            leaveOut(
                    file,
                    "no finding of most radiologists: "
                            + String.join("; ", opinions.byFinding.keySet()));
        } else if (findings.size() > 1) {
            leaveOut(file, "several findings: " + String.join("; ", findings));
        } else {
            String finding = findings.get(0);
            add(
                    file,
                    finding,
                    "",
                    Optional.of(part),
                    attributes(BOXES, boxes(opinions.boxes.getOrDefault(finding, List.of()))));
        }
    }
}
