package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a DICOM file says about the examination. The patient's identity leaves this class as a
 * pseudonym only; dates do not leave it at all.
 */
public final class DicomMetadata {

    /** Column with the remarks of {@link #flags()}. */
    public static final String FLAGS = "flags";

    private static final int START_BYTES = 132;
    private static final Set<String> LATERAL = Set.of("LL", "RL", "LAT", "LATERAL");
    private static final Pattern AGE = Pattern.compile("(\\d{1,3})([DWMY])");

    private final DataSet data;

    DicomMetadata(DataSet data) {
        this.data = data;
    }

    /**
     * Reads a file up to its pixel data.
     *
     * @param file of any kind
     * @return empty if the file is not DICOM, is a DICOMDIR, or cannot be read, which decoding
     *     reports
     */
    public static Optional<DicomMetadata> of(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file);
                DicomInput input = DicomInput.of(in, Files.size(file))) {
            if (!DicomImage.isDicom(input.peek(START_BYTES))) {
                return Optional.empty();
            }
            DataSet data = DicomParser.parse(input).data();
            return DicomImage.isDirectory(data)
                    ? Optional.empty()
                    : Optional.of(new DicomMetadata(data));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Columns for a dataset: {@code view, sex, age} (years), {@code scanner, modality} and {@value
     * #FLAGS}, as far as the file has them.
     *
     * @return values that are not blank, by column
     */
    public Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("view", view());
        columns.put("sex", data.text(Tag.PATIENT_SEX));
        columns.put("age", years(data.text(Tag.PATIENT_AGE)));
        columns.put(
                "scanner",
                (data.text(Tag.MANUFACTURER) + " " + data.text(Tag.MANUFACTURERS_MODEL_NAME))
                        .strip());
        columns.put("modality", data.text(Tag.MODALITY));
        columns.put(FLAGS, String.join("; ", flags()));
        columns.values().removeIf(String::isEmpty);
        return columns;
    }

    private String view() {
        String position = data.text(Tag.VIEW_POSITION);
        return position.isEmpty()
                ? data.item(Tag.VIEW_CODE_SEQUENCE)
                        .map(item -> item.text(Tag.CODE_MEANING))
                        .orElse("")
                : position;
    }

    /** Years of an age such as {@code 034Y} or {@code 006M}, with one decimal below two years. */
    private static String years(String age) {
        Matcher matcher = AGE.matcher(age);
        if (!matcher.matches()) {
            return "";
        }
        int count = Integer.parseInt(matcher.group(1));
        double unitsPerYear =
                switch (matcher.group(2)) {
                    case "D" -> 365.25;
                    case "W" -> 365.25 / 7;
                    case "M" -> 12;
                    default -> 1;
                };
        double years = count / unitsPerYear;
        boolean whole = unitsPerYear == 1 || years >= 2;
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", Math.floor(years * 10) / 10);
    }

    /**
     * Why a score of this image may mislead.
     *
     * @return of {@code lateral view} and {@code burned-in annotation}
     */
    public List<String> flags() {
        List<String> flags = new ArrayList<>();
        String view = view().toUpperCase(Locale.ROOT);
        boolean decubitus = view.contains("DECUBITUS"); // a frontal view of a lying patient
        if (LATERAL.contains(view) || (view.contains("LATERAL") && !decubitus)) {
            flags.add("lateral view");
        }
        if (data.text(Tag.BURNED_IN_ANNOTATION).equalsIgnoreCase("YES")) {
            flags.add("burned-in annotation");
        }
        return flags;
    }

    /**
     * Pseudonym of the patient, from the Patient ID or else name and birth date.
     *
     * @param key equal keys give equal pseudonyms
     * @return empty if the file names no patient
     */
    public Optional<String> patient(PatientKey key) {
        String id = normal(Tag.PATIENT_ID);
        if (!id.isEmpty()) {
            return Optional.of(key.pseudonym(id));
        }
        String name = normal(Tag.PATIENT_NAME);
        String birth = normal(Tag.PATIENT_BIRTH_DATE);
        return name.isEmpty() || birth.isEmpty()
                ? Optional.empty()
                : Optional.of(key.pseudonym(name + "\n" + birth));
    }

    /** Empty for what stands for no patient. */
    private String normal(Tag tag) {
        return PatientIds.of(data.text(tag)).filter(id -> !id.equals("0")).orElse("");
    }
}
