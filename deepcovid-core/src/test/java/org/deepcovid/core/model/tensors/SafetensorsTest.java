package org.deepcovid.core.model.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsTest {

    @BeforeAll
    static void startNd4j() {
        DeepCovidRuntime.initialise();
    }

    @Test
    void whatIsWrittenIsReadBackExactly() throws IOException {
        INDArray matrix = Nd4j.rand(DataType.FLOAT, 3, 5);
        INDArray transposed = matrix.transpose();
        INDArray kernel = Nd4j.rand(DataType.FLOAT, 2, 3, 300, 50);

        byte[] bytes = written(Map.of("b", matrix, "a", transposed, "c", kernel), Map.of("k", "v"));

        try (SafetensorsReader reader = reader(bytes)) {
            assertThat(reader.metadata()).containsExactly(Map.entry("k", "v"));
            assertThat(reader.tensors())
                    .extracting(TensorHeader::name, TensorHeader::shape)
                    .containsExactly(
                            tuple("a", List.of(5L, 3L)),
                            tuple("b", List.of(3L, 5L)),
                            tuple("c", List.of(2L, 3L, 300L, 50L)));
            Map<String, INDArray> read = reader.readAll();
            assertThat(read.get("a")).isEqualTo(transposed);
            assertThat(read.get("b")).isEqualTo(matrix);
            assertThat(read.get("c").data().asFloat()).isEqualTo(kernel.dup('c').data().asFloat());
        }
    }

    @Test
    void equalContentsGiveEqualBytesWhateverTheMapOrder() throws IOException {
        Map<String, INDArray> hashed = new HashMap<>();
        Map<String, INDArray> ordered = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            hashed.put("tensor" + i, Nd4j.scalar(DataType.FLOAT, i));
            ordered.put("tensor" + (39 - i), Nd4j.scalar(DataType.FLOAT, 39 - i));
        }
        assertThat(written(hashed, Map.of("x", "1", "y", "2")))
                .isEqualTo(written(ordered, Map.of("y", "2", "x", "1")));
    }

    @Test
    void valuesStartAtAMultipleOfEightBytes() throws IOException {
        byte[] bytes = written(Map.of("abc", Nd4j.create(new float[] {1, 2})), Map.of());
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
    }

    @Test
    void theStreamStaysOpenAfterWriting() throws IOException {
        boolean[] closed = {false};
        SafetensorsWriter.write(
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                },
                Map.of("a", Nd4j.create(new float[] {1})),
                Map.of());
        assertThat(closed[0]).isFalse();
    }

    @Test
    void writerRefusesOtherTypesAndTheReservedName() {
        assertRejects(
                () -> written(Map.of("d", Nd4j.create(new double[] {1})), Map.of()),
                "tensor 'd' is DOUBLE");
        assertRejects(
                () -> written(Map.of("__metadata__", Nd4j.create(new float[] {1})), Map.of()));
        assertRejects(() -> written(Map.of(), TensorHeader.Type.BF16), "BF16; expected F32 or F16");
    }

    @ParameterizedTest
    @CsvSource({
        // half-precision bit patterns with the values that IEEE 754 gives them
        "F16, 3c00, 1.0",
        "F16, c000, -2.0",
        "F16, 3555, 0.333251953125",
        "F16, 7bff, 65504",
        "F16, 0001, 5.9604644775390625E-8",
        "F16, 03ff, 6.097555160522461E-5",
        "F16, 8000, -0.0",
        "F16, fc00, -Infinity",
        "F16, 7e00, NaN",
        "BF16, 3f80, 1.0",
        "BF16, c049, -3.140625",
        "BF16, 0001, 9.18354962E-41",
        "BF16, 7f80, Infinity"
    })
    void narrowFloatsAreWidenedExactly(String type, String bits, float value) throws IOException {
        int pattern = Integer.parseInt(bits, 16);
        String header = "{'t':{'dtype':'%s','shape':[1],OFFSETS:[0,2]}}".formatted(type);
        byte[] file = file(header, pattern, pattern >> 8);
        assertThat(valuesOf(file)).containsExactly(value);
    }

    @Test
    void unwantedTensorsArePassedOver() throws IOException {
        byte[] file =
                file(
                        "{'n':{'dtype':'I64','shape':[],OFFSETS:[0,8]},"
                                + "'t':{'dtype':'F32','shape':[1],OFFSETS:[8,12]}}",
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0x80,
                        0x3f);
        List<Float> seen = new ArrayList<>();
        try (SafetensorsReader reader = reader(file)) {
            reader.forEach(t -> t.name().equals("t"), (t, values) -> seen.add(values[0]));
            assertFails(IllegalStateException.class, reader::readAll);
        }
        assertThat(seen).containsExactly(1f);
        assertFails(IOException.class, () -> reader(file).readAll(), "tensor 'n' is I64 []");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{}{}",
                "{'t':5}",
                "{'t':{'dtype':'F32','shape':[1],OFFSETS:[0,4]},"
                        + "'t':{'dtype':'F32','shape':[1],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F33','shape':[1],OFFSETS:[0,4]}}",
                "{'t':{'shape':[1],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32',OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32','shape':[-1],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32','shape':[1.5],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32','shape':[1],OFFSETS:[0]}}",
                "{'t':{'dtype':'F32','shape':[1],OFFSETS:[4,0]}}",
                "{'t':{'dtype':'F32','shape':[1],OFFSETS:[1,5]}}",
                "{'t':{'dtype':'F32','shape':[2],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32','shape':[2],OFFSETS:[0,8]}}",
                "{'t':{'dtype':'F32','shape':[4294967296,4294967296],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32','shape':[99999999999999999999],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'F32','shape':[1],OFFSETS:[0,4]},"
                        + "'u':{'dtype':'F32','shape':[1],OFFSETS:[0,4]}}",
                "{'t':{'dtype':'U8','shape':[1],OFFSETS:[0,1]},"
                        + "'u':{'dtype':'U8','shape':[1],OFFSETS:[3,4]}}",
                "{'t':{'dtype':'U8','shape':[1],OFFSETS:[0,1]}}",
                "{'__metadata__':7}",
                "{'__metadata__':{'a':7}}",
                "{'t':\u0000}"
            })
    void malformedHeadersAreRefusedByName(String header) {
        assertFails(IOException.class, () -> reader(file(header, 0, 0, 0, 0)))
                .hasMessageStartingWith("some.safetensors: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 13, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void headerLengthsOutsideTheFileAreRefused(long length) {
        byte[] bytes = file("{}");
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        assertFails(
                IOException.class,
                () -> reader(bytes),
                "not a safetensors file",
                "the file has 10 bytes");
    }

    @Test
    void headersThatAreNotUtf8AreRefused() {
        byte[] bytes = file("{'?':1}");
        bytes[10] = (byte) 0xff;
        assertFails(IOException.class, () -> reader(bytes), "UTF-8");
    }

    @Test
    void everyTruncationIsRefused(@TempDir Path folder) throws IOException {
        byte[] whole = written(Map.of("t", Nd4j.create(new float[] {1, 2, 3})), Map.of());
        Path file = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertFails(IOException.class, () -> SafetensorsReader.open(file), "cut.safetensors");
        }
        Files.write(file, whole);
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertThat(reader.readAll()).containsOnlyKeys("t");
        }
    }

    @Test
    void aStreamShorterThanDeclaredIsRefused() throws IOException {
        byte[] whole = written(Map.of("t", Nd4j.create(new float[] {1, 2, 3})), Map.of());
        SafetensorsReader reader =
                SafetensorsReader.of(
                        "entry",
                        new ByteArrayInputStream(whole, 0, whole.length - 1),
                        whole.length);
        assertFails(IOException.class, reader::readAll, "entry: the bytes end early");
    }

    private static byte[] written(Map<String, INDArray> tensors, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafetensorsWriter.write(out, tensors, metadata);
        return out.toByteArray();
    }

    private static byte[] written(Map<String, INDArray> tensors, TensorHeader.Type type)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafetensorsWriter.write(out, tensors, Map.of(), type);
        return out.toByteArray();
    }

    private static SafetensorsReader reader(byte[] bytes) throws IOException {
        return SafetensorsReader.of(
                "some.safetensors", new ByteArrayInputStream(bytes), bytes.length);
    }

    private static float[] valuesOf(byte[] file) throws IOException {
        float[][] result = new float[1][];
        try (SafetensorsReader reader = reader(file)) {
            reader.forEach(tensor -> true, (tensor, values) -> result[0] = values);
        }
        return result[0];
    }

    private static byte[] file(String header, int... data) {
        String text = header.replace("OFFSETS", "'data_offsets'").replace('\'', '"');
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + json.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json);
        for (int value : data) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    /** Expected bits by numpy: {@code numpy.array([...], "f4").astype("f2").view("u2")}. */
    @ParameterizedTest
    @CsvSource({
        "0, 0000",
        "-0.0, 8000",
        "1, 3c00",
        "-2.5, c100",
        "0.1, 2e66",
        "1.00048828125, 3c00",
        "1.00146484375, 3c02",
        "1.99999, 4000",
        "65504, 7bff",
        "65519, 7bff",
        "65520, 7c00",
        "-1e10, fc00",
        "6.1035156e-5, 0400",
        "6.0975552e-5, 03ff",
        "6.1e-5, 03ff",
        "5.9604645e-8, 0001",
        "2.9802322e-8, 0000",
        "2.99e-8, 0001"
    })
    void halfPrecisionIsRoundedToNearestTiesToEven(float value, String bits) throws IOException {
        byte[] bytes = written(Map.of("t", Nd4j.createFromArray(value)), TensorHeader.Type.F16);
        int found = ((bytes[bytes.length - 1] & 0xff) << 8) | (bytes[bytes.length - 2] & 0xff);
        assertThat("%04x".formatted(found)).isEqualTo(bits);
    }
}
