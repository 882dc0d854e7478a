package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.deepcovid.core.DatasetException;

/**
 * A collection of labelled radiographs, sorted by id.
 *
 * <p>Two layouts are read. <b>Folders</b>: {@code train|val|test/{covid,non}}, or {@code
 * {covid,non}} alone; patients are then unknown, and each file counts as its own patient (see
 * {@link #patientsKnown()}). <b>Manifest</b>: a CSV file whose first line names its columns, {@code
 * file} and {@code label} required, {@code patient} and {@code split} optional, any others kept as
 * attributes; files are relative to the manifest's folder.
 *
 * <p>Reading opens no image and reports all problems of the layout at once. {@link #verify()},
 * training and scoring decode the images and report every unreadable file. Inside a class folder
 * every file counts as an image, except {@code .DS_Store}, {@code Thumbs.db}, {@code desktop.ini}
 * and files whose name starts with {@code ._}.
 *
 * @param root folder that the ids are relative to
 * @param images sorted by id, unmodifiable
 */
public record XrayDataset(Path root, List<LabelledImage> images) {

    private static final List<String> MANIFESTS = List.of("manifest.csv", "metadata.csv");

    /**
     * Sorts and copies the images.
     *
     * @throws IllegalArgumentException if two images share an id
     */
    public XrayDataset {
        requireNonNull(root, "root is null");
        images = images.stream().sorted(Comparator.comparing(LabelledImage::id)).toList();
        Set<String> ids = new HashSet<>();
        for (LabelledImage image : images) {
            if (!ids.add(image.id())) {
                throw new IllegalArgumentException(
                        "two images have the id %s; expected different ids".formatted(image.id()));
            }
        }
    }

    /**
     * Reads a dataset of either layout: a file is a manifest; a folder is read by its {@code
     * manifest.csv} or {@code metadata.csv} if it has one, otherwise by its subfolders.
     *
     * @param path manifest or folder
     * @throws DatasetException naming all problems of the dataset
     */
    public static XrayDataset read(Path path) {
        Optional<Path> manifest = manifest(path);
        return manifest.isPresent() ? readManifest(manifest.get()) : readFolders(path);
    }

    /**
     * Lists the images without validating them; the layout is recognised as by {@link #read}.
     *
     * @param path manifest or folder
     */
    public static Survey survey(Path path) {
        Optional<Path> manifest = manifest(path);
        return manifest.isPresent()
                ? new ManifestLayout(manifest.get()).survey()
                : new FolderLayout(path).survey();
    }

    /**
     * What {@link #survey} found.
     *
     * @param dataset every image listed with a label; the image files were not opened
     * @param problems problems of the layout, one sentence each; unmodifiable
     */
    public record Survey(XrayDataset dataset, List<String> problems) {

        public Survey {
            requireNonNull(dataset, "dataset is null");
            problems = List.copyOf(problems);
        }
    }

    private static Optional<Path> manifest(Path path) {
        if (Files.isRegularFile(path)) {
            return Optional.of(path);
        }
        return MANIFESTS.stream().map(path::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * Reads {@code train|val|test/{covid,non}} or {@code {covid,non}} below a folder. {@code valid}
     * and {@code validation} stand for {@code val}; case is ignored. Class folders are read with
     * their subfolders.
     *
     * @param root folder that holds the part or class folders
     * @return the images, each its own patient
     * @throws DatasetException naming all problems of the dataset
     */
    public static XrayDataset readFolders(Path root) {
        return new FolderLayout(root).read();
    }

    /**
     * Reads a CSV manifest (RFC 4180, UTF-8, with or without byte order mark).
     *
     * @param csv the manifest; its column names are case-insensitive
     * @return the listed images
     * @throws DatasetException naming all problems of the dataset
     */
    public static XrayDataset readManifest(Path csv) {
        return new ManifestLayout(csv).read();
    }

    /**
     * Whether the dataset names the patient of every image. Otherwise a split cannot keep the
     * images of a patient together.
     *
     * @return false for folder layouts, and for manifests without patients or with blank ones
     */
    public boolean patientsKnown() {
        return images.stream().allMatch(LabelledImage::patientKnown);
    }

    /**
     * Number of images with a label.
     *
     * @param label the label to count
     * @return 0 or more
     */
    public int count(Label label) {
        return (int) images.stream().filter(image -> image.label().equals(label)).count();
    }

    /**
     * Decodes every image in parallel, as a check.
     *
     * @throws DatasetException naming every file that cannot be decoded, and why
     */
    public XrayDataset verify() {
        return verify((image, remark) -> {});
    }

    /**
     * As {@link #verify()}.
     *
     * @param remarks receives what is odd about images, in their order
     */
    public XrayDataset verify(BiConsumer<LabelledImage, String> remarks) {
        Problems problems = new Problems("dataset " + root);
        problems.addAll(ImageChecks.undecodable(images, remarks));
        problems.throwIfAny("replace these files or remove them from the dataset");
        return this;
    }
}
