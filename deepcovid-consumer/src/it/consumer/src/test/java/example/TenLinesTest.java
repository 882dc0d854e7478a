package example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;
import org.deepcovid.core.CovidClassifier;
import org.junit.jupiter.api.Test;

class TenLinesTest {

    private static final int IMAGES_PER_CLASS = 20;
    private static final int SIZE = 64;

    @Test
    void readmeProgramFineTunesEvaluatesAndSaves() throws IOException {
        Files.deleteIfExists(Path.of("squeezenet.deepcovid"));
        Random random = new Random(7);
        for (int i = 0; i < IMAGES_PER_CLASS; i++) {
            write(Path.of("radiographs/covid/c" + i + ".png"), random, true);
            write(Path.of("radiographs/non/n" + i + ".png"), random, false);
        }

        String report = run();

        assertTrue(report.toLowerCase(Locale.ROOT).contains("sensitivity"), report);
        try (CovidClassifier classifier = CovidClassifier.load(Path.of("squeezenet.deepcovid"))) {
            String environment = classifier.provenance().environment().summary();
            assertTrue(environment.startsWith("CpuBackend"), environment);
            double probability =
                    classifier.predict(Path.of("radiographs/covid/c0.png")).positiveProbability();
            assertTrue(probability > 0 && probability < 1, () -> "probability " + probability);
        }
    }

    private static String run() {
        PrintStream console = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            TenLines.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Noise; of class covid with bright patches. */
    private static void write(Path file, Random random, boolean patches) throws IOException {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                image.getRaster().setSample(x, y, 0, 60 + random.nextInt(60));
            }
        }
        if (patches) {
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(Color.WHITE);
            graphics.fillOval(random.nextInt(30), random.nextInt(30), 24, 24);
            graphics.dispose();
        }
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }
}
