package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Where weights are kept and how they are fetched.
 *
 * @param folder of the cached files; made when first needed
 * @param network whether downloads are allowed
 * @param trust what to do where the catalogue knows no SHA-256
 * @param mirror where to look instead of at the publisher's address: an http or https address, or a
 *     local folder, that holds files under their {@link CatalogueEntry#fileName()}; empty for the
 *     publisher's own address
 * @param retry how often and how soon to try again
 * @param connectTimeout for the connection
 * @param stallTimeout how long the server may stay silent, before and within an answer
 * @param largestUnknown bytes that a file may have where the catalogue knows no size
 * @param proxies which proxy an address is reached through
 */
public record CacheSettings(
        Path folder,
        NetworkUse network,
        TrustPolicy trust,
        Optional<String> mirror,
        RetryPolicy retry,
        Duration connectTimeout,
        Duration stallTimeout,
        long largestUnknown,
        ProxySelector proxies) {

    /** {@link #largestUnknown} unless changed: 512 MiB, several times the largest known file. */
    public static final long LARGEST_UNKNOWN = 512L << 20;

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a timeout or the size limit is not positive
     */
    public CacheSettings {
        requireNonNull(folder, "folder is null");
        requireNonNull(network, "network is null");
        requireNonNull(trust, "trust is null");
        requireNonNull(mirror, "mirror is null");
        requireNonNull(retry, "retry is null");
        requireNonNull(proxies, "proxies is null");
        checkPositive("connectTimeout", requireNonNull(connectTimeout, "connectTimeout is null"));
        checkPositive("stallTimeout", requireNonNull(stallTimeout, "stallTimeout is null"));
        if (largestUnknown < 1) {
            throw new IllegalArgumentException(
                    "largestUnknown is %d; expected at least 1 byte".formatted(largestUnknown));
        }
    }

    private static void checkPositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "%s is %s; expected more than 0".formatted(name, value));
        }
    }

    /**
     * Settings for a folder: online, known checksums only, no mirror, five attempts, 20 seconds to
     * connect, 30 seconds of silence, the proxies of the JVM and of the environment.
     *
     * @param folder of the cached files
     * @return the settings
     */
    public static CacheSettings of(Path folder) {
        return new CacheSettings(
                folder,
                NetworkUse.ONLINE,
                TrustPolicy.KNOWN_CHECKSUM,
                Optional.empty(),
                RetryPolicy.defaults(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                LARGEST_UNKNOWN,
                new EnvironmentProxies(System.getenv(), System::getProperty));
    }

    /**
     * Settings as the machine's user chose them. Each system property wins over its environment
     * variable:
     *
     * <ul>
     *   <li>{@code deepcovid.home}, {@code DEEPCOVID_HOME}: folder under which {@code weights}
     *       lies; else {@code $XDG_CACHE_HOME/deepcovid}, else {@code ~/.cache/deepcovid}, {@code
     *       ~/Library/Caches/deepcovid} or {@code %LOCALAPPDATA%\deepcovid}
     *   <li>{@code deepcovid.mirror}, {@code DEEPCOVID_MIRROR}: see {@link #mirror}
     *   <li>{@code deepcovid.offline}, {@code DEEPCOVID_OFFLINE}: {@code true} for {@link
     *       NetworkUse#OFFLINE}
     *   <li>{@code deepcovid.trustFirstUse}, {@code DEEPCOVID_TRUST_FIRST_USE}: {@code true} for
     *       {@link TrustPolicy#FIRST_USE}
     * </ul>
     *
     * @return the settings
     * @throws IllegalArgumentException if a switch is neither {@code true} nor {@code false}
     */
    public static CacheSettings fromEnvironment() {
        return from(System.getenv(), System::getProperty);
    }

    static CacheSettings from(Map<String, String> environment, UnaryOperator<String> properties) {
        UserChoices choices = new UserChoices(environment, properties);
        CacheSettings settings =
                of(choices.home().resolve("weights"))
                        .withNetwork(
                                choices.isOn("offline", "DEEPCOVID_OFFLINE")
                                        ? NetworkUse.OFFLINE
                                        : NetworkUse.ONLINE)
                        .withTrust(
                                choices.isOn("trustFirstUse", "DEEPCOVID_TRUST_FIRST_USE")
                                        ? TrustPolicy.FIRST_USE
                                        : TrustPolicy.KNOWN_CHECKSUM)
                        .withProxies(new EnvironmentProxies(environment, properties));
        return choices.value("mirror", "DEEPCOVID_MIRROR")
                .map(settings::withMirror)
                .orElse(settings);
    }

    /**
     * Chooses whether downloads are allowed.
     *
     * @param value the choice
     * @return a changed copy
     */
    public CacheSettings withNetwork(NetworkUse value) {
        return with(draft -> draft.network = value);
    }

    /**
     * Chooses what to do with files of unknown checksum.
     *
     * @param value the choice
     * @return a changed copy
     */
    public CacheSettings withTrust(TrustPolicy value) {
        return with(draft -> draft.trust = value);
    }

    /**
     * Chooses a mirror.
     *
     * @param value base address, or local folder
     * @return a changed copy
     */
    public CacheSettings withMirror(String value) {
        return with(draft -> draft.mirror = Optional.of(value));
    }

    /**
     * Chooses how often to try.
     *
     * @param value the policy
     * @return a changed copy
     */
    public CacheSettings withRetry(RetryPolicy value) {
        return with(draft -> draft.retry = value);
    }

    /**
     * Chooses how long to wait for a server.
     *
     * @param connect for the connection
     * @param stall between any two pieces of an answer
     * @return a changed copy
     */
    public CacheSettings withTimeouts(Duration connect, Duration stall) {
        return with(
                draft -> {
                    draft.connectTimeout = connect;
                    draft.stallTimeout = stall;
                });
    }

    /**
     * Chooses the limit for files of unknown size.
     *
     * @param bytes at least 1
     * @return a changed copy
     */
    public CacheSettings withLargestUnknown(long bytes) {
        return with(draft -> draft.largestUnknown = bytes);
    }

    /**
     * Chooses the proxies.
     *
     * @param value asked for every address
     * @return a changed copy
     */
    public CacheSettings withProxies(ProxySelector value) {
        return with(draft -> draft.proxies = value);
    }

    private CacheSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /** The components, while a copy changes some of them. */
    private static final class Draft {
        final Path folder;
        NetworkUse network;
        TrustPolicy trust;
        Optional<String> mirror;
        RetryPolicy retry;
        Duration connectTimeout;
        Duration stallTimeout;
        long largestUnknown;
        ProxySelector proxies;

        Draft(CacheSettings from) {
            folder = from.folder;
            network = from.network;
            trust = from.trust;
            mirror = from.mirror;
            retry = from.retry;
            connectTimeout = from.connectTimeout;
            stallTimeout = from.stallTimeout;
            largestUnknown = from.largestUnknown;
            proxies = from.proxies;
        }

        CacheSettings finish() {
            return new CacheSettings(
                    folder,
                    network,
                    trust,
                    mirror,
                    retry,
                    connectTimeout,
                    stallTimeout,
                    largestUnknown,
                    proxies);
        }
    }
}
