package org.deepcovid.eval.report.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class FigureTest {

    private static Figure figure(Figure.Painter painter) {
        return new Figure("a-figure", "A <title> & more", "caption", "1 < 2", 100, 50, painter);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static BufferedImage png(Figure figure) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(figure.toPng()));
    }

    @Test
    void svgIsXmlWithTitleAndDescriptionForReadersWhoCannotSee() throws Exception {
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
        Figure figure =
                figure(
                        g -> {
                            g.setColor(Palette.FIRST.colour());
                            g.fillRect(0, 0, 10, 10);
                        });

        assertThat(figure.toInlineSvg())
                .contains("class=\"f-first\"")
                .doesNotContain("<style", "f-paper", "xmlns", "#0b5cad");
        assertThat(figure.toSvg()).contains(".f-first{fill:#0b5cad}", "class=\"f-paper\"");
        assertThat(Figure.pageStyle())
                .contains("--first:#0b5cad", "prefers-color-scheme:dark", "--first:#6cb6ff")
                .contains(".f-first{fill:var(--first)}");
    }

    @Test
    void pngHasTwoPixelsForEachOfTheFigureOnWhite() throws IOException {
        BufferedImage image =
                png(
                        figure(
                                g -> {
                                    g.setColor(Color.RED);
                                    g.fillRect(10, 10, 5, 5);
                                }));

        assertThat(image.getWidth()).isEqualTo(200);
        assertThat(image.getHeight()).isEqualTo(100);
        assertThat(new Color(image.getRGB(0, 0))).isEqualTo(Color.WHITE);
        assertThat(new Color(image.getRGB(25, 25))).isEqualTo(Color.RED);
    }

    @Test
    void linesThatContinueEachOtherShareOneDashPattern() throws IOException {
        Figure dashed =
                figure(
                        g -> {
                            g.setColor(Color.BLACK);
                            g.setStroke(
                                    new BasicStroke(
                                            2,
                                            BasicStroke.CAP_BUTT,
                                            BasicStroke.JOIN_MITER,
                                            10,
                                            new float[] {10, 10},
                                            0));
                            for (int x = 0; x < 100; x += 2) {
                                g.draw(new Line2D.Double(x, 25, x + 2, 25));
                            }
                        });

        assertThat(dashed.toSvg().split("<path", -1)).hasSize(2);
        BufferedImage image = png(dashed);
        assertThat(new Color(image.getRGB(10, 50))).isEqualTo(Color.BLACK); // within the first dash
        assertThat(new Color(image.getRGB(30, 50))).isEqualTo(Color.WHITE); // in the first gap
        assertThat(new Color(image.getRGB(50, 50))).isEqualTo(Color.BLACK);
    }

    @Test
    void linesOfOtherColourStrokeOrPlaceStaySeparate() {
        Figure lines =
                figure(
                        g -> {
                            g.draw(new Line2D.Double(0, 0, 5, 5));
                            g.draw(new Line2D.Double(6, 5, 9, 9)); // does not continue
                            g.setColor(Color.RED);
                            g.draw(new Line2D.Double(9, 9, 12, 9)); // other colour
                            g.setStroke(new BasicStroke(3));
                            g.draw(new Line2D.Double(12, 9, 15, 9)); // other stroke
                        });

        assertThat(lines.toSvg().split("<path", -1)).hasSize(5);
    }

    @Test
    void transformsAndClipsApplyInBothFormats() throws IOException {
        Figure clipped =
                figure(
                        g -> {
                            g.setColor(Color.BLUE);
                            g.translate(10, 0);
                            g.scale(2, 2);
                            g.clipRect(0, 0, 10, 10); // 10 to 30, 0 to 20 of the figure
                            g.fillRect(5, 5, 20, 20);
                        });

        assertThat(clipped.toSvg())
                .contains(
                        "<clipPath id=\"a-figure-clip0\"><path d=\"M10 0l20 0l0 20l-20 0l0-20z\"/>")
                .contains("clip-path=\"url(#a-figure-clip0)\"")
                .contains("d=\"M20 10l40 0l0 40l-40 0l0-40z\"");
        BufferedImage image = png(clipped);
        assertThat(new Color(image.getRGB(50, 30))).isEqualTo(Color.BLUE);
        assertThat(new Color(image.getRGB(70, 30))).isEqualTo(Color.WHITE);
    }

    @Test
    void textBecomesOutlinesSoThatNoFontIsNeededToReadIt() {
        String svg = figure(g -> g.drawString("Hello", 10, 20)).toSvg();

        assertThat(svg).contains("<path").doesNotContain("<text", "Hello", "font");
    }

    @Test
    void picturesTravelInsideTheFile() throws IOException {
        BufferedImage grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        Figure figure = figure(g -> g.drawImage(grey, 5, 5, 20, 20, null));

        assertThat(figure.toSvg())
                .contains("<image x=\"5\" y=\"5\" width=\"20\" height=\"20\"")
                .contains("href=\"data:image/png;base64,");
        assertThat(new Color(png(figure).getRGB(20, 20))).isEqualTo(Color.BLACK);
    }

    @Test
    void refusesWhatSvgWouldShowOtherwise() {
        Figure gradient =
                figure(g -> g.setPaint(new GradientPaint(0, 0, Color.RED, 9, 9, Color.BLUE)));

        assertThatThrownBy(gradient::toSvg)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("expected a colour");
    }

    @Test
    void refusesNamesThatCannotBePartOfAFileOrPage() {
        assertThatThrownBy(() -> new Figure("A b", "t", "c", "d", 1, 1, g -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("figure name is 'A b'; expected lower-case");
        assertThatThrownBy(() -> new Figure("a", "t", "c", "d", 0, 1, g -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 x 1 pixels; expected positive");
    }

    @Test
    void saysWhatToInstallWhereThereAreNoFonts() {
        assertThatThrownBy(
                        () ->
                                Fonts.requireUsable(
                                        () -> {
                                            throw new InternalError("no fonts");
                                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("finds no fonts")
                .hasMessageContaining("fontconfig");
    }
}
