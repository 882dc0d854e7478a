package org.deepcovid.phantoms;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;

/**
 * Phantoms as files: {@code train|val|test/{covid,non}/*.png} and a {@code manifest.csv} in one
 * folder; masks of the same names below {@code lungs/} and {@code opacities/} in a folder beside
 * it, whose name ends in {@code -masks}.
 *
 * @param root folder of images and manifest
 * @param images what the manifest lists
 */
public record PhantomDataset(Path root, XrayDataset images) {

    private static final String MANIFEST = "manifest.csv";
    private static final Map<String, String> IMAGE_TEXTS =
            Map.of(
                    "Description",
                    "Synthetic phantom of a chest radiograph. It shows no person and no disease.");
    private static final Map<String, String> MASK_TEXTS =
            Map.of("Description", "Mask of a synthetic phantom of a chest radiograph.");

    private record Item(SplitPart part, Disease disease, int number) {

        String patient() {
            return "phantom-%06d".formatted(number);
        }

        String file() {
            return "%s/%s/%s.png".formatted(part.folderName(), disease.label().name(), patient());
        }

        String manifestLine() {
            return String.join(
                    ",",
                    file(),
                    disease.label().name(),
                    patient(),
                    part.folderName(),
                    "synthetic",
                    disease.title());
        }
    }

    public PhantomDataset {
        requireNonNull(root, "root is null");
        requireNonNull(images, "images is null");
    }

    /**
     * Draws and writes a dataset of 320 x 320 pixel images, each of another patient.
     *
     * @param folder created if missing; must be empty, like the folder of its masks
     * @return the same files for the same arguments
     * @throws IllegalArgumentException if a folder is not empty
     * @throws UncheckedIOException if something cannot be written
     */
    public static PhantomDataset write(
            Path folder,
            PhantomCounts train,
            PhantomCounts validation,
            PhantomCounts test,
            long seed) {
        Map<SplitPart, PhantomCounts> counts = new EnumMap<>(SplitPart.class);
        counts.put(SplitPart.TRAIN, train);
        counts.put(SplitPart.VALIDATION, validation);
        counts.put(SplitPart.TEST, test);
        return write(folder, counts, PhantomGenerator.seeded(seed));
    }

    /**
     * Draws and writes a dataset with a given generator, such as one of another image size.
     *
     * @param folder created if missing; must be empty, like the folder of its masks
     * @param counts of each part; parts left out stay empty
     * @throws IllegalArgumentException if a folder is not empty
     * @throws UncheckedIOException if something cannot be written
     * @throws CancellationException if the calling thread is interrupted; some images may exist
     */
    public static PhantomDataset write(
            Path folder, Map<SplitPart, PhantomCounts> counts, PhantomGenerator generator) {
        requireEmpty(folder);
        requireEmpty(masks(folder));
        List<Item> items = items(counts);
        for (Item item : items) {
            createParents(folder, item);
        }
        Thread caller = Thread.currentThread();
        items.parallelStream()
                .filter(item -> !caller.isInterrupted())
                .forEach(item -> write(folder, item, generator));
        if (caller.isInterrupted()) {
            throw new CancellationException("interrupted while drawing phantoms into " + folder);
        }
        writeManifest(folder, items);
        return open(folder);
    }

    /**
     * Reads a dataset that {@link #write} made.
     *
     * @throws org.deepcovid.core.DatasetException naming every problem of the manifest
     */
    public static PhantomDataset open(Path folder) {
        return new PhantomDataset(folder, XrayDataset.readManifest(folder.resolve(MANIFEST)));
    }

    private static void requireEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new IllegalArgumentException(
                        "%s is not empty; choose a new folder for the phantoms".formatted(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot list " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    private static List<Item> items(Map<SplitPart, PhantomCounts> counts) {
        List<Item> items = new ArrayList<>();
        for (SplitPart part : SplitPart.values()) {
            for (Disease disease : Disease.values()) {
                int count = counts.containsKey(part) ? counts.get(part).of(disease) : 0;
                for (int i = 0; i < count; i++) {
                    items.add(new Item(part, disease, items.size()));
                }
            }
        }
        return items;
    }

    private static void createParents(Path folder, Item item) {
        try {
            Files.createDirectories(folder.resolve(item.file()).getParent());
            Files.createDirectories(lungs(folder, item.file()).getParent());
            Files.createDirectories(opacities(folder, item.file()).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot create folders below " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    private static void write(Path folder, Item item, PhantomGenerator generator) {
        Phantom phantom = generator.generate(item.disease(), item.number());
        String file = item.file();
        PngWriter.write(phantom.image(), IMAGE_TEXTS, folder.resolve(file), IfExists.FAIL);
        PngWriter.write(phantom.lungs().toImage(), MASK_TEXTS, lungs(folder, file), IfExists.FAIL);
        PngWriter.write(
                phantom.opacities().toImage(), MASK_TEXTS, opacities(folder, file), IfExists.FAIL);
    }

    private static void writeManifest(Path folder, List<Item> items) {
        StringBuilder csv = new StringBuilder("file,label,patient,split,source,finding\n");
        items.forEach(item -> csv.append(item.manifestLine()).append('\n'));
        byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve(MANIFEST);
        try {
            AtomicFile.write(file, IfExists.FAIL, out -> out.write(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static Path masks(Path folder) {
        return folder.resolveSibling(folder.getFileName() + "-masks");
    }

    private static Path lungs(Path folder, String file) {
        return masks(folder).resolve("lungs").resolve(file);
    }

    private static Path opacities(Path folder, String file) {
        return masks(folder).resolve("opacities").resolve(file);
    }

    /**
     * The lung fields of an image.
     *
     * @return mask of the image's size
     * @throws org.deepcovid.core.image.UnreadableImageException if the mask file cannot be read
     */
    public PixelMask lungs(LabelledImage image) {
        return PixelMask.of(ImageDecoder.decode(lungs(root, image.id())));
    }

    /**
     * The opacities of an image.
     *
     * @return mask of the image's size, empty for normal lungs
     * @throws org.deepcovid.core.image.UnreadableImageException if the mask file cannot be read
     */
    public PixelMask opacities(LabelledImage image) {
        return PixelMask.of(ImageDecoder.decode(opacities(root, image.id())));
    }
}
