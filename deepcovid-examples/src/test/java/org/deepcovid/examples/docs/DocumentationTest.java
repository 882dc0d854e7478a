package org.deepcovid.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;

/** README.md and the pages below docs say what is so. */
final class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final List<MarkdownPage> PAGES = MarkdownPage.all(ROOT);

    @Test
    void everyBlockNamesALanguageThatIsChecked() {
        assertThat(PAGES).flatMap(Languages::problems).isEmpty();
    }

    @Test
    void commandsCanBeTyped() {
        assertThat(PAGES).flatMap(new Commands(ROOT)::problems).isEmpty();
    }

    @Test
    void sharedFilesThatCommandsNameExist() {
        Path shared = SharedData.path("data").getParent();
        assertThat(PAGES)
                .flatMap(Commands::sharedFiles)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(shared.resolve(name)).exists());
    }

    @Test
    void dependenciesHaveTheVersionsOfTheBuild() throws IOException {
        PomCoordinates build = new PomCoordinates(ROOT);
        assertThat(PAGES).flatMap(build::problems).isEmpty();
    }

    @Test
    void linksLeadSomewhere() {
        assertThat(new Links(ROOT, PAGES).broken()).isEmpty();
    }

    @Test
    void everyPictureIsShownSomewhere() throws IOException {
        try (Stream<Path> pictures = Files.list(ROOT.resolve("docs/images"))) {
            assertThat(pictures)
                    .isNotEmpty()
                    .allSatisfy(
                            picture ->
                                    assertThat(PAGES)
                                            .anyMatch(page -> page.shows(picture.getFileName())));
        }
    }

    @Test
    void everyPageIsReachableFromTheReadme() {
        assertThat(new Links(ROOT, PAGES).unreachable()).isEmpty();
    }

    @Test
    void pagesThatShowResultsSayThatThisIsNoDiagnosticDevice() {
        assertThat(PAGES).flatMap(Disclaimer::problems).isEmpty();
    }
}
