package org.deepcovid.eval.figure;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;

/** The typeface of all figures. */
public final class Fonts {

    private Fonts() {}

    /** Regular, of a size in pixels. */
    public static Font plain(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    /** Bold, of a size in pixels. */
    public static Font bold(int size) {
        return new Font(Font.SANS_SERIF, Font.BOLD, size);
    }

    /**
     * Checks that there are fonts, by layout of one letter: without fonts only layout fails.
     *
     * @throws IllegalStateException if it fails; the message says what to install
     */
    public static void requireUsable() {
        requireUsable(
                () -> new TextLayout("A", plain(12), new FontRenderContext(null, true, true)));
    }

    static void requireUsable(Runnable layout) {
        try {
            layout.run();
        } catch (LinkageError | InternalError | RuntimeException e) {
            throw new IllegalStateException(
                    "this Java runtime finds no fonts ("
                            + e
                            + "), so that no figure can be drawn; install a font and the font"
                            + " configuration, on Debian the packages fontconfig and"
                            + " fonts-dejavu-core",
                    e);
        }
    }
}
