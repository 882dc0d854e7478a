package org.deepcovid.eval.report.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import javax.imageio.ImageIO;

/**
 * SVG elements in the order in which they were drawn, and the clipping paths that they refer to.
 */
final class SvgText {

    private final String idPrefix;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> clips = new LinkedHashMap<>(); // path data to id

    /**
     * An empty drawing.
     *
     * @param idPrefix begins every id; differs among the drawings of one page
     */
    SvgText(String idPrefix) {
        this.idPrefix = idPrefix;
    }

    void fill(Shape shape, Color colour, Shape clip) {
        path(SvgPath.of(shape), paint("f", "fill", colour), clip);
    }

    void stroke(Shape shape, Color colour, BasicStroke stroke, Shape clip) {
        String style = " fill=\"none\"" + paint("s", "stroke", colour) + lines(stroke);
        path(SvgPath.of(shape), style, clip);
    }

    private void path(String data, String style, Shape clip) {
        if (!data.isEmpty()) {
            text.append("<path").append(style).append(clipping(clip));
            text.append(" d=\"").append(data).append("\"/>\n");
        }
    }

    /** A class where the palette knows the colour, which the page may then adapt. */
    private static String paint(String prefix, String property, Color colour) {
        String paint =
                Palette.of(colour)
                        .map(known -> " class=\"%s-%s\"".formatted(prefix, known.cssName()))
                        .orElseGet(
                                () ->
                                        " %s=\"#%06x\""
                                                .formatted(property, colour.getRGB() & 0xFFFFFF));
        return colour.getAlpha() == 255
                ? paint
                : paint
                        + " %s-opacity=\"%s\""
                                .formatted(property, number(colour.getAlpha() / 255.0));
    }

    private static String lines(BasicStroke stroke) {
        StringBuilder style = new StringBuilder();
        style.append(" stroke-width=\"").append(number(stroke.getLineWidth())).append('"');
        if (stroke.getDashArray() != null) {
            StringJoiner dashes = new StringJoiner(" ");
            for (float dash : stroke.getDashArray()) {
                dashes.add(number(dash));
            }
            style.append(" stroke-dasharray=\"").append(dashes).append('"');
        }
        if (stroke.getEndCap() == BasicStroke.CAP_ROUND) {
            style.append(" stroke-linecap=\"round\"");
        }
        if (stroke.getLineJoin() == BasicStroke.JOIN_ROUND) {
            style.append(" stroke-linejoin=\"round\"");
        }
        return style.toString();
    }

    void image(BufferedImage image, Rectangle target, Shape clip) {
        text.append("<image x=\"%d\" y=\"%d\"".formatted(target.x, target.y));
        text.append(" width=\"%d\" height=\"%d\"".formatted(target.width, target.height));
        text.append(clipping(clip)).append(" href=\"data:image/png;base64,");
        text.append(Base64.getEncoder().encodeToString(png(image))).append("\"/>\n");
    }

    static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                throw new IllegalStateException("this Java runtime writes no PNG of " + image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private String clipping(Shape clip) {
        if (clip == null) {
            return "";
        }
        String id =
                clips.computeIfAbsent(
                        SvgPath.of(clip), unseen -> idPrefix + "-clip" + clips.size());
        return " clip-path=\"url(#" + id + ")\"";
    }

    private static String number(double value) {
        String digits = String.format(Locale.ROOT, "%.2f", value);
        return digits.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    @Override
    public String toString() {
        StringBuilder all = new StringBuilder();
        clips.forEach(
                (data, id) ->
                        all.append(
                                "<clipPath id=\"%s\"><path d=\"%s\"/></clipPath>%n"
                                        .formatted(id, data)
                                        .replace(System.lineSeparator(), "\n")));
        return all.append(text).toString();
    }
}
