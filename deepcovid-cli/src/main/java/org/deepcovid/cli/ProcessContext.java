package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Working folder, environment variables, home folder and operating system of a process. */
record ProcessContext(
        Path workingFolder, Map<String, String> environment, Path home, String system) {

    ProcessContext {
        environment = Map.copyOf(environment);
    }

    static ProcessContext ofThisProcess() {
        return new ProcessContext(
                Path.of(""),
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                System.getProperty("os.name", ""));
    }

    /** The user's configuration file on this system. */
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
