package org.deepcovid.phantoms;

import java.util.Map;
import java.util.TreeMap;

/**
 * Draws text into images with a built-in bitmap font: the same pixels on every machine, with or
 * without installed fonts. Characters outside printable ASCII appear as question marks.
 */
final class PixelText {

    /** Height of a line of text at scale 1, in pixels. */
    static final int HEIGHT = 7;

    private static final int GLYPH_WIDTH = 5;
    private static final int ADVANCE = GLYPH_WIDTH + 1;

    /**
     * Each character followed by its seven rows from the top; a row is one digit in base 32, whose
     * five bits are the row's pixels from the left.
     */
    private static final String GLYPHS =
            "Aehhvhhh Buhhuhhu Cehggghe Duhhhhhu Evgguggv Fvgguggg Gehgnhhe Hhhhvhhh Ie44444e "
                    + "J72222ic Khikokih Lggggggv Mhrllhhh Nhhpljhh Oehhhhhe Puhhuggg Qehhhlid "
                    + "Ruhhukih Sfgge11u Tv444444 Uhhhhhhe Vhhhhha4 Whhhllla Xhha4ahh Yhha4444 "
                    + "Zv1248gv 0ehjlphe 14c4444e 2eh1248v 3v2421he 426aiv22 5vgu11he 668guhhe "
                    + "7v124888 8ehhehhe 9ehhf12c a00e1fhf bggmphhu c00egghe d11djhhf e00ehvge "
                    + "f698s888 g00fhf1e hggmphhh i40c444e j20622ic kggikoki lc44444e m00qllhh "
                    + "n00mphhh o00ehhhe p00uhugg q00djf11 r00mpggg s00fge1u t88s8896 u00hhhjd "
                    + "v00hhha4 w00hhlla x00ha4ah y00hhf1e z00v248v .00000cc ,0000c48 :0cc0cc0 "
                    + ";0cc0c48 -000e000 +044v440 =00v0v00 /01248g0 %op248j3 (2488842 )8422248 "
                    + "[e88888e ]e22222e <248g842 >8421248 _000000v '4480000 \"aaa0000 !4444404 "
                    + "?eh12404 #aavavaa &cik8lid *0a4v4a0 |4444444 ~0008l20 ^4ah0000 @eh1dlle "
                    + "\\0g84210 $4fke5u4 {2448442 }8442448 `8420000";

    private static final Map<Character, String> ROWS = rows();

    /** Receives the pixels of the text. */
    @FunctionalInterface
    interface Pen {
        /** Marks one pixel, which may be outside the image if the text is. */
        void mark(int x, int y);
    }

    private PixelText() {}

    private static Map<Character, String> rows() {
        Map<Character, String> rows = new TreeMap<>();
        for (String glyph : GLYPHS.split(" ")) {
            rows.put(glyph.charAt(0), glyph.substring(1));
        }
        rows.put(' ', "0000000");
        return rows;
    }

    /** Width of a line of text in pixels, without a gap after the last character. */
    static int width(String text, int scale) {
        return Math.max(0, text.length() * ADVANCE - 1) * scale;
    }

    /**
     * Draws a line of text with its upper left corner at a pixel.
     *
     * @param scale pixels per font pixel, at least 1
     * @param pen receives every pixel of the text
     * @throws IllegalArgumentException if scale is below 1
     */
    static void draw(String text, int left, int top, int scale, Pen pen) {
        if (scale < 1) {
            throw new IllegalArgumentException(
                    "text scale is %d; expected at least 1".formatted(scale));
        }
        for (int i = 0; i < text.length(); i++) {
            String glyph = ROWS.getOrDefault(text.charAt(i), ROWS.get('?'));
            drawGlyph(glyph, left + i * ADVANCE * scale, top, scale, pen);
        }
    }

    private static void drawGlyph(String glyph, int left, int top, int scale, Pen pen) {
        for (int y = 0; y < HEIGHT * scale; y++) {
            int row = Character.digit(glyph.charAt(y / scale), 32);
            for (int x = 0; x < GLYPH_WIDTH * scale; x++) {
                if ((row >> (GLYPH_WIDTH - 1 - x / scale) & 1) == 1) {
                    pen.mark(left + x, top + y);
                }
            }
        }
    }
}
