package org.deepcovid.eval.report.figure;

import java.awt.Shape;
import java.awt.geom.PathIterator;

/**
 * Writes a shape as SVG path data: relative coordinates in hundredths of a pixel, so that a page of
 * figures stays small. Each step starts from the rounded end of the one before; errors do not add
 * up.
 */
final class SvgPath {

    private final StringBuilder text = new StringBuilder();
    private long x;
    private long y;
    private long startX;
    private long startY;

    private SvgPath() {}

    static String of(Shape shape) {
        SvgPath path = new SvgPath();
        double[] c = new double[6];
        for (PathIterator i = shape.getPathIterator(null); !i.isDone(); i.next()) {
            path.segment(i.currentSegment(c), c);
        }
        return path.text.toString();
    }

    private void segment(int type, double[] c) {
        switch (type) {
            case PathIterator.SEG_MOVETO -> {
                x = round(c[0]);
                y = round(c[1]);
                startX = x;
                startY = y;
                text.append('M');
                number(x, true);
                number(y, false);
            }
            case PathIterator.SEG_LINETO -> step('l', c, 1);
            case PathIterator.SEG_QUADTO -> step('q', c, 2);
            case PathIterator.SEG_CUBICTO -> step('c', c, 3);
            default -> {
                text.append('z');
                x = startX;
                y = startY;
            }
        }
    }

    private void step(char command, double[] c, int points) {
        text.append(command);
        for (int i = 0; i < points; i++) {
            number(round(c[2 * i]) - x, i == 0);
            number(round(c[2 * i + 1]) - y, false);
        }
        x = round(c[2 * points - 2]);
        y = round(c[2 * points - 1]);
    }

    private static long round(double coordinate) {
        return Math.round(coordinate * 100);
    }

    private void number(long hundredths, boolean first) {
        if (hundredths < 0) {
            text.append('-');
        } else if (!first) {
            text.append(' ');
        }
        long size = Math.abs(hundredths);
        long whole = size / 100;
        long rest = size % 100;
        if (whole > 0 || rest == 0) {
            text.append(whole);
        }
        if (rest > 0) {
            text.append('.').append(rest / 10);
            if (rest % 10 > 0) {
                text.append(rest % 10);
            }
        }
    }
}
