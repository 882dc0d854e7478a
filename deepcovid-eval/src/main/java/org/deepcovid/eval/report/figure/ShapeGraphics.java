package org.deepcovid.eval.report.figure;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.GraphicsConfiguration;
import java.awt.Image;
import java.awt.Paint;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;

/**
 * Reduces everything that can be drawn to shapes that are filled or stroked, and to whole images.
 * Text becomes outlines. What has no counterpart in SVG elements is refused rather than lost.
 */
abstract class ShapeGraphics extends Graphics2D {

    private static final FontRenderContext GLYPHS = new FontRenderContext(null, true, true);

    @Override
    public void dispose() {}

    @Override
    public boolean drawImage(Image image, int x, int y, ImageObserver observer) {
        return drawImage(
                image, x, y, image.getWidth(observer), image.getHeight(observer), observer);
    }

    @Override
    public void drawString(String text, float x, float y) {
        drawGlyphVector(getFont().createGlyphVector(GLYPHS, text), x, y);
    }

    @Override
    public void drawString(String text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawString(AttributedCharacterIterator text, float x, float y) {
        fill(new TextLayout(text, GLYPHS).getOutline(AffineTransform.getTranslateInstance(x, y)));
    }

    @Override
    public void drawString(AttributedCharacterIterator text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        fill(glyphs.getOutline(x, y));
    }

    @Override
    public void drawLine(int x1, int y1, int x2, int y2) {
        draw(new Line2D.Double(x1, y1, x2, y2));
    }

    @Override
    public void fillRect(int x, int y, int width, int height) {
        fill(new Rectangle(x, y, width, height));
    }

    @Override
    public void drawRoundRect(int x, int y, int w, int h, int arcWidth, int arcHeight) {
        draw(new RoundRectangle2D.Double(x, y, w, h, arcWidth, arcHeight));
    }

    @Override
    public void fillRoundRect(int x, int y, int w, int h, int arcWidth, int arcHeight) {
        fill(new RoundRectangle2D.Double(x, y, w, h, arcWidth, arcHeight));
    }

    @Override
    public void drawOval(int x, int y, int width, int height) {
        draw(new Ellipse2D.Double(x, y, width, height));
    }

    @Override
    public void fillOval(int x, int y, int width, int height) {
        fill(new Ellipse2D.Double(x, y, width, height));
    }

    @Override
    public void drawArc(int x, int y, int width, int height, int start, int extent) {
        draw(new Arc2D.Double(x, y, width, height, start, extent, Arc2D.OPEN));
    }

    @Override
    public void fillArc(int x, int y, int width, int height, int start, int extent) {
        fill(new Arc2D.Double(x, y, width, height, start, extent, Arc2D.PIE));
    }

    @Override
    public void drawPolyline(int[] xs, int[] ys, int count) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                path.moveTo(xs[i], ys[i]);
            } else {
                path.lineTo(xs[i], ys[i]);
            }
        }
        draw(path);
    }

    @Override
    public void drawPolygon(int[] xs, int[] ys, int count) {
        draw(new Polygon(xs, ys, count));
    }

    @Override
    public void fillPolygon(int[] xs, int[] ys, int count) {
        fill(new Polygon(xs, ys, count));
    }

    @Override
    public void setClip(int x, int y, int width, int height) {
        setClip(new Rectangle(x, y, width, height));
    }

    @Override
    public void clipRect(int x, int y, int width, int height) {
        clip(new Rectangle(x, y, width, height));
    }

    @Override
    public void setPaint(Paint paint) {
        if (!(paint instanceof Color plain)) {
            throw new UnsupportedOperationException("paint is " + paint + "; expected a colour");
        }
        setColor(plain);
    }

    @Override
    public Paint getPaint() {
        return getColor();
    }

    @Override
    public void setComposite(Composite composite) {
        if (!AlphaComposite.SrcOver.equals(composite)) {
            throw new UnsupportedOperationException("composite is " + composite);
        }
    }

    @Override
    public Composite getComposite() {
        return AlphaComposite.SrcOver;
    }

    @Override
    public FontMetrics getFontMetrics(Font wanted) {
        Graphics2D pixel = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            return pixel.getFontMetrics(wanted);
        } finally {
            pixel.dispose();
        }
    }

    @Override
    public FontRenderContext getFontRenderContext() {
        return GLYPHS;
    }

    @Override
    public boolean hit(Rectangle rectangle, Shape shape, boolean onStroke) {
        return shape.intersects(rectangle);
    }

    @Override
    public GraphicsConfiguration getDeviceConfiguration() {
        return null; // no device behind a text
    }

    @Override
    public void setPaintMode() {}

    @Override
    public void setXORMode(Color other) {
        throw new UnsupportedOperationException("SVG has no such blending");
    }

    @Override
    public void copyArea(int x, int y, int width, int height, int dx, int dy) {
        throw new UnsupportedOperationException("SVG elements cannot be read back");
    }

    @Override
    public boolean drawImage(Image image, AffineTransform at, ImageObserver observer) {
        Graphics2D moved = (Graphics2D) create();
        moved.transform(at);
        return moved.drawImage(image, 0, 0, observer);
    }

    @Override
    public void drawImage(BufferedImage image, BufferedImageOp operation, int x, int y) {
        drawImage(operation == null ? image : operation.filter(image, null), x, y, null);
    }

    @Override
    public boolean drawImage(Image image, int x, int y, Color paper, ImageObserver observer) {
        throw new UnsupportedOperationException("images with a background colour");
    }

    @Override
    public boolean drawImage(
            Image image, int x, int y, int w, int h, Color paper, ImageObserver observer) {
        throw new UnsupportedOperationException("images with a background colour");
    }

    @Override
    public boolean drawImage(
            Image image,
            int dx1,
            int dy1,
            int dx2,
            int dy2,
            int sx1,
            int sy1,
            int sx2,
            int sy2,
            ImageObserver observer) {
        throw new UnsupportedOperationException("parts of images");
    }

    @Override
    public boolean drawImage(
            Image image,
            int dx1,
            int dy1,
            int dx2,
            int dy2,
            int sx1,
            int sy1,
            int sx2,
            int sy2,
            Color paper,
            ImageObserver observer) {
        throw new UnsupportedOperationException("parts of images");
    }

    @Override
    public void drawRenderedImage(RenderedImage image, AffineTransform at) {
        throw new UnsupportedOperationException("rendered images");
    }

    @Override
    public void drawRenderableImage(RenderableImage image, AffineTransform at) {
        throw new UnsupportedOperationException("renderable images");
    }
}
