package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.Radiograph;

/**
 * One radiograph of a dataset.
 *
 * @param id path relative to the dataset's root, with {@code /} between names on every system;
 *     never blank
 * @param radiograph the image; opened when it is decoded
 * @param label its class according to the dataset
 * @param patient patient identifier, never blank; the id itself if the dataset does not name
 *     patients, so that each image is its own patient
 * @param part the part that the dataset assigns it to, if it does
 * @param attributes other columns of the manifest (source, finding, view, sex, age, ...), by
 *     lower-case column name, in the manifest's order; unmodifiable
 */
public record LabelledImage(
        String id,
        Radiograph radiograph,
        Label label,
        String patient,
        Optional<SplitPart> part,
        Map<String, String> attributes) {

    static final String LUNG_MASK = "lung_mask";
    private static final String AGE = "age";

    /**
     * @throws IllegalArgumentException if the id or the patient is blank
     */
    public LabelledImage {
        requireNonNull(id, "id is null");
        radiograph = requireNonNull(radiograph, "radiograph is null").withChecksum();
        requireNonNull(label, "label is null");
        requireNonNull(patient, "patient is null");
        requireNonNull(part, "part is null");
        attributes = Attributes.copyOf(attributes);
        if (id.isBlank() || patient.isBlank()) {
            throw new IllegalArgumentException(
                    "image '%s' of patient '%s' (%s): expected an id and a patient that are not blank"
                            .formatted(id, patient, radiograph));
        }
    }

    /**
     * An image in a file.
     *
     * @param id path relative to the dataset's root
     * @param file the image file; not opened
     * @param label its class
     * @param patient patient identifier, or the id
     * @param part the part that the dataset assigns it to, if it does
     * @param attributes other columns of the manifest, by lower-case column name
     */
    public LabelledImage(
            String id,
            Path file,
            Label label,
            String patient,
            Optional<SplitPart> part,
            Map<String, String> attributes) {
        this(id, Radiograph.of(file), label, patient, part, attributes);
    }

    /** A copy with another label. */
    LabelledImage withLabel(Label other) {
        return new LabelledImage(id, radiograph, other, patient, part, attributes);
    }

    /** A copy in another part, or in none. */
    public LabelledImage withPart(Optional<SplitPart> other) {
        return new LabelledImage(id, radiograph, label, patient, other, attributes);
    }

    /** A copy of another patient, with more attributes. */
    LabelledImage with(String otherPatient, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(attributes);
        all.putAll(more);
        return new LabelledImage(id, radiograph, label, otherPatient, part, all);
    }

    /**
     * The group that an attribute puts the image in: its value; of {@code age}, a band such as
     * {@code 40 to 59}.
     *
     * @return empty if the attribute is absent or blank, or an age that is no number of years
     */
    public Optional<String> group(String attribute) {
        String text = attributes.getOrDefault(attribute, "").strip();
        return text.isEmpty()
                ? Optional.empty()
                : attribute.equals(AGE) ? ageBand(text) : Optional.of(text);
    }

    private static Optional<String> ageBand(String text) {
        double years;
        try {
            years = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        if (!(years >= 0 && years < 150)) {
            return Optional.empty();
        }
        if (years < 18) {
            return Optional.of("0 to 17");
        }
        return Optional.of(
                years < 40
                        ? "18 to 39"
                        : years < 60 ? "40 to 59" : years < 80 ? "60 to 79" : "80 on");
    }

    /**
     * The image of the lungs' mask, white in the lungs, that the attribute {@code lung_mask} names.
     * It may differ from the radiograph in size.
     *
     * @return the mask's file; the attribute is relative to the radiograph's folder
     */
    public Optional<Path> lungMask() {
        return Optional.ofNullable(attributes.get(LUNG_MASK))
                .map(mask -> file().resolveSibling(mask).normalize());
    }

    /** Whether the attribute {@code boxes} marks findings. */
    public boolean hasBoxes() {
        return group(PublishedLayout.BOXES).isPresent();
    }

    /**
     * The pixels in the boxes of the attribute {@code boxes}: {@code x y width height} of each, in
     * pixels, divided by semicolons.
     *
     * @param width of the image
     * @param height of the image
     * @throws IllegalArgumentException if the attribute is written otherwise
     */
    public PixelMask boxes(int width, int height) {
        String text = attributes.getOrDefault(PublishedLayout.BOXES, "").strip();
        List<double[]> boxes = new ArrayList<>();
        for (String box : text.isEmpty() ? new String[0] : text.split(";")) {
            String[] numbers = box.strip().split("\\s+");
            try {
                boxes.add(Arrays.stream(numbers).mapToDouble(Double::parseDouble).toArray());
            } catch (NumberFormatException e) {
                throw malformed(box);
            }
            if (numbers.length != 4) {
                throw malformed(box);
            }
        }
        return PixelMask.of(
                width,
                height,
                (x, y) ->
                        boxes.stream()
                                .anyMatch(
                                        b ->
                                                x + 0.5 >= b[0]
                                                        && x + 0.5 < b[0] + b[2]
                                                        && y + 0.5 >= b[1]
                                                        && y + 0.5 < b[1] + b[3]));
    }

    private IllegalArgumentException malformed(String box) {
        return new IllegalArgumentException(
                "box '%s' of %s; expected x, y, width and height in pixels, divided by spaces"
                        .formatted(box.strip(), id));
    }

    /**
     * The image file.
     *
     * @return its path
     * @throws java.util.NoSuchElementException if the image is in memory only
     */
    public Path file() {
        return radiograph.file().orElseThrow();
    }

    /**
     * Whether the dataset names the patient.
     *
     * @return false if the id stands in for the patient
     */
    public boolean patientKnown() {
        return !patient.equals(id);
    }

    /**
     * Checksum of the file's bytes: computed when the image is decoded, otherwise at the first
     * call.
     *
     * @return SHA-256, 64 lower-case hexadecimal digits
     * @throws UncheckedIOException if the file cannot be read; the message names it
     */
    public String sha256() {
        return radiograph.sha256();
    }

    /**
     * Checksum of the decoded pixels, by which images are equal whose files are not: see {@link
     * Radiograph#pixelsSha256()}.
     */
    public String pixelsSha256() {
        return radiograph.pixelsSha256();
    }

    /** Path from root to file with slashes; the absolute path if they have no common root. */
    static String id(Path root, Path file) {
        Path from = root.toAbsolutePath().normalize();
        Path to = file.toAbsolutePath().normalize();
        Path relative = from.getRoot().equals(to.getRoot()) ? from.relativize(to) : to;
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }
}
