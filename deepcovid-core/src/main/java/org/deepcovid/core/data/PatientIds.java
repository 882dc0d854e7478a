package org.deepcovid.core.data;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** Patient identifiers as people write them. */
final class PatientIds {

    private static final Set<String> UNKNOWN =
            Set.of("nan", "na", "n/a", "none", "null", "unknown", "-");

    private PatientIds() {}

    /** In Unicode's composed form (NFC), without blanks of any kind. */
    static String normalised(String id) {
        return Normalizer.normalize(id, Normalizer.Form.NFC).replaceAll("[\\s\\p{Z}\\p{Cf}]", "");
    }

    /** Whether a normalised id stands for a missing one. */
    static boolean isPlaceholder(String id) {
        return UNKNOWN.contains(id.toLowerCase(Locale.ROOT));
    }
}
