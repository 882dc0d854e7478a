package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenLinesTest {

    private static final int IMAGES_A_CLASS = 10;
    private static final int SIZE = 64;

    @Test
    void fineTunesAndScores(@TempDir Path folder) throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < IMAGES_A_CLASS; i++) {
            write(folder.resolve("covid/c" + i + ".png"), random, true);
            write(folder.resolve("non/n" + i + ".png"), random, false);
        }

        List<String> lines = run(folder.toString(), folder.resolve("covid/c0.png").toString());

        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith("CpuBackend"), lines::toString);
        double probability = Double.parseDouble(lines.get(1));
        assertTrue(probability > 0 && probability < 1, lines::toString);
    }

    private static List<String> run(String... args) {
        PrintStream console = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            TenLines.main(args);
        } finally {
            System.setOut(console);
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
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
