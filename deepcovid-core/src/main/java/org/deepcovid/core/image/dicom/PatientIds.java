package org.deepcovid.core.image.dicom;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Patient identifiers as people write them. */
public final class PatientIds {

    private static final Set<String> UNKNOWN =
            Set.of(
                    "",
                    "-",
                    "anon",
                    "anonymous",
                    "anonymized",
                    "anonymised",
                    "na",
                    "n/a",
                    "nan",
                    "none",
                    "null",
                    "unknown");

    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\p{Cf}]");
    private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![\\d.])0+(?=\\d)");

    private PatientIds() {}

    /**
     * An identifier in Unicode's composed form (NFC), without blanks of any kind.
     *
     * @return empty for words that stand for an unknown patient
     */
    public static Optional<String> of(String text) {
        String id =
                isPlain(text)
                        ? text
                        : BLANKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFC))
                                .replaceAll("");
        return UNKNOWN.contains(id.toLowerCase(Locale.ROOT)) ? Optional.empty() : Optional.of(id);
    }

    /** Whether a text is ASCII without blanks, as most identifiers are. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /**
     * Identifiers that differ only by case, by zeros before a number or by a {@code .0} at the end.
     *
     * @return groups of at least two different identifiers, sorted
     */
    public static List<List<String>> alike(Collection<String> ids) {
        Map<String, String> first = new HashMap<>();
        Map<String, Set<String>> byKey = new TreeMap<>();
        for (String id : ids) {
            String lower = id.toLowerCase(Locale.ROOT);
            String whole = lower.endsWith(".0") ? lower.substring(0, lower.length() - 2) : lower;
            String key = LEADING_ZEROS.matcher(whole).replaceAll("");
            String other = first.putIfAbsent(key, id);
            if (other != null) {
                byKey.computeIfAbsent(key, unseen -> new TreeSet<>(Set.of(other))).add(id);
            }
        }
        List<List<String>> alike = new ArrayList<>();
        byKey.values().stream()
                .filter(group -> group.size() > 1)
                .forEach(group -> alike.add(List.copyOf(group)));
        return alike;
    }
}
