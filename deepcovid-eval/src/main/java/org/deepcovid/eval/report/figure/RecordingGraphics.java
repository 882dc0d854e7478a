package org.deepcovid.eval.report.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.Image;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.image.BufferedImage;
import java.awt.image.ImageObserver;
import java.util.Map;

/** Draws into a {@link Drawing}; holds the state that the following shapes depend on. */
final class RecordingGraphics extends ShapeGraphics {

    private final Drawing drawing;
    private AffineTransform transform = new AffineTransform();
    private Color colour = Color.BLACK;
    private Color background = Color.WHITE;
    private Stroke stroke = new BasicStroke();
    private Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private Shape clip; // in figure coordinates; null for none
    private final RenderingHints hints = new RenderingHints(Map.of());

    RecordingGraphics(Drawing drawing) {
        this.drawing = drawing;
    }

    @Override
    public Graphics create() {
        RecordingGraphics copy = new RecordingGraphics(drawing);
        copy.transform = new AffineTransform(transform);
        copy.colour = colour;
        copy.background = background;
        copy.stroke = stroke;
        copy.font = font;
        copy.clip = clip;
        copy.hints.putAll(hints);
        return copy;
    }

    @Override
    public void fill(Shape shape) {
        drawing.fill(shape, transform, colour, clip);
    }

    @Override
    public void draw(Shape shape) {
        if (stroke instanceof BasicStroke basic) {
            drawing.stroke(shape, transform, colour, basic, clip);
        } else { // such as XChart's stroke for series without a line
            fill(stroke.createStrokedShape(shape));
        }
    }

    @Override
    public boolean drawImage(Image image, int x, int y, int w, int h, ImageObserver observer) {
        if (!(image instanceof BufferedImage buffered)) {
            throw new UnsupportedOperationException("only images in memory can be drawn");
        }
        drawing.image(buffered, transform, new Rectangle(x, y, w, h), clip);
        return true;
    }

    @Override
    public void clearRect(int x, int y, int width, int height) {
        drawing.fill(new Rectangle(x, y, width, height), transform, background, clip);
    }

    @Override
    public void translate(int x, int y) {
        transform.translate(x, y);
    }

    @Override
    public void translate(double x, double y) {
        transform.translate(x, y);
    }

    @Override
    public void rotate(double angle) {
        transform.rotate(angle);
    }

    @Override
    public void rotate(double angle, double x, double y) {
        transform.rotate(angle, x, y);
    }

    @Override
    public void scale(double x, double y) {
        transform.scale(x, y);
    }

    @Override
    public void shear(double x, double y) {
        transform.shear(x, y);
    }

    @Override
    public void transform(AffineTransform further) {
        transform.concatenate(further);
    }

    @Override
    public void setTransform(AffineTransform other) {
        transform = new AffineTransform(other);
    }

    @Override
    public AffineTransform getTransform() {
        return new AffineTransform(transform);
    }

    @Override
    public void setClip(Shape shape) {
        clip = shape == null ? null : transform.createTransformedShape(shape);
    }

    @Override
    public void clip(Shape shape) {
        if (clip == null || shape == null) {
            setClip(shape);
            return;
        }
        Area both = new Area(clip);
        both.intersect(new Area(transform.createTransformedShape(shape)));
        clip = both;
    }

    @Override
    public Shape getClip() {
        if (clip == null) {
            return null;
        }
        try {
            return transform.createInverse().createTransformedShape(clip);
        } catch (NoninvertibleTransformException e) {
            throw new IllegalStateException("the transform flattens the figure: " + transform, e);
        }
    }

    @Override
    public Rectangle getClipBounds() {
        Shape shape = getClip();
        return shape == null ? null : shape.getBounds();
    }

    @Override
    public void setColor(Color newColour) {
        if (newColour != null) {
            colour = newColour;
        }
    }

    @Override
    public Color getColor() {
        return colour;
    }

    @Override
    public void setStroke(Stroke newStroke) {
        stroke = newStroke;
    }

    @Override
    public Stroke getStroke() {
        return stroke;
    }

    @Override
    public void setFont(Font newFont) {
        font = newFont;
    }

    @Override
    public Font getFont() {
        return font;
    }

    @Override
    public void setBackground(Color newBackground) {
        background = newBackground;
    }

    @Override
    public Color getBackground() {
        return background;
    }

    @Override
    public void setRenderingHint(RenderingHints.Key key, Object value) {
        hints.put(key, value);
    }

    @Override
    public Object getRenderingHint(RenderingHints.Key key) {
        return hints.get(key);
    }

    @Override
    public void setRenderingHints(Map<?, ?> newHints) {
        hints.clear();
        hints.putAll(newHints);
    }

    @Override
    public void addRenderingHints(Map<?, ?> more) {
        hints.putAll(more);
    }

    @Override
    public RenderingHints getRenderingHints() {
        return (RenderingHints) hints.clone();
    }
}
