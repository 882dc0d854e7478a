package org.deepcovid.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a page says about a block in an HTML comment on the lines above it, which readers do not
 * see: {@code <!-- example: with squeezenet.deepcovid; given split -->}. The parts are divided by
 * semicolons.
 *
 * <p>Code runs in a folder that {@link ReadersFolder} fills anew for each block. A block without a
 * comment is compiled, or its commands are parsed, and it is run.
 *
 * @param with {@code with FILE, FILE}: further files of the reader's that {@link ReadersFolder}
 *     knows
 * @param given {@code given NAME, NAME}: variables that the text has introduced; methods of {@link
 *     Given}
 * @param continues {@code continues}: belongs to the block before it of the same language; Java
 *     sees its variables, commands see its files
 * @param file {@code file NAME}: the block is the content of that file of the reader's; it is there
 *     for the rest of the page
 * @param notRun {@code not run: REASON}: compiled or parsed only
 * @param fails {@code fails: TEXT}: running it must fail, with the text in the message
 * @param output {@code output}: what the block before it prints, line by line; numbers may differ
 *     and other lines may come between
 */
record Directive(
        List<String> with,
        List<String> given,
        boolean continues,
        Optional<String> file,
        Optional<String> notRun,
        Optional<String> fails,
        boolean output) {

    static final Directive NONE =
            new Directive(
                    List.of(),
                    List.of(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false);

    /**
     * Reads what stands between {@code example:} and the end of the comment.
     *
     * @throws IllegalArgumentException naming a part that is not known
     */
    static Directive parse(String text) {
        List<String> with = new ArrayList<>();
        List<String> given = new ArrayList<>();
        boolean continues = false;
        boolean output = false;
        Optional<String> file = Optional.empty();
        Optional<String> notRun = Optional.empty();
        Optional<String> fails = Optional.empty();
        for (String part : text.split(";")) {
            String words = part.strip().replaceAll("\\s+", " ");
            if (words.startsWith("with ")) {
                with.addAll(list(words.substring(5)));
            } else if (words.startsWith("given ")) {
                given.addAll(list(words.substring(6)));
            } else if (words.equals("continues")) {
                continues = true;
            } else if (words.equals("output")) {
                output = true;
            } else if (words.startsWith("file ")) {
                file = Optional.of(words.substring(5));
            } else if (words.startsWith("not run: ")) {
                notRun = Optional.of(words.substring(9));
            } else if (words.startsWith("fails: ")) {
                fails = Optional.of(words.substring(7));
            } else {
                throw new IllegalArgumentException(
                        ("'%s' in an example comment; expected with, given, continues, output,"
                                        + " file, not run: REASON or fails: TEXT")
                                .formatted(words));
            }
        }
        return new Directive(with, given, continues, file, notRun, fails, output);
    }

    private static List<String> list(String names) {
        return Stream.of(names.split(",")).map(String::strip).toList();
    }
}
