package org.deepcovid.examples.docs;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SyntheticRadiographs;

/**
 * What a reader has at hand, in small: the folder that the pages' code runs in, filled anew for
 * each example.
 *
 * <ul>
 *   <li>{@code radiographs}: pictures of some pixels in {@code train|val|test/{covid,non}}
 *   <li>{@code radiograph.png}: one of them
 *   <li>{@code squeezenet.h5}: SqueezeNet with random weights
 *   <li>asked for by {@code with}: {@code squeezenet.deepcovid}, a classifier on these weights
 *   <li>{@code ../shared}: files with the names that the pages use, again small and random
 *   <li>files that earlier blocks of the page hold, and the pictures that those of them that are
 *       CSV manifests list
 * </ul>
 */
final class ReadersFolder {

    private static final String CLASSIFIER = "squeezenet.deepcovid";
    private static final Pattern IMAGE = Pattern.compile("[\\w./-]+\\.(?:png|jpg)");

    private final Path folder;
    private final Path template;

    private ReadersFolder(Path folder) {
        this.folder = folder;
        this.template = folder.resolveSibling("template");
    }

    /**
     * Makes what is copied later.
     *
     * @param folder the current working folder
     * @param shared files below {@code ../shared} that examples use
     */
    static ReadersFolder prepare(Path folder, List<String> shared) throws IOException {
        ReadersFolder made = new ReadersFolder(folder);
        SyntheticRadiographs.writeParts(made.template.resolve("radiographs"), 8, 4, 5, 1);
        draw(made.template.resolve("radiograph.png"), 7);
        try (Backbone backbone = Backbones.untrained("squeezenet", 1)) {
            Backbones.writeKerasWeights(backbone, made.template.resolve("squeezenet.h5"));
        }
        for (String name : shared) {
            share(folder.resolveSibling("shared").resolve(name));
        }
        return made;
    }

    private static void share(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        String name = file.getFileName().toString();
        Files.createDirectories(file.getParent());
        if (name.endsWith(".h5") || name.endsWith(".safetensors")) {
            writeWeights(file, name);
        } else if (IMAGE.matcher(name).matches()) {
            draw(file, 8);
        } else {
            SyntheticRadiographs.writeParts(file, 8, 4, 5, 2);
        }
    }

    private static void writeWeights(Path file, String name) throws IOException {
        String network =
                Backbones.names().stream().filter(name::startsWith).findFirst().orElseThrow();
        try (Backbone backbone = Backbones.untrained(network, 1)) {
            if (name.endsWith(".h5")) {
                Backbones.writeKerasWeights(backbone, file);
            } else {
                Backbones.writeSafetensors(backbone, file);
            }
        }
    }

    private static void draw(Path file, long seed) throws IOException {
        BufferedImage image = SyntheticRadiographs.draw(CovidLabel.COVID, seed);
        Files.createDirectories(file.getParent());
        String format = file.toString().endsWith(".jpg") ? "jpg" : "png";
        if (!ImageIO.write(image, format, file.toFile())) {
            throw new IOException(file + " cannot be drawn");
        }
    }

    /** Fills the folder anew. */
    void refill(List<String> with, Map<String, String> files) throws IOException {
        clear();
        copyTemplate();
        for (String name : with) {
            if (!name.equals(CLASSIFIER)) {
                throw new IllegalArgumentException(
                        "'with %s': the reader's folder knows %s only".formatted(name, CLASSIFIER));
            }
            try (FineTuned run = Given.run()) {
                run.classifier(Given.threshold()).save(folder.resolve(name), IfExists.FAIL);
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            if (file.getKey().endsWith(".csv")) {
                drawListed(path, file.getValue());
            }
        }
    }

    private static void drawListed(Path manifest, String csv) throws IOException {
        List<String> listed =
                IMAGE.matcher(csv).results().map(match -> match.group()).distinct().toList();
        for (int i = 0; i < listed.size(); i++) {
            draw(manifest.resolveSibling(listed.get(i)), 100 + i);
        }
    }

    private void clear() throws IOException {
        try (Stream<Path> old = Files.walk(folder)) {
            for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder)) {
                    Files.delete(path);
                }
            }
        }
    }

    private void copyTemplate() throws IOException {
        try (Stream<Path> all = Files.walk(template)) {
            for (Path path : all.toList()) {
                Path copy = folder.resolve(template.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }
}
