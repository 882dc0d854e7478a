package org.deepcovid.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class FigureTest {

    private static Figure figure(Figure.Painter painter) {
        return new Figure("a-figure", "A <title> & more", "caption", "1 < 2", 100, 50, painter);
    }

    /** A square of 20 x 20 in the upper left corner. */
    private static Figure filled(Color colour) {
        return figure(
                g -> {
                    g.setColor(colour);
                    g.fillRect(0, 0, 20, 20);
                });
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    static List<Element> elements(String svg, String name) throws Exception {
        NodeList found = parsed(svg).getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    /** The value of an attribute that the element has, or else its nearest ancestor. */
    static String inherited(Element element, String attribute) {
        Node holder = element;
        while (holder instanceof Element at) {
            if (at.hasAttribute(attribute)) {
                return at.getAttribute(attribute);
            }
            holder = at.getParentNode();
        }
        return "";
    }

    private static BufferedImage png(Figure figure) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(figure.toPng()));
    }

    @Test
    void svgIsXmlWithTitleAndDescription() throws Exception {
        Element svg = parsed(figure(g -> g.fillRect(1, 2, 3, 4)).toSvg()).getDocumentElement();

        assertThat(svg.getAttribute("role")).isEqualTo("img");
        assertThat(svg.getAttribute("viewBox")).isEqualTo("0 0 100 50");
        assertThat(svg.getAttribute("aria-labelledby"))
                .isEqualTo("a-figure-title a-figure-description");
        Element title = (Element) svg.getElementsByTagName("title").item(0);
        Element description = (Element) svg.getElementsByTagName("desc").item(0);
        assertThat(title.getTextContent()).isEqualTo("A <title> & more");
        assertThat(title.getAttribute("id")).isEqualTo("a-figure-title");
        assertThat(description.getTextContent()).isEqualTo("1 < 2");
    }

    @Test
    void inlineSvgLeavesColoursAndBackgroundToThePage() {
        Figure figure = filled(Palette.FIRST.colour());

        assertThat(figure.toInlineSvg())
                .contains("class=\"f-first")
                .doesNotContain("<style", "f-paper", "xmlns", "#0b5cad");
        assertThat(figure.toSvg()).contains(".f-first{fill:#0b5cad}", "class=\"f-paper\"");
        assertThat(Figure.pageStyle())
                .contains("--first:#0b5cad", "prefers-color-scheme:dark", "--first:#6cb6ff")
                .contains(".f-first{fill:var(--first)}");
    }

    @Test
    void pngHasTwoPixelsForEachOfTheFigureOnWhite() throws IOException {
        BufferedImage image = png(filled(Color.RED));

        assertThat(image.getWidth()).isEqualTo(200);
        assertThat(image.getHeight()).isEqualTo(100);
        assertThat(new Color(image.getRGB(60, 0))).isEqualTo(Color.WHITE);
        assertThat(new Color(image.getRGB(25, 25))).isEqualTo(Color.RED);
    }

    @Test
    void aCurveIsOnePathWithOneDashPattern() throws Exception {
        double[] x = IntStream.rangeClosed(0, 200).mapToDouble(i -> i / 200.0).toArray();
        CurveChart chart = Charts.unitChart("t", "x", "y", 300);
        chart.addLine("diagonal", x, x, Palette.THIRD, Charts.DASHED);
        Figure figure = Charts.figure("a-figure", "c", "d", chart);

        List<Element> curves =
                elements(figure.toSvg(), "path").stream()
                        .filter(path -> path.getAttribute("d").split("L").length == 201)
                        .toList();
        assertThat(curves).hasSize(1);
        assertThat(inherited(curves.get(0), "stroke-dasharray")).isEqualTo("7,4");
        BufferedImage image = png(figure);
        int colour = Palette.THIRD.colour().getRGB();
        IntPredicate hasLine =
                column -> IntStream.range(0, 400).anyMatch(y -> image.getRGB(column, y) == colour);
        long drawn = IntStream.range(100, 800).filter(hasLine).count(); // about 7 of 11
        assertThat(drawn).isBetween(300L, 560L);
    }

    @Test
    void aNaNLeavesAGapInALine() throws Exception {
        CurveChart chart = Charts.unitChart("t", "x", "y", 300);
        double[] y = {0.5, 0.5, Double.NaN, 0.7, 0.7};
        chart.addLine("gap", new double[] {0, 0.1, 0.2, 0.3, 0.4}, y, Palette.THIRD, Charts.SOLID);

        assertThat(elements(Charts.figure("a", "c", "d", chart).toSvg(), "path"))
                .anyMatch(
                        path -> path.getAttribute("d").matches("M[^A-Z]+L[^A-Z]+M[^A-Z]+L[^A-Z]+"));
    }

    @Test
    void equalFiguresHaveEqualBytes() {
        Figure.Painter painter = g -> g.drawString("Hello", 10, 20);

        assertThat(figure(painter).toSvg()).isEqualTo(figure(painter).toSvg());
    }

    @Test
    void transformsAndClipsApplyInBothFormats() throws Exception {
        Figure clipped =
                figure(
                        g -> {
                            g.setColor(Color.BLUE);
                            g.translate(10, 0);
                            g.scale(2, 2);
                            g.clipRect(0, 0, 10, 10); // 10 to 30, 0 to 20 of the figure
                            g.fillRect(5, 5, 20, 20);
                        });

        Element filled = elements(clipped.toSvg(), "rect").get(1); // after the paper
        String clip = inherited(filled, "clip-path");
        assertThat(clip).startsWith("url(#a-figure-clip");
        assertThat(elements(clipped.toSvg(), "clipPath"))
                .anyMatch(path -> clip.equals("url(#" + path.getAttribute("id") + ")"));
        assertThat(inherited(filled, "transform")).contains("scale(2,2)", "translate(10,0)");
        BufferedImage image = png(clipped);
        assertThat(new Color(image.getRGB(50, 30))).isEqualTo(Color.BLUE);
        assertThat(new Color(image.getRGB(70, 30))).isEqualTo(Color.WHITE);
    }

    @Test
    void textBecomesOutlines() {
        String svg = figure(g -> g.drawString("Hello", 10, 20)).toSvg();

        assertThat(svg).contains("<path").doesNotContain("<text", "Hello", "font");
    }

    @Test
    void picturesAreEmbedded() throws Exception {
        BufferedImage grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        Figure figure = figure(g -> g.drawImage(grey, 5, 5, 20, 20, null));

        Element image = elements(figure.toSvg(), "image").get(0);
        assertThat(image.getAttribute("xlink:href")).startsWith("data:image/png;base64,");
        assertThat(figure.toSvg()).contains("x=\"5\"", "y=\"5\"");
        assertThat(new Color(png(figure).getRGB(20, 20))).isEqualTo(Color.BLACK);
    }

    @Test
    void refusesNamesThatCannotBePartOfAFileOrPage() {
        assertRefusedNaming(
                () -> new Figure("A b", "t", "c", "d", 1, 1, g -> {}),
                "figure name is 'A b'; expected lower-case");
        assertRefusedNaming(
                () -> new Figure("a", "t", "c", "d", 0, 1, g -> {}),
                "0 x 1 pixels; expected positive");
    }

    @Test
    void namesWhatToInstallWhereThereAreNoFonts() {
        Runnable noFonts =
                () -> {
                    throw new InternalError("no fonts");
                };
        assertThatThrownBy(() -> Fonts.requireUsable(noFonts))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("finds no fonts")
                .hasMessageContaining("fontconfig");
    }
}
