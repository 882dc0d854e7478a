package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * SIIM-FISABIO-RSNA COVID-19 Detection (Lakhani et al. 2023, doi:10.1007/s10278-022-00706-8):
 * {@code train_study_level.csv} marks one appearance per study, {@code train_image_level.csv} has
 * boxes; the images are {@code train/STUDY/SERIES/IMAGE.dcm}.
 */
final class SiimCovid extends PublishedLayout {

    private static final String STUDIES = "train_study_level.csv";
    private static final String IMAGES = "train_image_level.csv";
    private static final List<String> APPEARANCES =
            List.of(
                    "Negative for Pneumonia",
                    "Typical Appearance",
                    "Indeterminate Appearance",
                    "Atypical Appearance");
    private static final String STUDY = "study";
    private static final int DEPTH = 3;

    /** A box such as {@code {'x': 789.2, 'y': 582.4, 'width': 1026.6, 'height': 1917.3}}. */
    private static final Pattern BOX =
            Pattern.compile(
                    "'x': ([\\d.]+), 'y': ([\\d.]+), 'width': ([\\d.]+), 'height': ([\\d.]+)");

    SiimCovid(Path root, DatasetOptions options) {
        super(root, options);
    }

    static boolean matches(Path root) {
        return hasColumns(root.resolve(STUDIES), "id", "typical appearance")
                && hasColumns(root.resolve(IMAGES), "id", "studyinstanceuid");
    }

    @Override
    String name() {
        return "SIIM-FISABIO-RSNA COVID-19";
    }

    @Override
    String licence() {
        return "see the dataset's page at Kaggle";
    }

    @Override
    List<String> rules() {
        return List.of(
                "study-label: the appearance that is marked for a study is the label of its images",
                "study-patient: where a header names no patient, images of a study are one patient",
                "labelled-only: test has no labels and is not read",
                BOXES_RULE,
                PRESENT);
    }

    @Override
    void readAll() throws IOException {
        Map<String, String> labels = new HashMap<>();
        rows(
                root.resolve(STUDIES),
                row ->
                        labels.put(
                                row.get("id").replaceFirst("_study$", ""),
                                String.join(
                                        "; ",
                                        APPEARANCES.stream()
                                                .filter(name -> row.get(name).equals("1"))
                                                .toList())));
        Map<String, Path> files = new HashMap<>();
        Path train = root.resolve("train");
        if (Files.isDirectory(train)) {
            try (Stream<Path> found = Files.walk(train, DEPTH)) {
                found.filter(file -> FolderLayout.name(file).endsWith(".dcm"))
                        .forEach(file -> files.put(FolderLayout.name(file), file));
            }
        }
        rows(root.resolve(IMAGES), row -> add(row, labels, files));
    }

    private void add(Row row, Map<String, String> labels, Map<String, Path> files) {
        String name = row.get("id").replaceFirst("_image$", "") + ".dcm";
        String study = row.get("StudyInstanceUID");
        Path absent = root.resolve("train").resolve(study).resolve(name);
        Path file = files.getOrDefault(name, absent);
        String label = labels.getOrDefault(study, "");
        if (label.isEmpty()) {
            leaveOut(file, "its study has no label: " + study);
            return;
        }
        List<String> boxes = new ArrayList<>();
        Matcher box = BOX.matcher(row.get("boxes"));
        while (box.find()) {
            boxes.add(box(box.group(1), box.group(2), box.group(3), box.group(4)));
        }
        add(file, label, "", Optional.empty(), attributes(STUDY, study, BOXES, boxes(boxes)));
    }

    @Override
    String otherwisePatient(LabelledImage image) {
        return image.attributes().get(STUDY);
    }
}
