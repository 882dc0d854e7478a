package org.deepcovid.core.image.dicom;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

    private PatientIds() {}

    /**
     * An identifier in Unicode's composed form (NFC), without blanks of any kind.
     *
     * @return empty for words that stand for an unknown patient
     */
    public static Optional<String> of(String text) {
        String id =
                Normalizer.normalize(text, Normalizer.Form.NFC)
                        .replaceAll("[\\s\\p{Z}\\p{Cf}]", "");
        return UNKNOWN.contains(id.toLowerCase(Locale.ROOT)) ? Optional.empty() : Optional.of(id);
    }

    /**
     * Identifiers that differ only by case, by zeros before a number or by a {@code .0} at the end.
     *
     * @return groups of at least two different identifiers, sorted
     */
    public static List<List<String>> alike(Collection<String> ids) {
        Map<String, Set<String>> byKey = new TreeMap<>();
        for (String id : ids) {
            String key =
                    id.toLowerCase(Locale.ROOT)
                            .replaceFirst("\\.0$", "")
                            .replaceAll("(?<![\\d.])0+(?=\\d)", "");
            byKey.computeIfAbsent(key, unseen -> new TreeSet<>()).add(id);
        }
        List<List<String>> alike = new ArrayList<>();
        byKey.values().stream()
                .filter(group -> group.size() > 1)
                .forEach(group -> alike.add(List.copyOf(group)));
        return alike;
    }
}
