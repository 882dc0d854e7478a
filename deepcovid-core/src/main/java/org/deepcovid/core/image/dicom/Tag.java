package org.deepcovid.core.image.dicom;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The data elements that are read; all others are skipped (PS3.6). */
enum Tag {
    MEDIA_STORAGE_SOP_CLASS_UID(0x00020002, "Media Storage SOP Class UID"),
    TRANSFER_SYNTAX_UID(0x00020010, "Transfer Syntax UID"),
    SPECIFIC_CHARACTER_SET(0x00080005, "Specific Character Set"),
    SOP_CLASS_UID(0x00080016, "SOP Class UID"),
    MODALITY(0x00080060, "Modality"),
    MANUFACTURER(0x00080070, "Manufacturer"),
    CODE_MEANING(0x00080104, "Code Meaning"),
    MANUFACTURERS_MODEL_NAME(0x00081090, "Manufacturer's Model Name"),
    PATIENT_NAME(0x00100010, "Patient's Name"),
    PATIENT_ID(0x00100020, "Patient ID"),
    PATIENT_BIRTH_DATE(0x00100030, "Patient's Birth Date"),
    PATIENT_SEX(0x00100040, "Patient's Sex"),
    PATIENT_AGE(0x00101010, "Patient's Age"),
    VIEW_POSITION(0x00185101, "View Position"),
    SAMPLES_PER_PIXEL(0x00280002, "Samples per Pixel"),
    PHOTOMETRIC_INTERPRETATION(0x00280004, "Photometric Interpretation"),
    PLANAR_CONFIGURATION(0x00280006, "Planar Configuration"),
    NUMBER_OF_FRAMES(0x00280008, "Number of Frames"),
    ROWS(0x00280010, "Rows"),
    COLUMNS(0x00280011, "Columns"),
    BITS_ALLOCATED(0x00280100, "Bits Allocated"),
    BITS_STORED(0x00280101, "Bits Stored"),
    HIGH_BIT(0x00280102, "High Bit"),
    PIXEL_REPRESENTATION(0x00280103, "Pixel Representation"),
    PIXEL_PADDING_VALUE(0x00280120, "Pixel Padding Value"),
    PIXEL_PADDING_RANGE_LIMIT(0x00280121, "Pixel Padding Range Limit"),
    BURNED_IN_ANNOTATION(0x00280301, "Burned In Annotation"),
    WINDOW_CENTER(0x00281050, "Window Center"),
    WINDOW_WIDTH(0x00281051, "Window Width"),
    RESCALE_INTERCEPT(0x00281052, "Rescale Intercept"),
    RESCALE_SLOPE(0x00281053, "Rescale Slope"),
    VOI_LUT_FUNCTION(0x00281056, "VOI LUT Function"),
    RED_DESCRIPTOR(0x00281101, "Red Palette Color Lookup Table Descriptor"),
    GREEN_DESCRIPTOR(0x00281102, "Green Palette Color Lookup Table Descriptor"),
    BLUE_DESCRIPTOR(0x00281103, "Blue Palette Color Lookup Table Descriptor"),
    RED_DATA(0x00281201, "Red Palette Color Lookup Table Data"),
    GREEN_DATA(0x00281202, "Green Palette Color Lookup Table Data"),
    BLUE_DATA(0x00281203, "Blue Palette Color Lookup Table Data"),
    MODALITY_LUT_SEQUENCE(0x00283000, "Modality LUT Sequence"),
    LUT_DESCRIPTOR(0x00283002, "LUT Descriptor"),
    LUT_DATA(0x00283006, "LUT Data"),
    VOI_LUT_SEQUENCE(0x00283010, "VOI LUT Sequence"),
    VIEW_CODE_SEQUENCE(0x00540220, "View Code Sequence"),
    PIXEL_DATA(0x7FE00010, "Pixel Data"),
    ITEM(0xFFFEE000, "Item"),
    ITEM_END(0xFFFEE00D, "Item Delimitation Item"),
    SEQUENCE_END(0xFFFEE0DD, "Sequence Delimitation Item");

    private static final Map<Integer, Tag> BY_CODE = new HashMap<>();

    static {
        for (Tag tag : values()) {
            BY_CODE.put(tag.code, tag);
        }
    }

    private final int code;
    private final String keyword;

    Tag(int code, String keyword) {
        this.code = code;
        this.keyword = keyword;
    }

    static Optional<Tag> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** Such as {@code "Rows (0028,0010)"}; unknown elements have no name. */
    static String describe(int code) {
        if (code == 0) {
            return "the next element";
        }
        String number = "(%04X,%04X)".formatted(code >>> 16, code & 0xFFFF);
        return of(code).map(tag -> tag.keyword + " " + number).orElse("element " + number);
    }

    int code() {
        return code;
    }

    boolean is(int other) {
        return code == other;
    }

    @Override
    public String toString() {
        return describe(code);
    }
}
