package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NIH ChestX-ray14 (Wang et al. 2017, doi:10.1109/CVPR.2017.369): {@code Data_Entry_2017.csv},
 * {@code train_val_list.txt} and {@code test_list.txt}; the images are in {@code images/} or in
 * {@code images_0XX/images/}.
 */
final class NihChestXray14 extends PublishedLayout {

    private static final List<String> ENTRIES =
            List.of("Data_Entry_2017.csv", "Data_Entry_2017_v2020.csv");
    private static final Map<String, SplitPart> LISTS =
            Map.of("train_val_list.txt", SplitPart.TRAIN, "test_list.txt", SplitPart.TEST);

    NihChestXray14(Path root, DatasetOptions options) {
        super(root, options);
    }

    static boolean matches(Path root) {
        return ENTRIES.stream()
                .anyMatch(name -> hasColumns(root.resolve(name), "image index", "finding labels"));
    }

    @Override
    String name() {
        return "NIH ChestX-ray14";
    }

    @Override
    String licence() {
        return "free to use with attribution to the NIH Clinical Center";
    }

    @Override
    List<String> rules() {
        return List.of(
                "single-finding: an image with several findings is left out",
                "published-parts: train_val_list.txt is train, test_list.txt is test; an image in"
                        + " neither is left out where there are lists",
                PRESENT,
                PatientParts.RULE);
    }

    @Override
    void readAll() throws IOException {
        Map<String, Path> files = new HashMap<>();
        for (Path folder : FolderLayout.folders(root)) {
            if (FolderLayout.name(folder).matches("images(_\\d+)?")) {
                files(folder).forEach(file -> files.put(FolderLayout.name(file), file));
                files(folder.resolve("images"))
                        .forEach(file -> files.put(FolderLayout.name(file), file));
            }
        }
        Map<String, SplitPart> parts = new HashMap<>();
        for (Map.Entry<String, SplitPart> list : LISTS.entrySet()) {
            Path file = root.resolve(list.getKey());
            if (Files.isRegularFile(file)) {
                try (BufferedReader lines = reader(file)) {
                    lines.lines().forEach(name -> parts.put(name.strip(), list.getValue()));
                }
            }
        }
        Path entries =
                ENTRIES.stream()
                        .map(root::resolve)
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .orElseThrow();
        rows(entries, row -> add(row, files, parts));
    }

    private void add(Row row, Map<String, Path> files, Map<String, SplitPart> parts) {
        String name = row.get("Image Index");
        String findings = row.get("Finding Labels");
        Path file = files.getOrDefault(name, root.resolve("images").resolve(name));
        Optional<SplitPart> part = Optional.ofNullable(parts.get(name));
        if (findings.contains("|")) {
            leaveOut(file, "several findings: " + findings);
        } else if (part.isEmpty() && !parts.isEmpty()) {
            leaveOut(file, "in no list of the parts");
        } else {
            add(
                    file,
                    findings,
                    row.get("Patient ID"),
                    part,
                    attributes(
                            "view", row.get("View Position"),
                            "sex", row.get("Patient Gender", "Patient Sex"),
                            "age", row.get("Patient Age").replaceFirst("^0*(\\d+)Y$", "$1")));
        }
    }
}
