package org.deepcovid.eval.figure;

import java.awt.Color;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.DefaultStyleHandler;
import org.apache.batik.svggen.ImageHandlerBase64Encoder;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.apache.batik.svggen.SVGIDGenerator;
import org.apache.batik.svggen.SimpleImageHandler;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Draws a figure as SVG elements with Batik. */
final class SvgElements {

    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private static final Pattern RGB = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");

    private SvgElements() {}

    /**
     * The elements of a drawing, without the enclosing {@code svg} element. Colours of the palette
     * become classes, which a page can redefine for dark mode.
     *
     * @param idPrefix start of every id; must differ among the figures of a page
     */
    static String of(String idPrefix, Figure.Painter painter) {
        try {
            Document document =
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .getDOMImplementation()
                            .createDocument(NAMESPACE, "svg", null);
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setIDGenerator(new PrefixedIds(idPrefix));
            context.setStyleHandler(new PaletteClasses());
            context.setGenericImageHandler(new SimpleImageHandler(new PngImages()));
            context.setPrecision(1);
            SVGGraphics2D graphics = new SVGGraphics2D(context, true);
            painter.paint(graphics);
            Element group = graphics.getTopLevelGroup();
            removeInvisible(group);
            return text(group);
        } catch (ParserConfigurationException | TransformerException e) {
            throw new IllegalStateException("the JDK's XML library failed: " + e.getMessage(), e);
        }
    }

    /** Removes what is drawn with a fully transparent colour. */
    private static void removeInvisible(Element parent) {
        for (Node child = parent.getFirstChild(); child != null; ) {
            Node next = child.getNextSibling();
            if (child instanceof Element element
                    && "0".equals(element.getAttribute("fill-opacity"))) {
                parent.removeChild(child);
            }
            child = next;
        }
    }

    private static String text(Element element) throws TransformerException {
        Transformer writer = TransformerFactory.newDefaultInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter text = new StringWriter();
        writer.transform(new DOMSource(element), new StreamResult(text));
        return text.toString().replace(" xmlns=\"" + NAMESPACE + "\"", "") + "\n";
    }

    private static final class PrefixedIds extends SVGIDGenerator {
        private final String start;

        PrefixedIds(String start) {
            this.start = start;
        }

        @Override
        public String generateID(String prefix) {
            return start + "-" + super.generateID(prefix);
        }
    }

    /** Embeds images as PNG, written by the JDK instead of another Batik module. */
    private static final class PngImages extends ImageHandlerBase64Encoder {
        @Override
        public void encodeImage(RenderedImage image, OutputStream target)
                throws SVGGraphics2DIOException {
            try {
                ImageIO.write(image, "png", target);
            } catch (IOException e) {
                throw new SVGGraphics2DIOException("writing to memory failed", e);
            }
        }
    }

    /** Writes the colours of the palette as classes, and no fonts, since text becomes outlines. */
    private static final class PaletteClasses extends DefaultStyleHandler {
        @Override
        @SuppressWarnings("rawtypes") // Batik's signature
        public void setStyle(Element element, Map styles, SVGGeneratorContext context) {
            Map<String, Object> kept = new TreeMap<>();
            StringJoiner classes = new StringJoiner(" ");
            for (Object entry : styles.entrySet()) {
                Map.Entry<?, ?> style = (Map.Entry<?, ?>) entry;
                String property = (String) style.getKey();
                Optional<Palette> colour = palette(property, (String) style.getValue());
                if (colour.isPresent()) {
                    classes.add(property.charAt(0) + "-" + colour.orElseThrow().cssName());
                } else if (!property.startsWith("font") && !property.endsWith("-rendering")) {
                    kept.put(property, style.getValue());
                }
            }
            if (classes.length() > 0) {
                element.setAttribute("class", classes.toString());
            }
            super.setStyle(element, kept, context);
        }

        private static Optional<Palette> palette(String property, String value) {
            Matcher rgb = RGB.matcher(value);
            return (property.equals("fill") || property.equals("stroke")) && rgb.matches()
                    ? Palette.of(
                            new Color(
                                    Integer.parseInt(rgb.group(1)),
                                    Integer.parseInt(rgb.group(2)),
                                    Integer.parseInt(rgb.group(3))))
                    : Optional.empty();
        }
    }
}
