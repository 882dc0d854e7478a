package org.deepcovid.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The heatmap methods as the command line writes them: lower case, with dashes. */
final class MethodNames implements Iterable<String>, ITypeConverter<MethodChoice.Name> {

    /** For picocli, which makes one. */
    MethodNames() {}

    private static List<String> all() {
        return Arrays.stream(MethodChoice.Name.values()).map(MethodNames::word).toList();
    }

    static String word(MethodChoice.Name name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Iterator<String> iterator() {
        return all().iterator();
    }

    @Override
    public MethodChoice.Name convert(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(MethodChoice.Name.values())
                .filter(name -> word(name).equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new TypeConversionException(
                                        "there is no method '%s'; expected one of %s"
                                                .formatted(text, String.join(", ", all()))));
    }
}
