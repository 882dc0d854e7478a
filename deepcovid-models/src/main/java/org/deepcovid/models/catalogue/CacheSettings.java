package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where weights are cached and how they are downloaded.
 *
 * @param folder of the cached files; created when first needed
 * @param network whether downloads are allowed
 * @param trust what to do with a file whose SHA-256 the catalogue does not have
 * @param mirror http or https address, or local folder, used instead of the publishers' addresses;
 *     holds the files under their {@link CatalogueEntry#fileName()}
 * @param timeout for connecting, for the header of a response, and between two pieces of its body
 * @param proxies for http and https
 */
public record CacheSettings(
        Path folder,
        Network network,
        Trust trust,
        Optional<String> mirror,
        Duration timeout,
        ProxySelector proxies) {

    /** Whether downloads are allowed. */
    public enum Network {
        /** Files that are not in the cache are downloaded. */
        ONLINE,
        /** Only the cache and a mirror that is a local folder are used. */
        OFFLINE
    }

    /** What to do with a file whose SHA-256 the catalogue does not have. */
    public enum Trust {
        /** Refuse it. */
        KNOWN_CHECKSUM,
        /** Accept it once, record its SHA-256 beside it, and from then on accept only that. */
        FIRST_USE
    }

    /** Requires a positive timeout. */
    public CacheSettings {
        requireNonNull(folder, "folder is null");
        requireNonNull(network, "network is null");
        requireNonNull(trust, "trust is null");
        requireNonNull(mirror, "mirror is null");
        requireNonNull(proxies, "proxies is null");
        if (requireNonNull(timeout, "timeout is null").isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "timeout is %s; expected more than 0".formatted(timeout));
        }
    }

    /**
     * Defaults for a folder: online, known checksums only, no mirror, a timeout of 30 seconds, the
     * proxies of the JVM's properties and of the environment.
     *
     * @param folder of the cached files
     * @return the settings
     */
    public static CacheSettings of(Path folder) {
        return new CacheSettings(
                folder,
                Network.ONLINE,
                Trust.KNOWN_CHECKSUM,
                Optional.empty(),
                Duration.ofSeconds(30),
                new EnvironmentProxies(System.getenv(), System::getProperty));
    }

    /**
     * The user's settings. A system property takes precedence over its environment variable:
     *
     * <ul>
     *   <li>{@code deepcovid.home}, {@code DEEPCOVID_HOME}: parent of the folder {@code weights};
     *       default {@code $XDG_CACHE_HOME/deepcovid}, else {@code ~/.cache/deepcovid}, {@code
     *       ~/Library/Caches/deepcovid} or {@code %LOCALAPPDATA%\deepcovid}
     *   <li>{@code deepcovid.mirror}, {@code DEEPCOVID_MIRROR}: see {@link #mirror}
     *   <li>{@code deepcovid.offline}, {@code DEEPCOVID_OFFLINE}: {@code true} for {@link
     *       Network#OFFLINE}
     *   <li>{@code deepcovid.trustFirstUse}, {@code DEEPCOVID_TRUST_FIRST_USE}: {@code true} for
     *       {@link Trust#FIRST_USE}
     * </ul>
     *
     * @return the settings
     * @throws IllegalArgumentException if a switch is neither {@code true} nor {@code false}
     */
    public static CacheSettings fromEnvironment() {
        return from(System.getenv(), System::getProperty);
    }

    static CacheSettings from(Map<String, String> environment, UnaryOperator<String> properties) {
        Lookup lookup = new Lookup(environment, properties);
        CacheSettings defaults = of(lookup.home().resolve("weights"));
        return new CacheSettings(
                defaults.folder,
                lookup.isOn("offline", "DEEPCOVID_OFFLINE") ? Network.OFFLINE : Network.ONLINE,
                lookup.isOn("trustFirstUse", "DEEPCOVID_TRUST_FIRST_USE")
                        ? Trust.FIRST_USE
                        : Trust.KNOWN_CHECKSUM,
                lookup.value("mirror", "DEEPCOVID_MIRROR"),
                defaults.timeout,
                new EnvironmentProxies(environment, properties));
    }

    /**
     * Allows or forbids downloads.
     *
     * @param value the choice
     * @return a changed copy
     */
    public CacheSettings withNetwork(Network value) {
        return new CacheSettings(folder, value, trust, mirror, timeout, proxies);
    }

    /**
     * Sets what to do with files of unknown checksum.
     *
     * @param value the choice
     * @return a changed copy
     */
    public CacheSettings withTrust(Trust value) {
        return new CacheSettings(folder, network, value, mirror, timeout, proxies);
    }

    /**
     * Sets a mirror.
     *
     * @param value base address or local folder
     * @return a changed copy
     */
    public CacheSettings withMirror(String value) {
        return new CacheSettings(folder, network, trust, Optional.of(value), timeout, proxies);
    }

    /** Reads system properties and environment variables; a blank value counts as unset. */
    private record Lookup(Map<String, String> environment, UnaryOperator<String> properties) {

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
            return value("home", "DEEPCOVID_HOME")
                    .map(Path::of)
                    .orElseGet(() -> cacheFolder().resolve("deepcovid"));
        }

        private Path cacheFolder() {
            Path user = Path.of(property("user.home").orElse("."));
            String system = property("os.name").orElse("").toLowerCase(Locale.ROOT);
            Optional<Path> xdg = variable("XDG_CACHE_HOME").map(Path::of).filter(Path::isAbsolute);
            if (xdg.isPresent()) {
                return xdg.get();
            }
            if (system.startsWith("windows")) {
                return variable("LOCALAPPDATA")
                        .map(Path::of)
                        .orElse(user.resolve("AppData").resolve("Local"));
            }
            return user.resolve(system.startsWith("mac") ? "Library/Caches" : ".cache");
        }

        private Optional<String> property(String name) {
            return Optional.ofNullable(properties.apply(name)).filter(text -> !text.isBlank());
        }

        private Optional<String> variable(String name) {
            return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
        }
    }
}
