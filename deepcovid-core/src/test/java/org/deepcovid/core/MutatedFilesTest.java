package org.deepcovid.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.TestImages;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.DicomFile;
import org.deepcovid.testing.Mutations;
import org.deepcovid.testing.SharedData;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files are refused or accepted by the readers of this module; see {@link Mutations}. */
class MutatedFilesTest {

    private static final int MEGAPIXELS = 1;

    /** The declared 12 bytes per pixel, and copies of the file, JSON and stack traces. */
    private static final long MOST_ALLOCATED = 12_000_000 * MEGAPIXELS + (16 << 20);

    private static final int LARGEST_SEED = 250_000;
    private static final int WIDTH = 61;
    private static final int HEIGHT = 45;

    @TempDir static Path folder;

    @BeforeAll
    static void limitMegapixels() {
        System.setProperty(ImageDecoder.MAX_MEGAPIXELS, "" + MEGAPIXELS);
    }

    @AfterAll
    static void restore() {
        System.clearProperty(ImageDecoder.MAX_MEGAPIXELS);
    }

    static Stream<Mutations> pictures() throws IOException {
        return Stream.of(
                picture("DICOM", ".dcm", dicoms(), Mutations::damage),
                picture("TIFF", ".tif", tiffs(), Mutations::damage),
                picture("PNG", ".png", pngs(), MutatedFilesTest::damagePng),
                picture("JPEG", ".jpg", jpegs(), Mutations::damage),
                picture("BMP", ".bmp", bmps(), Mutations::damage));
    }

    static Stream<Mutations> others() throws IOException {
        return Stream.of(
                new Mutations(
                        "manifest",
                        ".csv",
                        List.of(manifest()),
                        Mutations::damage,
                        DatasetException.class,
                        MOST_ALLOCATED,
                        file -> {
                            XrayDataset.readManifest(file);
                            return Optional.empty();
                        }),
                new Mutations(
                        "classifier file",
                        ".deepcovid",
                        List.of(classifier()),
                        MutatedFilesTest::damageClassifier,
                        ClassifierFileException.class,
                        MOST_ALLOCATED,
                        file -> {
                            CovidClassifier.load(file).close();
                            return Optional.empty();
                        }));
    }

    static Stream<Mutations> readers() throws IOException {
        return Stream.concat(pictures(), others());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void damagedFilesAreRefusedOrAccepted(Mutations mutations) throws IOException {
        mutations.runShort(folder);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyDamagedFilesAreRefusedOrAccepted(Mutations mutations, @TempDir Path kept)
            throws Exception {
        mutations.runLong(folder, kept);
        try (Stream<Path> pictures = Files.list(kept)) {
            if (pictures.findAny().isPresent()) {
                assertOtherDecodersAgree(kept);
            }
        }
    }

    /** None refuses an accepted picture for lost data, or gives other pixels. */
    private static void assertOtherDecodersAgree(Path kept) throws Exception {
        String python = "/usr/bin/python3"; // Debian's
        String tools = "import PIL, pydicom, shutil, sys; sys.exit(None in map(shutil.which,";
        tools += " ['djpeg', 'tiff2rgba', 'dcmj2pnm']))";
        assumeTrue(
                Files.exists(Path.of(python)) && run(python, "-c", tools).isEmpty(),
                "Debian's python3-pil, python3-pydicom, libjpeg-turbo-progs, libtiff-tools or"
                        + " dcmtk are absent");
        String script = "../deepcovid-benchmarks/scripts/compare_decoders.py";
        assertThat(run(python, script, kept.toString())).isEmpty();
    }

    /** What a program prints, if it fails. */
    private static Optional<String> run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() == 0 ? Optional.empty() : Optional.of(printed);
    }

    private static Mutations picture(
            String name, String suffix, List<byte[]> made, Mutations.Mutation mutation)
            throws IOException {
        List<byte[]> valid = new ArrayList<>(made);
        Path formats = SharedData.path("data/formats");
        try (Stream<Path> files = Files.walk(formats).sorted()) {
            for (Path file : files.filter(f -> f.toString().endsWith(suffix)).toList()) {
                if (Files.size(file) < LARGEST_SEED && isAccepted(file)) {
                    valid.add(Files.readAllBytes(file));
                }
            }
        }
        return new Mutations(
                name,
                suffix,
                valid,
                mutation,
                UnreadableImageException.class,
                MOST_ALLOCATED,
                file -> Optional.of(ImageDecoder.decode(file)));
    }

    private static boolean isAccepted(Path file) {
        try {
            ImageDecoder.decode(file);
            return true;
        } catch (UnreadableImageException e) {
            return false;
        }
    }

    private static BufferedImage picture(int type) {
        return TestImages.picture(WIDTH, HEIGHT, type);
    }

    private static List<byte[]> pngs() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (int type : new int[] {5, 6, 10, 11, 12, 13}) {
            files.add(TestImages.encode("png", picture(type)));
            files.add(TestImages.encodeProgressive("png", picture(type)));
        }
        byte[] grey = TestImages.encode("png", picture(11));
        files.add(TestImages.withPngChunk(grey, "sBIT", new byte[] {12}));
        return files;
    }

    /** Checksums are brought up to date in most files, as far as chunks have a length that fits. */
    private static byte[] damagePng(byte[] content, Random random) {
        ByteBuffer png = ByteBuffer.wrap(Mutations.damage(content, random));
        CRC32 crc = new CRC32();
        int at = 8;
        while (random.nextInt(20) > 0 && at + 12 <= png.limit()) {
            int length = png.getInt(at);
            if (length < 0 || length > png.limit() - at - 12) {
                break;
            }
            crc.reset();
            crc.update(png.array(), at + 4, 4 + length);
            png.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
        return png.array();
    }

    private static List<byte[]> jpegs() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (int type : new int[] {5, 10}) {
            files.add(TestImages.encode("jpg", picture(type)));
            files.add(TestImages.encodeProgressive("jpg", picture(type)));
        }
        return files;
    }

    private static List<byte[]> bmps() {
        return IntStream.of(5, 10, 12, 13)
                .mapToObj(type -> TestImages.encode("bmp", picture(type)))
                .toList();
    }

    private static List<byte[]> tiffs() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String compression : new String[] {"LZW", "Deflate", "PackBits", "JPEG"}) {
            files.add(TestImages.encodeTiff(picture(10), compression));
            files.add(TestImages.encodeTiff(picture(5), compression));
        }
        files.add(TestImages.encodeTiff(picture(11), "LZW"));
        for (int type : new int[] {5, 6, 10, 11, 12, 13}) {
            files.add(TestImages.encode("tiff", picture(type)));
        }
        return files;
    }

    private static List<byte[]> dicoms() throws IOException {
        byte[] grey = samples(picture(10));
        int[] words = new int[grey.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = (grey[i] & 0xFF) * 16 + i % 16;
        }
        List<DicomFile> files = new ArrayList<>();
        for (String syntax :
                List.of(
                        DicomFile.EXPLICIT,
                        DicomFile.IMPLICIT,
                        DicomFile.BIG_ENDIAN,
                        DicomFile.DEFLATED)) {
            files.add(DicomFile.of(WIDTH, HEIGHT, grey).syntax(syntax));
            files.add(DicomFile.of(WIDTH, HEIGHT, 12, words).syntax(syntax));
        }
        files.add(
                DicomFile.of(WIDTH, HEIGHT, 12, words)
                        .text(0x00281050, "DS", "2000")
                        .text(0x00281051, "DS", "3000"));
        files.add(compressed("1.2.840.10008.1.2.4.50", TestImages.encode("jpg", picture(10))));
        files.add(compressed("1.2.840.10008.1.2.4.90", TestImages.jpeg2000(picture(10))));
        files.add(compressed(DicomFile.RLE, runLengths(grey)));
        byte[] lossless = TestImages.losslessJpeg(WIDTH, 12, words);
        files.add(DicomFile.of(WIDTH, HEIGHT, 12).fragments("1.2.840.10008.1.2.4.70", lossless));
        return files.stream().map(DicomFile::toBytes).toList();
    }

    private static byte[] samples(BufferedImage grey) {
        return (byte[]) grey.getRaster().getDataElements(0, 0, WIDTH, HEIGHT, null);
    }

    private static DicomFile compressed(String syntax, byte[] frame) {
        return DicomFile.of(WIDTH, HEIGHT, new byte[0]).fragments(syntax, frame);
    }

    private static byte[] runLengths(byte[] plane) {
        ByteBuffer frame =
                ByteBuffer.allocate(64 + 2 * plane.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(1).putInt(64).position(64);
        for (int i = 0; i < plane.length; i += 5) {
            int count = Math.min(5, plane.length - i);
            frame.put((byte) (count - 1)).put(plane, i, count);
        }
        byte[] bytes = new byte[frame.position()];
        frame.get(0, bytes);
        return bytes;
    }

    private static byte[] manifest() {
        SyntheticRadiographs.writeClasses(folder, 3, 1);
        StringBuilder csv =
                new StringBuilder("file,label,patient,split,source,view,sex,age,note\n");
        for (int i = 0; i < 6; i++) {
            String label = i % 2 == 0 ? "covid" : "non";
            csv.append(
                    "%s/%03d.png,%s,p%d,%s,hospital %d,PA,F,%d,\"a, \"\"b\"\"\"\n"
                            .formatted(
                                    label,
                                    i / 2,
                                    label,
                                    i,
                                    i < 4 ? "train" : "test",
                                    i % 2,
                                    30 + i));
        }
        return csv.toString().getBytes(UTF_8);
    }

    private static byte[] classifier() throws IOException {
        Path images = SyntheticRadiographs.writeParts(folder.resolve("images"), 4, 3, 0, 1);
        Path file = folder.resolve("whole.deepcovid");
        try (FineTuned run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        PatientSplitter.seeded(1).split(XrayDataset.read(images)).fitting(),
                        FineTuneConfig.defaults().withEpochs(1))) {
            Files.deleteIfExists(file);
            run.classifier().save(file);
        }
        return Files.readAllBytes(file);
    }

    /** Damages the file, or one entry, in most cases with correct checksums. */
    private static byte[] damageClassifier(byte[] content, Random random) {
        if (random.nextInt(5) == 0) {
            return Mutations.damage(content, random);
        }
        try {
            Map<String, byte[]> entries = entries(content);
            String damaged = entries.keySet().stream().toList().get(random.nextInt(3));
            entries.put(damaged, Mutations.damage(entries.get(damaged), random));
            if (random.nextInt(8) > 0) {
                String sums = "";
                for (String name : List.of("model.json", "weights.safetensors")) {
                    sums += FileHashes.sha256(entries.get(name)) + "  " + name + "\n";
                }
                entries.put("SHA256SUMS", sums.getBytes(UTF_8));
            }
            return zip(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of("model.json", "weights.safetensors", "SHA256SUMS")) {
                ZipEntry entry = new ZipEntry(name);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(entries.get(name).length);
                CRC32 crc = new CRC32();
                crc.update(entries.get(name));
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(entries.get(name));
            }
        }
        return out.toByteArray();
    }
}
