package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "timeout is %s; expected more than 0".formatted(timeout));
        }
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
     * The timeout is 30 seconds; the proxies are those of the JVM's properties, else of the
     * environment.
     *
     * @throws IllegalArgumentException if a switch is neither {@code true} nor {@code false}
     */
    public static CacheSettings fromEnvironment() {
        return from(System.getenv(), System::getProperty);
    }

    static CacheSettings from(Map<String, String> environment, UnaryOperator<String> properties) {
        UnaryOperator<String> user =
                name ->
                        first(
                                properties.apply("deepcovid." + name),
                                environment.get(variable(name)));
        String home = user.apply("home");
        Path parent = home.isEmpty() ? cacheFolder(environment, properties) : Path.of(home);
        return new CacheSettings(
                parent.resolve("weights"),
                isOn("offline", user) ? Network.OFFLINE : Network.ONLINE,
                isOn("trustFirstUse", user) ? Trust.FIRST_USE : Trust.KNOWN_CHECKSUM,
                Optional.of(user.apply("mirror")).filter(mirror -> !mirror.isEmpty()),
                Duration.ofSeconds(30),
                new EnvironmentProxies(environment, properties));
    }

    /** {@code DEEPCOVID_TRUST_FIRST_USE} for {@code trustFirstUse}. */
    private static String variable(String name) {
        return "DEEPCOVID_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    /** The first that is neither null nor blank, or else empty. */
    private static String first(String... values) {
        return Arrays.stream(values)
                .filter(text -> text != null && !text.isBlank())
                .findFirst()
                .orElse("");
    }

    private static boolean isOn(String name, UnaryOperator<String> user) {
        String value = user.apply(name);
        if (!value.matches("(?i)true|1|yes|false|0|no|")) {
            throw new IllegalArgumentException(
                    "deepcovid.%s or %s is '%s'; expected true or false"
                            .formatted(name, variable(name), value));
        }
        return value.matches("(?i)true|1|yes");
    }

    private static Path cacheFolder(
            Map<String, String> environment, UnaryOperator<String> properties) {
        Path xdg = Path.of(first(environment.get("XDG_CACHE_HOME")));
        if (xdg.isAbsolute()) {
            return xdg.resolve("deepcovid");
        }
        String system = first(properties.apply("os.name")).toLowerCase(Locale.ROOT);
        String local = system.startsWith("windows") ? first(environment.get("LOCALAPPDATA")) : "";
        String usual =
                system.startsWith("windows")
                        ? "AppData/Local"
                        : system.startsWith("mac") ? "Library/Caches" : ".cache";
        Path user = Path.of(first(properties.apply("user.home"), "."));
        return (local.isEmpty() ? user.resolve(usual) : Path.of(local)).resolve("deepcovid");
    }

    /** A copy that allows or forbids downloads. */
    public CacheSettings withNetwork(Network value) {
        return new CacheSettings(folder, value, trust, mirror, timeout, proxies);
    }

    /** A copy that accepts or refuses files of unknown checksum. */
    public CacheSettings withTrust(Trust value) {
        return new CacheSettings(folder, network, value, mirror, timeout, proxies);
    }

    /** A copy with a mirror: a base address or a local folder. */
    public CacheSettings withMirror(String value) {
        return new CacheSettings(folder, network, trust, Optional.of(value), timeout, proxies);
    }
}
