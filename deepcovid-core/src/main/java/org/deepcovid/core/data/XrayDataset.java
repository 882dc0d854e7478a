package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.deepcovid.core.DatasetException;

/**
 * A collection of labelled radiographs, sorted by id.
 *
 * <p>Two layouts are the user's own. <b>Folders</b>: one for each label, such as {@code covid} and
 * {@code non}, alone or below each of {@code train}, {@code val} and {@code test}; patients are
 * then unknown, and each file counts as its own patient (see {@link #patientsKnown()}).
 * <b>Manifest</b>: a CSV file whose first line names its columns: file and label (or another, see
 * {@link DatasetOptions}) required, {@code patient} and {@code split} optional, any others kept as
 * attributes; files are relative to the manifest's folder. The folders or the column name the
 * labels; {@link LabelSet#of} says which is the positive one, and in which order they are.
 *
 * <p>Reading decodes no image and reports all problems of the layout at once. The headers of DICOM
 * files are read: they give patients (pseudonyms, see {@link DatasetOptions#patientKey}) and the
 * attributes {@code view, sex, age, scanner, modality} and {@code flags} where the manifest has
 * none. {@link #verify()}, training and scoring decode the images and report every unreadable file.
 * {@link FolderFiles} says which files of a class folder are images.
 *
 * @param root folder that the ids are relative to
 * @param labels of the images
 * @param images sorted by id, unmodifiable
 * @param layout kind of dataset that was read, such as {@code manifest}; empty for images from
 *     elsewhere
 */
public record XrayDataset(
        Path root, LabelSet labels, List<LabelledImage> images, Optional<String> layout) {

    /**
     * Sorts and copies the images.
     *
     * @throws IllegalArgumentException if two images share an id, or one has another label
     */
    public XrayDataset {
        requireNonNull(root, "root is null");
        requireNonNull(layout, "layout is null");
        labels.requireLabelsOf(images);
        images = images.stream().sorted(Comparator.comparing(LabelledImage::id)).toList();
        for (int i = 1; i < images.size(); i++) {
            if (images.get(i).id().equals(images.get(i - 1).id())) {
                throw new IllegalArgumentException(
                        "two images have the id %s; expected different ids"
                                .formatted(images.get(i).id()));
            }
        }
    }

    /** Images that were not read as a dataset. */
    public XrayDataset(Path root, LabelSet labels, List<LabelledImage> images) {
        this(root, labels, images, Optional.empty());
    }

    /** Images whose labels say which is the positive one; see {@link LabelSet#of}. */
    public XrayDataset(Path root, List<LabelledImage> images) {
        this(root, LabelSet.of(images.stream()), images);
    }

    /** Reads a dataset of any layout, by {@link DatasetOptions#defaults()}. */
    public static XrayDataset read(Path path) {
        return read(path, DatasetOptions.defaults());
    }

    /**
     * Reads a dataset of any layout: a file is a manifest; a folder is read by its {@code
     * manifest.csv} if it has one, as a published dataset if it looks like one, by its {@code
     * metadata.csv}, or else by its subfolders.
     *
     * @param path manifest or folder
     * @throws DatasetException naming all problems of the dataset
     */
    public static XrayDataset read(Path path, DatasetOptions options) {
        return readSurvey(path, options).dataset();
    }

    /**
     * Reads a dataset as {@link #read(Path, DatasetOptions)} does, and says how.
     *
     * @throws DatasetException naming all problems of the dataset
     */
    public static Survey readSurvey(Path path, DatasetOptions options) {
        return DatasetLayout.of(path, options).read(options);
    }

    /**
     * Lists the images without validating them; the layout is recognised as by {@link #read(Path,
     * DatasetOptions)}.
     *
     * @param path manifest or folder
     * @throws DatasetException if there are fewer than two labels or the positive one is not clear
     */
    public static Survey survey(Path path, DatasetOptions options) {
        return DatasetLayout.of(path, options).survey(options);
    }

    /**
     * Result of {@link #survey}.
     *
     * @param dataset every image listed with a label; the image files were not opened
     * @param readings how each source of the dataset was read; one, unless sources were joined
     * @param problems problems of the layout, one sentence each; unmodifiable
     */
    public record Survey(XrayDataset dataset, List<Reading> readings, List<String> problems) {

        public Survey {
            requireNonNull(dataset, "dataset is null");
            readings = List.copyOf(readings);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads the class folders below a folder, or below its folders {@code train}, {@code val} and
     * {@code test}. {@code valid} and {@code validation} stand for {@code val}; case is ignored.
     * Class folders are read with their subfolders.
     *
     * @param root folder that holds the part or class folders
     * @return the images, each its own patient
     * @throws DatasetException naming all problems of the dataset
     */
    public static XrayDataset readFolders(Path root) {
        DatasetOptions options = DatasetOptions.defaults();
        return new FolderLayout(root, options).read(options).dataset();
    }

    /**
     * Reads a CSV manifest (RFC 4180, UTF-8, with or without byte order mark).
     *
     * @param csv the manifest; its column names are case-insensitive
     * @return the listed images
     * @throws DatasetException naming all problems of the dataset
     */
    public static XrayDataset readManifest(Path csv) {
        DatasetOptions options = DatasetOptions.defaults();
        return new ManifestLayout(csv, options).read(options).dataset();
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
