package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.models.catalogue.CacheFixture.bytes;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, mirrors and proxies. */
final class RoutesTest extends ServerTest {

    private static final URI NOWHERE = URI.create("http://weights.invalid/weights.bin");

    RoutesTest() {
        super(2000);
    }

    private Path fetchFromNowhere(CacheSettings settings) {
        return CacheFixture.fetch(settings, CacheFixture.entry(NOWHERE, content));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreFollowed(int status) {
        server.then(FaultyServer.redirect(status, "elsewhere/file?signed=1"));
        assertThat(fetch(known())).hasBinaryContent(content);
        assertThat(server.requests()).containsExactly("/weights.bin", "/elsewhere/file?signed=1");
    }

    @Test
    void redirectsWithoutEndEnd() {
        for (int i = 0; i < 30; i++) {
            server.then(FaultyServer.redirect(302, "/" + i));
        }
        refused(known(), "answered 302");
        assertThat(server.requests()).hasSizeLessThan(10);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/w", "http://a b"})
    void redirectsToAnythingButHttpAreRefused(String location) {
        server.then(FaultyServer.redirect(302, location));
        server.then(FaultyServer.redirect(302, location)); // for the retry, on newer JDKs
        refused(known(), server.address().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void aMirrorIsUsedInsteadOfThePublisher(String ending) {
        CacheSettings mirrored = settings().withMirror(server.base() + "/mirror" + ending);
        assertThat(fetchFromNowhere(mirrored)).hasBinaryContent(content);
        assertThat(server.requests()).containsExactly("/mirror/" + FILE);
    }

    @Test
    void aLocalFolderServesOfflineToo(@TempDir Path mirror) throws IOException {
        Files.write(mirror.resolve(FILE), content);
        for (String name : new String[] {mirror.toString(), mirror.toUri().toString()}) {
            Path own = folder.resolve(name.startsWith("file") ? "uri" : "path");
            CacheSettings offline =
                    CacheFixture.settings(own)
                            .withNetwork(CacheSettings.Network.OFFLINE)
                            .withMirror(name);
            assertThat(fetchFromNowhere(offline)).hasParent(own).hasBinaryContent(content);
        }
    }

    @Test
    void aLocalFolderMustHoldTheRightFile(@TempDir Path mirror) throws IOException {
        WeightsCache cache = CacheFixture.cache(settings().withMirror(mirror.toString()));
        CatalogueEntry entry = CacheFixture.entry(NOWHERE, content);
        refused(cache, entry, mirror.resolve(FILE) + " does not exist");
        Files.write(mirror.resolve(FILE), bytes(2000, 2));
        refused(cache, entry, mirror.resolve(FILE) + ": SHA-256 is");
    }

    @Test
    void aLocalFileOfUnknownSizeIsBounded(@TempDir Path mirror) throws IOException {
        Files.write(mirror.resolve(FILE), content);
        CacheSettings trusting =
                settings().withMirror(mirror.toString()).withTrust(CacheSettings.Trust.FIRST_USE);
        refused(
                CacheFixture.cache(trusting, 1999),
                CacheFixture.unknown(NOWHERE),
                "has 2000 bytes; at most 1999 are accepted");
    }

    @Test
    void theProxyOfTheEnvironmentIsUsed() {
        EnvironmentProxies proxies =
                new EnvironmentProxies(
                        Map.of("HTTP_PROXY", "http://127.0.0.1:" + server.port()), name -> null);
        CacheSettings proxied = CacheFixture.settings(folder, Duration.ofSeconds(2), proxies);
        assertThat(fetchFromNowhere(proxied)).hasBinaryContent(content);
        assertThat(server.requests()).containsExactly(NOWHERE.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/w, secure.example:3128",
        "https://HUB.example/w, secure.example:3128",
        "http://hub.example/w, plain.example:80",
        "https://inside.corp/w, none",
        "https://a.inside.corp/w, none",
        "https://notinside.corp/w, secure.example:3128",
        "https://127.0.0.1/w, none"
    })
    void noProxyNamesHostsAndDomains(String address, String expected) {
        Map<String, String> environment =
                Map.of(
                        "HTTPS_PROXY", "secure.example:3128",
                        "http_proxy", "http://plain.example",
                        "NO_PROXY", "127.0.0.1, .inside.corp");
        assertThat(chosen(environment, name -> null, address)).isEqualTo(expected);
    }

    @Test
    void aStarExemptsEverything() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "p.example:1", "no_proxy", "*");
        assertThat(chosen(environment, name -> null, "https://hub.example/w")).isEqualTo("none");
    }

    @Test
    void thePropertiesOfTheJvmWinOverTheEnvironment() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "env.example:1");
        System.setProperty("https.proxyHost", "jvm.example");
        try {
            assertThat(chosen(environment, System::getProperty, "https://hub.example/w"))
                    .isEqualTo("jvm.example:443");
        } finally {
            System.clearProperty("https.proxyHost");
        }
    }

    private static String chosen(
            Map<String, String> environment, UnaryOperator<String> properties, String address) {
        Proxy proxy =
                new EnvironmentProxies(environment, properties).select(URI.create(address)).get(0);
        if (!(proxy.address() instanceof InetSocketAddress socket)) {
            return "none";
        }
        assertThat(socket.isUnresolved()).isTrue();
        return socket.getHostString() + ":" + socket.getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:secret@p.example:1", "socks5://p.example:1"})
    void proxiesThatCannotBeUsedAreNotIgnored(String proxy) {
        EnvironmentProxies proxies =
                new EnvironmentProxies(Map.of("HTTPS_PROXY", proxy), name -> null);
        assertThatThrownBy(() -> proxies.select(URI.create("https://hub.example/w")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected http://host:port")
                .message()
                .doesNotContain("secret");
    }
}
