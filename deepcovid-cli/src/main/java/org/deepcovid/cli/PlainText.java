package org.deepcovid.cli;

/** Text for a terminal: file names and labels may hold characters that control it. */
final class PlainText {

    private PlainText() {}

    /**
     * Control and direction characters other than line feed and tab as backslash, u and 4 digits.
     */
    static String of(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.chars()
                .forEach(
                        sign -> {
                            if (isHarmless(sign)) {
                                plain.append((char) sign);
                            } else {
                                plain.append("\\u%04x".formatted(sign));
                            }
                        });
        return plain.toString();
    }

    /** As {@link #of}, in one line. */
    static String line(String text) {
        return of(text).replace("\n", "\\n").replace("\t", "\\t");
    }

    private static boolean isHarmless(int sign) {
        int type = Character.getType(sign);
        return sign == '\n'
                || sign == '\t'
                || (sign == '\r' && !System.lineSeparator().equals("\n"))
                || (type != Character.CONTROL && type != Character.FORMAT);
    }
}
