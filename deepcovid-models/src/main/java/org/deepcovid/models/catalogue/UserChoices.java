package org.deepcovid.models.catalogue;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What system properties and environment variables say. */
record UserChoices(Map<String, String> environment, UnaryOperator<String> properties) {

    /** A system property {@code deepcovid.name}, else an environment variable; blank is unset. */
    Optional<String> value(String name, String variable) {
        return property("deepcovid." + name).or(() -> variable(variable));
    }

    boolean isOn(String name, String variable) {
        String value = value(name, variable).orElse("false").toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "deepcovid.%s or %s is '%s'; expected true or false"
                                    .formatted(name, variable, value));
        };
    }

    Path home() {
        return value("home", "DEEPCOVID_HOME").map(Path::of).orElseGet(this::platformHome);
    }

    private Path platformHome() {
        Path user = Path.of(property("user.home").orElse("."));
        String system = property("os.name").orElse("").toLowerCase(Locale.ROOT);
        Optional<Path> xdg = variable("XDG_CACHE_HOME").map(Path::of).filter(Path::isAbsolute);
        if (xdg.isPresent()) {
            return xdg.get().resolve("deepcovid");
        }
        if (system.startsWith("windows")) {
            return variable("LOCALAPPDATA")
                    .map(Path::of)
                    .orElse(user.resolve("AppData").resolve("Local"))
                    .resolve("deepcovid");
        }
        return system.startsWith("mac")
                ? user.resolve("Library").resolve("Caches").resolve("deepcovid")
                : user.resolve(".cache").resolve("deepcovid");
    }

    private Optional<String> property(String name) {
        return Optional.ofNullable(properties.apply(name)).filter(text -> !text.isBlank());
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }
}
