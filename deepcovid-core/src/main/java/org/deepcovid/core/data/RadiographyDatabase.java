package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * COVID-19 Radiography Database (Chowdhury et al. 2020, doi:10.1109/ACCESS.2020.3010287): a folder
 * for each class, with {@code images/} and {@code masks/}.
 */
final class RadiographyDatabase extends PublishedLayout {

    RadiographyDatabase(Path root, DatasetOptions options) {
        super(root, options);
    }

    static boolean matches(Path root) throws IOException {
        return FolderLayout.folders(root).stream()
                .filter(folder -> SplitPart.parse(FolderLayout.name(folder)).isEmpty())
                .anyMatch(
                        folder ->
                                Files.isDirectory(folder.resolve("images"))
                                        && Files.isDirectory(folder.resolve("masks")));
    }

    @Override
    String name() {
        return "COVID-19 Radiography Database";
    }

    @Override
    String licence() {
        return "by source, see README.md.txt of the database";
    }

    @Override
    List<String> rules() {
        return List.of(
                "no-patients: the database names no patients, so that each image is its own",
                "lung-masks: masks/ is the column lung_mask, not images; .xlsx files are not read");
    }

    @Override
    void readAll() throws IOException {
        for (Path folder : FolderLayout.folders(root)) {
            Path masks = folder.resolve("masks");
            for (Path file : files(folder.resolve("images"))) {
                boolean masked = Files.exists(masks.resolve(FolderLayout.name(file)));
                add(
                        file,
                        FolderLayout.name(folder),
                        "",
                        Optional.empty(),
                        attributes(
                                LabelledImage.LUNG_MASK,
                                masked ? "../masks/" + FolderLayout.name(file) : ""));
            }
            for (Path file : files(folder)) {
                if (FolderFiles.hasImageEnding(file)) {
                    leaveOut(file, "outside images/");
                }
            }
        }
    }
}
