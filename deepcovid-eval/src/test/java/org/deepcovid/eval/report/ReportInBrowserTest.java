package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a browser shows it. Skipped, with the reason, where there is no Chromium. */
class ReportInBrowserTest {

    /** Visible elements that stick out of the window, figures left to their own frame. */
    private static final String STICKING_OUT =
            """
            [...document.querySelectorAll('body *')]
                .filter(e => !e.closest('svg, thead, .skip'))
                .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                .map(e => e.tagName + ': ' + e.textContent.slice(0, 60))
            """;

    /** Texts whose contrast with the page (WCAG 2.1) is below 4.5. */
    private static final String FAINT =
            """
            (() => {
                const numbers = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(Number);
                const light = colour => numbers(colour).map(v => v / 255)
                    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                const page = light(getComputedStyle(document.documentElement).backgroundColor);
                const contrast = text => {
                    const ink = light(text);
                    return (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05);
                };
                const texts = [...document.querySelectorAll('body *')]
                    .filter(e => !e.closest('svg'))
                    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                    .filter(e => contrast(getComputedStyle(e).color) < 4.5);
                const inks = [...document.querySelectorAll('svg .f-ink')]
                    .filter(e => contrast(getComputedStyle(e).fill) < 4.5);
                return [...texts, ...inks].map(e => e.tagName + ': ' + e.textContent.slice(0, 60));
            })()
            """;

    /** Images that did not load and figures that have collapsed. */
    private static final String WITHOUT_PICTURE =
            """
            [...[...document.images].filter(i => !i.naturalWidth).map(i => i.alt),
                ...[...document.querySelectorAll('.figures svg')]
                    .filter(s => s.getBoundingClientRect().height < 100).map(s => s.textContent)]
            """;

    private static final String WIDEST_HEADER =
            """
            Math.max(...[...document.querySelectorAll('thead')]
                .map(t => t.getBoundingClientRect().width))
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Browser browser;
    private static URI page;
    private static URI threeLabels;

    @BeforeAll
    static void openBrowser() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(
                program.isPresent(),
                "no Chromium on the path; name one with -Ddeepcovid.browser=PROGRAM");
        DatasetSplit split = Reports.split(folder.resolve("images"), 12);
        RasterImage overlay = RasterImage.of(1, 1, 3, new byte[] {99, 0, 0});
        Report report =
                Reports.empty(split)
                        .withPublished(PublishedResult.deepCovid())
                        .with("first", Reports.evaluation(split, 1))
                        .with("second", Reports.evaluation(split, 2), i -> Optional.of(overlay));
        page = ReportWriter.into(folder.resolve("report"), IfExists.FAIL).write(report).toUri();
        LabelSet labels = Reports.labels("Normal", "Viral Pneumonia", "COVID-19");
        DatasetSplit three = Reports.split(folder.resolve("three"), 12, labels);
        Report many =
                Reports.empty(three)
                        .with("first", Reports.evaluation(three, 1))
                        .with("second", Reports.evaluation(three, 2));
        threeLabels = ReportWriter.into(folder.resolve("many"), IfExists.FAIL).write(many).toUri();
        browser = new Browser(program.get(), folder.resolve("profile"));
    }

    @AfterAll
    static void closeBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1280, light", "2, 1280, dark", "2, 400, light", "2, 400, dark",
        "3, 1280, light", "3, 1280, dark", "3, 400, light", "3, 400, dark"
    })
    void fitsTheWindowWithoutComplaint(int labels, int width, String scheme) throws Exception {
        URI opened = labels == 2 ? page : threeLabels;
        browser.open(opened, width, scheme, "screen");

        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(opened.toString());
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
        assertThat(browser.evaluate(STICKING_OUT)).isEmpty();
        assertThat(browser.evaluate(FAINT)).isEmpty();
        assertThat(browser.evaluate(WITHOUT_PICTURE)).isEmpty();
    }

    /** A4 without margins of 15 mm is 680 pixels wide. */
    @Test
    void fitsAPrintedPage() throws Exception {
        browser.open(page, 680, "light", "print");

        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(680);
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('nav')).display"))
                .hasToString("\"none\"");
    }

    @Test
    void followsTheReadersColourScheme() throws Exception {
        String background = "getComputedStyle(document.documentElement).backgroundColor";
        browser.open(page, 1280, "light", "screen");
        JsonNode light = browser.evaluate(background);
        browser.open(page, 1280, "dark", "screen");

        assertThat(light.asText()).isEqualTo("rgb(255, 255, 255)");
        assertThat(browser.evaluate(background).asText()).isEqualTo("rgb(13, 17, 23)");
    }

    @Test
    void narrowWindowsNameTheColumnOfEveryCell() throws Exception {
        browser.open(page, 400, "light", "screen");
        String first =
                "getComputedStyle(document.querySelector('#summary td'), '::before').content";

        assertThat(browser.evaluate(first).asText()).contains("area under the ROC curve");
        assertThat(browser.evaluate(WIDEST_HEADER).asDouble())
                .as("headers that would lie over the cells")
                .isLessThanOrEqualTo(1);
        browser.open(page, 1280, "light", "screen");
        assertThat(browser.evaluate(first).asText()).isEqualTo("none");
    }
}
