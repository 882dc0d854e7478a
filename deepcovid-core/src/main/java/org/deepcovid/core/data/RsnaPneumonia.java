package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * RSNA Pneumonia Detection Challenge (Shih et al. 2019, doi:10.1148/ryai.2019180041): {@code
 * stage_2_train_labels.csv} has a line for each box, {@code stage_2_detailed_class_info.csv} the
 * detailed class; the images are {@code stage_2_train_images/PATIENT.dcm}.
 */
final class RsnaPneumonia extends PublishedLayout {

    private static final String LABELS = "stage_2_train_labels.csv";
    private static final String CLASSES = "stage_2_detailed_class_info.csv";
    private static final String IMAGES = "stage_2_train_images";

    RsnaPneumonia(Path root, DatasetOptions options) {
        super(root, options);
    }

    static boolean matches(Path root) {
        return hasColumns(root.resolve(LABELS), "patientid", "x", "width", "target");
    }

    @Override
    String name() {
        return "RSNA Pneumonia Detection Challenge";
    }

    @Override
    String licence() {
        return "any use, with the attribution of RSNA's terms of use; see the dataset's page at"
                + " rsna.org";
    }

    @Override
    List<String> rules() {
        return List.of(
                "target: Target 1 is Lung Opacity, 0 is No Lung Opacity; the detailed class is the"
                        + " column finding",
                "labelled-only: stage_2_test_images has no labels and is not read",
                BOXES_RULE,
                PRESENT);
    }

    @Override
    void readAll() throws IOException {
        Map<String, String> classes = new HashMap<>();
        if (Files.isRegularFile(root.resolve(CLASSES))) {
            rows(root.resolve(CLASSES), row -> classes.put(row.get("patientId"), row.get("class")));
        }
        Map<String, String> targets = new LinkedHashMap<>();
        Map<String, List<String>> boxes = new HashMap<>();
        rows(
                root.resolve(LABELS),
                row -> {
                    String patient = row.get("patientId");
                    targets.put(patient, row.get("Target"));
                    if (!row.get("x").isEmpty()) {
                        boxes.computeIfAbsent(patient, unseen -> new ArrayList<>())
                                .add(
                                        box(
                                                row.get("x"),
                                                row.get("y"),
                                                row.get("width"),
                                                row.get("height")));
                    }
                });
        targets.forEach(
                (patient, target) ->
                        add(
                                root.resolve(IMAGES).resolve(patient + ".dcm"),
                                target(patient, target),
                                patient,
                                Optional.empty(),
                                attributes(
                                        "finding",
                                        classes.getOrDefault(patient, ""),
                                        BOXES,
                                        boxes(boxes.getOrDefault(patient, List.of())))));
    }

    private static String target(String patient, String target) {
        return switch (target) {
            case "0" -> "No Lung Opacity";
            case "1" -> "Lung Opacity";
            default ->
                    throw new IllegalArgumentException(
                            "Target of %s is '%s'; expected 0 or 1".formatted(patient, target));
        };
    }
}
