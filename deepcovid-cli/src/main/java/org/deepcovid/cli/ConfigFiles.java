package org.deepcovid.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Defaults of options from properties files. A key is the option's long name without dashes, for
 * every command that has it, or {@code command.option} for one command, which wins. The file given
 * with {@code --config} wins over {@value #NAME} in the working folder, and that over the user's.
 */
final class ConfigFiles implements IDefaultValueProvider {

    static final String NAME = "deepcovid.properties";

    private static final String OPTION = "--config";
    private static final int MOST_NAMED = 5;
    private static final Set<String> NEVER = Set.of("help", "version", "config");

    private record Setting(String value, Path file) {}

    private final List<Path> read;
    private final Map<String, Setting> values;

    private ConfigFiles(List<Path> read, Map<String, Setting> values) {
        this.read = List.copyOf(read);
        this.values = Map.copyOf(values);
    }

    /**
     * Reads the existing files.
     *
     * @throws IllegalArgumentException if a file cannot be read or has a key that is no option
     */
    static ConfigFiles read(ProcessContext context, CommandLine commands, String... args) {
        List<Path> found =
                Stream.concat(
                                Stream.of(
                                                context.userConfiguration(),
                                                context.workingFolder().resolve(NAME))
                                        .filter(Files::isRegularFile),
                                given(args).map(Path::of).stream())
                        .toList();
        Map<String, Setting> values = new LinkedHashMap<>();
        Set<String> known = keys(commands);
        for (Path file : found) {
            load(file)
                    .forEach(
                            (key, value) -> {
                                requireKnown(file, key.toString(), known);
                                values.put(
                                        key.toString(),
                                        new Setting(value.toString().strip(), file));
                            });
        }
        return new ConfigFiles(found, values);
    }

    /** The file named on the command line; needed before the command line can be parsed. */
    private static Optional<String> given(String... args) {
        for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
            if (args[i].startsWith(OPTION + "=")) {
                return Optional.of(args[i].substring(OPTION.length() + 1));
            }
            if (args[i].equals(OPTION) && i + 1 < args.length) {
                return Optional.of(args[i + 1]);
            }
        }
        return Optional.empty();
    }

    private static Properties load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "configuration %s cannot be read (%s); expected a properties file in UTF-8"
                            .formatted(file, Failures.describe(e)),
                    e);
        }
        return properties;
    }

    private static void requireKnown(Path file, String key, Set<String> known) {
        if (!known.contains(key)) {
            throw new IllegalArgumentException(
                    ("configuration %s sets '%s', which is no option; expected an option's long"
                                    + " name without dashes, such as %s")
                            .formatted(file, key, nearest(key, known)));
        }
    }

    private static List<String> nearest(String key, Set<String> known) {
        int most = known.stream().mapToInt(k -> common(key, k)).max().orElse(0);
        List<String> alike =
                known.stream().filter(k -> common(key, k) == most).limit(MOST_NAMED).toList();
        return most == 0 ? List.of("seed", "fine-tune.epochs") : alike;
    }

    /** Length of the common prefix. */
    private static int common(String one, String two) {
        int difference = Arrays.mismatch(one.toCharArray(), two.toCharArray());
        return difference < 0 ? one.length() : difference;
    }

    private static Set<String> keys(CommandLine commands) {
        Set<String> keys = new TreeSet<>();
        names(commands).forEach(keys::add);
        commands.getSubcommands()
                .forEach(
                        (command, line) ->
                                names(line)
                                        .flatMap(name -> Stream.of(name, command + "." + name))
                                        .forEach(keys::add));
        return keys;
    }

    private static Stream<String> names(CommandLine command) {
        return command.getCommandSpec().options().stream().flatMap(option -> name(option).stream());
    }

    private static Optional<String> name(OptionSpec option) {
        String name = option.longestName().replaceFirst("^-+", "");
        return NEVER.contains(name) ? Optional.empty() : Optional.of(name);
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null; // no default
        }
        return setting(option, option.command()).map(Setting::value).orElse(null);
    }

    private Optional<Setting> setting(OptionSpec option, CommandSpec command) {
        String own = command == null ? "" : command.name() + ".";
        boolean general = !option.typeInfo().isMap(); // NAME=FILE means something else elsewhere
        return name(option)
                .map(name -> values.getOrDefault(own + name, general ? values.get(name) : null));
    }

    /**
     * The file that gave an option its value, if a message names the option and the command line
     * does not.
     */
    Optional<Path> source(String message, CommandSpec command, String... args) {
        return command.options().stream()
                .filter(option -> isNamed(option, message))
                .filter(option -> Stream.of(args).noneMatch(word -> isGiven(option, word)))
                .flatMap(option -> setting(option, command).stream())
                .map(Setting::file)
                .findFirst();
    }

    private static boolean isNamed(OptionSpec option, String message) {
        return Pattern.compile(Pattern.quote(option.longestName()) + "(?![-\\w])")
                .matcher(message)
                .find();
    }

    private static boolean isGiven(OptionSpec option, String word) {
        return Stream.of(option.names())
                .anyMatch(name -> word.equals(name) || word.startsWith(name + "="));
    }

    /** The files, in increasing precedence. */
    List<Path> files() {
        return read;
    }
}
