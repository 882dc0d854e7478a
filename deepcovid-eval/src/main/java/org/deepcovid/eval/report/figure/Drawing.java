package org.deepcovid.eval.report.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What has been drawn, in figure coordinates. XChart draws a curve as hundreds of separate lines;
 * those that continue each other are joined here, since a dash pattern that starts anew every two
 * pixels is a solid line.
 */
final class Drawing {

    /** One thing that was drawn; a null clip is none. */
    private sealed interface Element permits Filled, Stroked, Picture {
        void paint(Graphics2D target);

        void write(SvgText target);
    }

    private record Filled(Shape shape, Color colour, Shape clip) implements Element {
        @Override
        public void paint(Graphics2D target) {
            target.setClip(clip);
            target.setColor(colour);
            target.fill(shape);
        }

        @Override
        public void write(SvgText target) {
            target.fill(shape, colour, clip);
        }
    }

    private record Stroked(Path2D path, Color colour, BasicStroke stroke, Shape clip)
            implements Element {
        @Override
        public void paint(Graphics2D target) {
            target.setClip(clip);
            target.setColor(colour);
            target.setStroke(stroke);
            target.draw(path);
        }

        @Override
        public void write(SvgText target) {
            target.stroke(path, colour, stroke, clip);
        }

        boolean looksLike(Stroked other) {
            return colour.equals(other.colour)
                    && stroke.equals(other.stroke)
                    && Objects.equals(clip, other.clip);
        }
    }

    private record Picture(BufferedImage image, Rectangle place, Shape clip) implements Element {
        @Override
        public void paint(Graphics2D target) {
            target.setClip(clip);
            target.drawImage(image, place.x, place.y, place.width, place.height, null);
        }

        @Override
        public void write(SvgText target) {
            target.image(image, place, clip);
        }
    }

    private final List<Element> elements = new ArrayList<>();

    void fill(Shape shape, AffineTransform transform, Color colour, Shape clip) {
        if (colour.getAlpha() > 0) {
            elements.add(new Filled(transform.createTransformedShape(shape), colour, clip));
        }
    }

    void stroke(
            Shape shape, AffineTransform transform, Color colour, BasicStroke stroke, Shape clip) {
        if (colour.getAlpha() == 0 || stroke.getLineWidth() == 0) {
            return;
        }
        Path2D path = new Path2D.Double(shape, transform);
        Stroked added = new Stroked(path, colour, scaled(stroke, transform), clip);
        if (!(shape instanceof Line2D && continued(added))) {
            elements.add(added);
        }
    }

    /** Whether the last element ended where this one starts, and now goes on with it. */
    private boolean continued(Stroked line) {
        if (elements.isEmpty()
                || !(elements.get(elements.size() - 1) instanceof Stroked last)
                || !last.looksLike(line)) {
            return false;
        }
        Point2D end = last.path().getCurrentPoint();
        double[] start = new double[6];
        line.path().getPathIterator(null).currentSegment(start);
        if (end == null || end.distance(start[0], start[1]) > 0.01) {
            return false;
        }
        Point2D next = line.path().getCurrentPoint();
        last.path().lineTo(next.getX(), next.getY());
        return true;
    }

    private static BasicStroke scaled(BasicStroke stroke, AffineTransform transform) {
        float scale = (float) Math.sqrt(Math.abs(transform.getDeterminant()));
        float[] dashes = stroke.getDashArray();
        for (int i = 0; dashes != null && i < dashes.length; i++) {
            dashes[i] *= scale;
        }
        return new BasicStroke(
                stroke.getLineWidth() * scale,
                stroke.getEndCap(),
                stroke.getLineJoin(),
                stroke.getMiterLimit(),
                dashes,
                stroke.getDashPhase() * scale);
    }

    void image(BufferedImage image, AffineTransform transform, Rectangle place, Shape clip) {
        elements.add(new Picture(image, transform.createTransformedShape(place).getBounds(), clip));
    }

    void paint(Graphics2D target) {
        elements.forEach(element -> element.paint(target));
    }

    void write(SvgText target) {
        elements.forEach(element -> element.write(target));
    }
}
