package org.deepcovid.cli;

import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.figure.Fonts;
import org.deepcovid.eval.figure.Palette;
import picocli.CommandLine.Option;

/** Format of the heatmap figure. */
final class FigureChoice {

    private static final int NARROWEST = 400;
    private static final int WIDEST = 10_000;

    @Option(
            names = "--width",
            paramLabel = "PIXELS",
            description = "width of the figure (default ${DEFAULT-VALUE})")
    private int width = 2 * HeatmapFigure.WIDTH;

    @Option(names = "--dark", description = "figure with light text on dark ground")
    private boolean dark;

    @Option(names = "--svg", description = "write the figure as SVG, too")
    private boolean svg;

    /** Checks the options, and that there are fonts, before long work. */
    void check(Subcommand command) {
        if (width < NARROWEST || width > WIDEST) {
            throw command.usage(
                    "--width is %d; expected %d to %d pixels", width, NARROWEST, WIDEST);
        }
        Fonts.requireUsable();
    }

    HeatmapFigure dress(HeatmapFigure figure) {
        return figure.withTheme(dark ? Palette.Theme.DARK : Palette.Theme.LIGHT);
    }

    int width() {
        return width;
    }

    boolean svg() {
        return svg;
    }
}
