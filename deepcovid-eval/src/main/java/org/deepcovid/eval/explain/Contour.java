package org.deepcovid.eval.explain;

import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.deepcovid.core.image.PixelMask;

/** Lines along which a function of the plane has one value, by marching squares. */
final class Contour {

    private static final int POINTS = 160; // per side of the area
    private static final int[][] CORNERS = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};

    private Contour() {}

    /** The edge of a mask, in its pixels. */
    static Path2D of(PixelMask mask) {
        DoubleBinaryOperator inside = (x, y) -> mask.contains((int) x, (int) y) ? 1 : 0;
        return of(new Rectangle2D.Double(0, 0, mask.width(), mask.height()), inside, 0.5);
    }

    /**
     * Line segments at a level; open at the border of the area.
     *
     * @param value at x and y inside the area
     */
    static Path2D of(Rectangle2D area, DoubleBinaryOperator value, double level) {
        double[][] lattice = new double[POINTS][POINTS];
        for (int row = 0; row < POINTS; row++) {
            for (int column = 0; column < POINTS; column++) {
                lattice[row][column] = value.applyAsDouble(x(area, column), y(area, row)) - level;
            }
        }
        Path2D path = new Path2D.Double();
        for (int row = 0; row + 1 < POINTS; row++) {
            for (int column = 0; column + 1 < POINTS; column++) {
                List<Point2D> crossings = crossings(area, lattice, row, column);
                for (int i = 0; i + 1 < crossings.size(); i += 2) {
                    path.moveTo(crossings.get(i).getX(), crossings.get(i).getY());
                    path.lineTo(crossings.get(i + 1).getX(), crossings.get(i + 1).getY());
                }
            }
        }
        return path;
    }

    /** Points on the edges of one square of the lattice: none, two or four. */
    private static List<Point2D> crossings(
            Rectangle2D area, double[][] lattice, int row, int column) {
        List<Point2D> crossings = new ArrayList<>();
        for (int edge = 0; edge < CORNERS.length; edge++) {
            int[] from = CORNERS[edge];
            int[] to = CORNERS[(edge + 1) % CORNERS.length];
            double a = lattice[row + from[1]][column + from[0]];
            double b = lattice[row + to[1]][column + to[0]];
            if (a >= 0 != b >= 0) {
                double share = a / (a - b);
                crossings.add(
                        new Point2D.Double(
                                x(area, column + from[0] + share * (to[0] - from[0])),
                                y(area, row + from[1] + share * (to[1] - from[1]))));
            }
        }
        return crossings;
    }

    /** Points are half a step inside the border. */
    private static double x(Rectangle2D area, double column) {
        return area.getX() + (column + 0.5) * area.getWidth() / POINTS;
    }

    private static double y(Rectangle2D area, double row) {
        return area.getY() + (row + 0.5) * area.getHeight() / POINTS;
    }
}
