package org.deepcovid.eval.figure;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The colours of all figures, for light and dark pages. Colours of data also differ in lightness,
 * and every line has its own dash or marker, so that no distinction depends on hue alone.
 */
public enum Palette {
    /** Background. */
    PAPER("#ffffff", "#0d1117"),
    /** Text. */
    INK("#1f2328", "#e6edf3"),
    /** Text that matters less. */
    MUTED("#57606a", "#9da7b3"),
    /** Lines of a grid. */
    GRID("#d8dee4", "#30363d"),
    /** First series. */
    FIRST("#0b5cad", "#6cb6ff"),
    /** Second series. */
    SECOND("#b8500a", "#ff9b57"),
    /** Third series. */
    THIRD("#00725c", "#4ac7a4"),
    /** Fourth series. */
    FOURTH("#8250a8", "#d2a8ff");

    /** Brightness of the paper. */
    public enum Theme {
        /** Dark text on white. */
        LIGHT,
        /** Light text on near black. */
        DARK
    }

    private final String light;
    private final String dark;
    private final Color colour;

    Palette(String light, String dark) {
        this.light = light;
        this.dark = dark;
        this.colour = Color.decode(light);
    }

    Color colour() {
        return colour;
    }

    /** The colour on light or on dark paper. */
    public Color on(Theme theme) {
        return theme == Theme.LIGHT ? colour : Color.decode(dark);
    }

    /** The same colour, partly transparent. */
    Color withAlpha(int alpha) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
    }

    /** The colour of the n-th of several series, from 0; they repeat after four. */
    static Palette series(int index) {
        Palette[] data = {FIRST, SECOND, THIRD, FOURTH};
        return data[index % data.length];
    }

    static Optional<Palette> of(Color colour) {
        int rgb = colour.getRGB() & 0xFFFFFF;
        return Arrays.stream(values())
                .filter(known -> (known.colour.getRGB() & 0xFFFFFF) == rgb)
                .findFirst();
    }

    String cssName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Rules for SVG elements whose classes are {@code f-name} to fill and {@code s-name} to draw.
     */
    static String lightRules() {
        return rules(colour -> colour.light);
    }

    /** The same rules, with variables that the page sets with {@link #variables}. */
    static String variableRules() {
        return rules(colour -> "var(--" + colour.cssName() + ")");
    }

    private static String rules(java.util.function.Function<Palette, String> value) {
        return Arrays.stream(values())
                .map(
                        colour ->
                                ".f-%1$s{fill:%2$s}.s-%1$s{stroke:%2$s}"
                                        .formatted(colour.cssName(), value.apply(colour)))
                .collect(Collectors.joining());
    }

    static String variables(boolean forDark) {
        return Arrays.stream(values())
                .map(c -> "--%s:%s;".formatted(c.cssName(), forDark ? c.dark : c.light))
                .collect(Collectors.joining());
    }
}
