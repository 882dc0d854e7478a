package org.deepcovid.core.image.dicom;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Values of the elements in {@link Tag}. Empty values count as absent. */
final class DataSet {

    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    private record Value(String vr, byte[] bytes) {}

    private final Map<Tag, Value> values = new EnumMap<>(Tag.class);
    private final Map<Tag, DataSet> items = new EnumMap<>(Tag.class);
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    void setBigEndian(boolean bigEndian) {
        order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    void put(Tag tag, String vr, byte[] bytes) {
        if (bytes.length > 0) {
            values.put(tag, new Value(vr, bytes));
        }
    }

    void putItem(Tag sequence, DataSet item) {
        items.putIfAbsent(sequence, item);
    }

    /** The first item of a sequence. */
    Optional<DataSet> item(Tag sequence) {
        return Optional.ofNullable(items.get(sequence));
    }

    boolean has(Tag tag) {
        return values.containsKey(tag);
    }

    /** First of several values, without blanks around it; control characters become blanks. */
    String text(Tag tag) {
        if (!has(tag)) {
            return "";
        }
        boolean utf8 =
                tag != Tag.SPECIFIC_CHARACTER_SET
                        && text(Tag.SPECIFIC_CHARACTER_SET).equals("ISO_IR 192");
        String all = new String(values.get(tag).bytes, utf8 ? UTF_8 : ISO_8859_1);
        return all.split("\\\\", 2)[0].replaceAll("\\p{Cntrl}", " ").strip();
    }

    int number(Tag tag) throws IOException {
        OptionalInt number = numberIfPresent(tag);
        if (number.isEmpty()) {
            throw new IOException("it has no " + tag);
        }
        return number.getAsInt();
    }

    int number(Tag tag, int absent) throws IOException {
        return numberIfPresent(tag).orElse(absent);
    }

    /** An unsigned number of 16 bits (US). */
    OptionalInt numberIfPresent(Tag tag) throws IOException {
        return has(tag) ? OptionalInt.of(words(tag, 1)[0] & 0xFFFF) : OptionalInt.empty();
    }

    /** At least {@code count} numbers of 16 bits. */
    short[] words(Tag tag, int count) throws IOException {
        byte[] bytes = bytes(tag);
        short[] words = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(order).asShortBuffer().get(words);
        if (words.length < count) {
            throw new IOException(
                    "its %s has %d bytes; expected %d".formatted(tag, bytes.length, 2 * count));
        }
        return words;
    }

    byte[] bytes(Tag tag) throws IOException {
        if (!has(tag)) {
            throw new IOException("it has no " + tag);
        }
        return values.get(tag).bytes;
    }

    /** Whether an element that is US or SS is signed, by its own VR if it has one. */
    boolean isSigned(Tag tag, boolean ifImplicit) {
        String vr = has(tag) ? values.get(tag).vr : "";
        return vr.equals("SS") || (!vr.equals("US") && ifImplicit);
    }

    /** The first of the decimal numbers (DS or IS). */
    OptionalDouble decimal(Tag tag) throws IOException {
        String text = text(tag);
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(value)) {
            throw new IOException("its %s is '%s'; expected a number".formatted(tag, text));
        }
        return OptionalDouble.of(value);
    }
}
