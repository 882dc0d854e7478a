package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;

class DemoTest extends TerminalTest {

    @Test
    void makesEverythingFromNothingAndSaysThatItIsSynthetic() throws IOException {
        Terminal.Run run = terminal.succeeds("demo", "--images", 24, "--epochs", 3);
        Path made = folder.resolve("deepcovid-demo");
        Path page = made.resolve("report/report.html");
        assertThat(run.out())
                .contains("area under the ROC curve", page.toUri().toString())
                .contains("Not a diagnostic device");
        assertThat(run.err()).contains("They show no person and no disease", "features: ");
        assertThat(made.resolve("images/manifest.csv")).exists();
        assertThat(made.resolve("demo.deepcovid")).exists();
        assertThat(page)
                .content()
                .contains(
                        "Synthetic data: every image is a drawn phantom",
                        "Evidence of the network in ")
                .containsAnyOf("Most confident correct calls", "Most confident errors");
        try (Stream<Path> cases = Files.list(made.resolve("cases"))) {
            assertThat(cases).anyMatch(file -> file.toString().endsWith("-figure.png"));
        }

        Terminal.Run second = terminal.succeeds("demo", "--images", 24, "--epochs", 1, "-q");
        assertThat(folder.resolve("deepcovid-demo-2/report/report.html")).exists();
        assertThat(second.err()).isEmpty();
    }

    @Test
    void takesTheUsersOwnImagesAndDividesThem() throws IOException {
        Path data = SyntheticRadiographs.writeClasses(folder.resolve("mine"), 10, 1);
        Path output = folder.resolve("out");
        assertThat(terminal.succeeds("demo", data, "-o", output, "--epochs", 2).err())
                .contains("train 12 (6)  val 4 (2)  test 4 (2)", "patients are not known");
        assertThat(output.resolve("images")).doesNotExist();
        assertThat(output.resolve("report/report.html"))
                .content()
                .contains("A first try on " + data)
                .doesNotContain("Synthetic data");

        errors(3, "demo", data, "-o", output).contains("is there and not empty");
    }

    @Test
    void aFailedRunLeavesNothingAndIsSimplyRunAgain() throws IOException {
        Path data = SyntheticRadiographs.writeClasses(folder.resolve("mine"), 10, 1);
        Path broken = data.resolve("non/003.png");
        byte[] whole = Files.readAllBytes(broken);
        Files.write(broken, Arrays.copyOf(whole, whole.length / 2));
        Path output = folder.resolve("out");
        errors(3, "demo %s -o %s --epochs 1", data, output).contains("non/003.png");
        assertThat(output).doesNotExist();
        Files.write(broken, whole);
        BufferedImage picture = ImageIO.read(data.resolve("covid/000.png").toFile());
        ImageIO.write(picture, "jpg", data.resolve("non/copy.jpg").toFile());
        errors(3, "demo %s -o %s --epochs 1", data, output).contains("show the same picture");
        terminal.succeeds("demo %s -o %s --epochs 1 --near-copies allow", data, output);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("home", "mine", "out");
        }
    }

    @Test
    void reportsAWrongFolderBeforeMakingAny() {
        errors(3, "demo", folder.resolve("none")).contains("none does not exist");
        assertThat(folder.resolve("deepcovid-demo")).doesNotExist();
        assertThat(terminal.run("demo", "--images", 5).err())
                .contains("--images is 5; expected at least 24");
    }
}
