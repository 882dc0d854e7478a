package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.io.IfExists;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    /** What the page loaded from elsewhere. */
    private static final String REQUESTS =
            """
            performance.getEntriesByType('resource').map(e => e.name)
                .filter(name => !name.startsWith('data:'))
            """;

    private static final String FIRST_CELL =
            "getComputedStyle(document.querySelector('#summary td'), '::before').content";
    private static final String BACKGROUND =
            "getComputedStyle(document.documentElement).backgroundColor";
    private static final String WIDTH = "document.documentElement.scrollWidth";

    /** Shows a page in a frame of a given width; its text becomes the values of expressions. */
    private static final String FRAME =
            """
            <!DOCTYPE html><meta charset="utf-8"><body><script>
            const frame = document.createElement('iframe');
            frame.style = 'width: %dpx; height: 900px; border: 0';
            frame.onload = () => {
                const values = %s.map(text => frame.contentWindow.eval(text));
                document.body.textContent = encodeURIComponent(JSON.stringify(values));
            };
            frame.srcdoc = %s;
            document.body.append(frame);
            </script>
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path folder;
    private static Path browser;
    private static String page;
    private static String threeLabels;

    @BeforeAll
    static void writeReport() throws IOException {
        Optional<Path> program = browser();
        assumeTrue(
                program.isPresent(),
                "no Chromium on the path; name one with -Ddeepcovid.browser=PROGRAM");
        browser = program.get();
        DatasetSplit split = Reports.split(folder.resolve("images"), 12);
        Report report =
                Reports.empty(split)
                        .withPublished(PublishedResult.deepCovid())
                        .with("first", Reports.evaluation(split, 1))
                        .with(
                                "second",
                                Reports.evaluation(split, 2),
                                i -> Optional.of(Reports.heatmap(i)));
        page = written("report", report);
        LabelSet labels = Reports.labels("Normal", "Viral Pneumonia", "COVID-19");
        DatasetSplit three = Reports.split(folder.resolve("three"), 12, labels);
        threeLabels =
                written(
                        "many",
                        Reports.empty(three)
                                .with("first", Reports.evaluation(three, 1))
                                .with("second", Reports.evaluation(three, 2)));
    }

    private static String written(String name, Report report) throws IOException {
        return Files.readString(
                ReportWriter.into(folder.resolve(name), IfExists.FAIL).write(report));
    }

    /** What the system property {@code deepcovid.browser} names, or a usual name on the path. */
    private static Optional<Path> browser() {
        String named = System.getProperty("deepcovid.browser", "");
        String[] path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        Stream<Path> usual =
                Stream.of("chromium", "chromium-browser", "google-chrome")
                        .flatMap(name -> Stream.of(path).map(at -> Path.of(at, name)));
        return (named.isEmpty() ? usual : Stream.of(Path.of(named)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Values of expressions in a page; nothing may be written to the console meanwhile. */
    private static JsonNode evaluate(String html, int width, String scheme, String... expressions)
            throws Exception {
        String text = JSON.writeValueAsString(html).replace("<", "\\u003c");
        Path frame = folder.resolve("frame.html");
        Files.writeString(
                frame, FRAME.formatted(width, JSON.writeValueAsString(expressions), text));
        Path out = folder.resolve("out.html");
        Path log = folder.resolve("log.txt");
        Process process =
                new ProcessBuilder(
                                browser.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--enable-logging=stderr",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--blink-settings=preferredColorScheme="
                                        + List.of("dark", "light").indexOf(scheme),
                                "--dump-dom",
                                frame.toUri().toString())
                        .redirectOutput(out.toFile())
                        .redirectError(log.toFile())
                        .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(log)).doesNotContain("CONSOLE");
        String body = Files.readString(out).replaceAll("(?s).*<body>|</body>.*", "");
        return JSON.readTree(URLDecoder.decode(body, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1280, light, 'rgb(255, 255, 255)'",
        "2, 1280, dark, 'rgb(13, 17, 23)'",
        "2, 400, light, 'rgb(255, 255, 255)'",
        "2, 400, dark, 'rgb(13, 17, 23)'",
        "3, 1280, light, 'rgb(255, 255, 255)'",
        "3, 400, dark, 'rgb(13, 17, 23)'"
    })
    void fitsTheWindowInTheReadersColours(int labels, int width, String scheme, String background)
            throws Exception {
        JsonNode values =
                evaluate(
                        labels == 2 ? page : threeLabels,
                        width,
                        scheme,
                        BACKGROUND,
                        WIDTH,
                        REQUESTS,
                        STICKING_OUT,
                        FAINT,
                        WITHOUT_PICTURE);

        assertThat(values.get(0).asText()).isEqualTo(background);
        assertThat(values.get(1).asInt()).isBetween(1, width);
        assertThat(List.of(values.get(2), values.get(3), values.get(4), values.get(5)))
                .allSatisfy(found -> assertThat(found).isEmpty());
    }

    /** A4 without margins of 15 mm is 680 pixels wide. */
    @Test
    void fitsAPrintedPage() throws Exception {
        String navigation = "getComputedStyle(document.querySelector('nav')).display";
        assertThat(evaluate(page, 680, "light", navigation)).doesNotHaveToString("[\"none\"]");
        String printed = page.replace("@media print", "@media all");
        JsonNode values = evaluate(printed, 680, "light", WIDTH, navigation);

        assertThat(values.get(0).asInt()).isBetween(1, 680);
        assertThat(values.get(1).asText()).isEqualTo("none");
    }

    @Test
    void narrowWindowsNameTheColumnOfEveryCell() throws Exception {
        JsonNode narrow = evaluate(page, 400, "light", FIRST_CELL, WIDEST_HEADER);

        assertThat(narrow.get(0).asText()).contains("area under the ROC curve");
        assertThat(narrow.get(1).asDouble())
                .as("headers that would lie over the cells")
                .isLessThanOrEqualTo(1);
        assertThat(evaluate(page, 1280, "light", FIRST_CELL).get(0).asText()).isEqualTo("none");
    }
}
