package org.deepcovid.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a process finds itself in.
 *
 * @param workingFolder where relative names start
 * @param environment variables by name
 * @param home the user's folder
 * @param system name of the operating system
 */
record ProcessContext(
        Path workingFolder, Map<String, String> environment, Path home, String system) {

    ProcessContext {
        requireNonNull(workingFolder, "workingFolder is null");
        environment = Map.copyOf(environment);
        requireNonNull(home, "home is null");
        requireNonNull(system, "system is null");
    }

    static ProcessContext ofThisProcess() {
        return new ProcessContext(
                Path.of(""),
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                System.getProperty("os.name", ""));
    }

    /** Where the user's own configuration lies on this system. */
    Path userConfiguration() {
        Optional<Path> xdg = variable("XDG_CONFIG_HOME").map(Path::of).filter(Path::isAbsolute);
        Path folder =
                system.toLowerCase(Locale.ROOT).startsWith("windows")
                        ? xdg.or(() -> variable("APPDATA").map(Path::of)).orElse(home)
                        : xdg.orElse(home.resolve(".config"));
        return folder.resolve("deepcovid").resolve(ConfigFiles.NAME);
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }
}
