package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRowTest {

    @TempDir Path folder;

    @Test
    void rowsAndOptionsAreFoundByName() {
        assertThat(Row.named("memory")).isEqualTo(Row.MEMORY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Row.named("speed"))
                .withMessageContaining("there is no row 'speed'; expected one of [folder,");
        RowOptions options =
                RowOptions.parse(List.of("networks=resnet18,resnet50", "counts=5,7", "rounds=3"));
        assertThat(options.networks()).containsExactly("resnet18", "resnet50");
        assertThat(options.counts(1)).containsExactly(5, 7);
        assertThat(options.rounds(9)).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowOptions.parse(List.of("network=resnet18")))
                .withMessageContaining("argument is 'network=resnet18'; expected key=value");
    }

    @Test
    void theFileAndTheRowAreRequired() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunRow.main(new String[] {"out.csv"}))
                .withMessageContaining("expected CSV_FILE ROW");
    }

    @Test
    void figuresHaveFourDigitsInEveryLocale() {
        assertThat(new Figure("memory", "squeezenet", "1000 files", 512.34567, "MB").line())
                .isEqualTo("memory,squeezenet,1000 files,512.3,MB");
    }

    @Test
    void printedNumbersAreReadAndOtherLinesLeft() {
        assertThat(ChildJvm.printed("hello\npeak_megabytes=12.5\nscore=1.0E-4\nname=x\n"))
                .isEqualTo(Map.of("peak_megabytes", 12.5, "score", 1e-4));
    }

    /** Stands for a program of a row. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            System.out.println("sum=" + (Integer.parseInt(args[0]) + Integer.getInteger("more")));
        }
    }

    @Test
    void programsRunInAJvmOfTheirOwn() {
        ChildJvm.Run run = ChildJvm.java(Program.class, List.of("-Dmore=2"), List.of("3"));
        assertThat(run.printed()).isEqualTo(Map.of("sum", 5.0));
        assertThat(run.seconds()).isPositive();
        assertThatThrownBy(() -> ChildJvm.java(Program.class, List.of(), List.of("no number")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with 1");
    }

    @Test
    void enlargedFilesKeepTheirShapeAndAreMadeOnce() throws IOException {
        BufferedImage image = new BufferedImage(60, 40, BufferedImage.TYPE_BYTE_GRAY);
        Path small = folder.resolve("small.png");
        ImageIO.write(image, "png", small.toFile());
        List<Path> files = List.of(small, small);
        Path large = ImageFolder.enlarged(files, 100, "png", folder.resolve("work"));
        assertThat(ImageFolder.files(large)).hasSize(2);
        BufferedImage found = ImageIO.read(ImageFolder.files(large).get(0).toFile());
        assertThat(found.getWidth()).isEqualTo(150);
        assertThat(found.getHeight()).isEqualTo(100);
        Files.delete(large.resolve("0.png"));
        ImageFolder.enlarged(files, 100, "png", folder.resolve("work"));
        assertThat(ImageFolder.files(large)).hasSize(1);
    }

    @Test
    void aFolderWithoutImagesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFolder.files(folder))
                .withMessageContaining("holds no .jpg, .png or .dcm files");
    }

    @Test
    void theLargestDifferenceIsAbsolute() {
        assertThat(AccuracyRow.largestDifference(scored(0.5, 0.2), scored(0.4, 0.5)))
                .isCloseTo(0.3, within(1e-12));
    }

    private static List<ScoredImage> scored(double a, double b) {
        return List.of(new ScoredImage("a", Label.COVID, a), new ScoredImage("b", Label.COVID, b));
    }

    @Test
    void theFirstRoundDoesNotCount() {
        double[] values = {100, 1, 3, 2};
        int[] next = {0};
        assertThat(InTurn.median(3, () -> values[next[0]++])).isEqualTo(2);
    }
}
