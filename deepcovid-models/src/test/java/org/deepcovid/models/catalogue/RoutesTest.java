package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.models.catalogue.CacheFixture.FILE;
import static org.deepcovid.models.catalogue.CacheFixture.bytes;
import static org.deepcovid.models.catalogue.CacheFixture.entry;
import static org.deepcovid.models.catalogue.CacheFixture.files;
import static org.deepcovid.models.catalogue.CacheFixture.settings;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, mirrors and proxies. */
final class RoutesTest {

    private static final byte[] CONTENT = bytes(2000, 1);
    private static final URI NOWHERE = URI.create("http://weights.invalid/weights.bin");

    private final FaultyServer server = new FaultyServer(CONTENT);
    @TempDir Path folder;

    @AfterEach
    void closeServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreFollowed(int status) {
        server.then(FaultyServer.redirect(status, "elsewhere/file?signed=1"));
        assertThat(WeightsCache.with(settings(folder)).fetch(entry(server.address(), CONTENT)))
                .hasBinaryContent(CONTENT);
        assertThat(server.requests())
                .containsExactly("/weights.bin -", "/elsewhere/file?signed=1 -");
    }

    @Test
    void aBrokenDownloadBehindARedirectIsResumedThroughIt() {
        server.then(FaultyServer.redirect(302, "/a"))
                .then(server.truncatedAfter(700))
                .then(FaultyServer.redirect(302, "/b"));
        WeightsCache.with(settings(folder)).fetch(entry(server.address(), CONTENT));
        assertThat(server.requests()).last().isEqualTo("/b bytes=700-");
    }

    @Test
    void redirectsInCirclesEnd() {
        server.then(FaultyServer.redirect(302, "/b"))
                .then(FaultyServer.redirect(302, "/weights.bin"));
        assertThatThrownBy(
                        () ->
                                WeightsCache.with(settings(folder))
                                        .fetch(entry(server.address(), CONTENT)))
                .hasMessageContaining("in circles");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void redirectsWithoutEndEnd() {
        for (int i = 0; i < 30; i++) {
            server.then(FaultyServer.redirect(302, "/" + i));
        }
        assertThatThrownBy(
                        () ->
                                WeightsCache.with(settings(folder))
                                        .fetch(entry(server.address(), CONTENT)))
                .hasMessageContaining("in circles");
        assertThat(server.requests()).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/w, http://a.example/w, https to stay https",
        "https://a.example/w, ftp://a.example/w, https to stay https",
        "http://a.example/w, file:///etc/passwd, an http address",
        "http://a.example/w, 'http://a b', no address"
    })
    void someRedirectsAreRefused(String from, String location, String why) {
        assertThatThrownBy(() -> new Redirects().next(URI.create(from), 302, Optional.of(location)))
                .hasMessageContaining(why);
    }

    @Test
    void aRedirectMustSayWhere() {
        assertThatThrownBy(
                        () ->
                                new Redirects()
                                        .next(
                                                URI.create("https://a.example/w"),
                                                302,
                                                Optional.empty()))
                .hasMessageContaining("without saying where");
    }

    @Test
    void redirectsToHttpsAreTaken() throws IOException {
        assertThat(
                        new Redirects()
                                .next(
                                        URI.create("http://a.example/w"),
                                        301,
                                        Optional.of("https://b.example/x")))
                .isEqualTo(URI.create("https://b.example/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void aMirrorIsAskedInsteadOfThePublisher(String ending) {
        WeightsCache cache =
                WeightsCache.with(settings(folder).withMirror(server.base() + "/mirror" + ending));
        assertThat(cache.fetch(entry(NOWHERE, CONTENT))).hasBinaryContent(CONTENT);
        assertThat(server.requests()).containsExactly("/mirror/" + FILE + " -");
    }

    @Test
    void aLocalFolderServesOfflineToo(@TempDir Path mirror) throws IOException {
        Files.write(mirror.resolve(FILE), CONTENT);
        CacheSettings offline = settings(folder).withNetwork(NetworkUse.OFFLINE);
        for (String name : new String[] {mirror.toString(), mirror.toUri().toString()}) {
            Path own = folder.resolve(name.startsWith("file") ? "uri" : "path");
            CacheSettings settings =
                    new CacheSettings(
                            own,
                            offline.network(),
                            offline.trust(),
                            Optional.of(name),
                            offline.retry(),
                            offline.connectTimeout(),
                            offline.stallTimeout(),
                            offline.largestUnknown(),
                            offline.proxies());
            assertThat(WeightsCache.with(settings).fetch(entry(NOWHERE, CONTENT)))
                    .hasParent(own)
                    .hasBinaryContent(CONTENT);
        }
    }

    @Test
    void aLocalFolderMustHoldTheRightFile(@TempDir Path mirror) throws IOException {
        WeightsCache cache = WeightsCache.with(settings(folder).withMirror(mirror.toString()));
        assertThatThrownBy(() -> cache.fetch(entry(NOWHERE, CONTENT)))
                .hasMessageContaining(mirror.resolve(FILE) + " is not there");
        Files.write(mirror.resolve(FILE), bytes(2000, 2));
        assertThatThrownBy(() -> cache.fetch(entry(NOWHERE, CONTENT)))
                .hasMessageContaining(mirror.resolve(FILE) + ": SHA-256 is");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aLocalFileOfUnknownSizeIsBounded(@TempDir Path mirror) throws IOException {
        Files.write(mirror.resolve(FILE), CONTENT);
        WeightsCache cache =
                WeightsCache.with(
                        settings(folder)
                                .withMirror(mirror.toString())
                                .withTrust(TrustPolicy.FIRST_USE)
                                .withLargestUnknown(1999));
        assertThatThrownBy(() -> cache.fetch(CacheFixture.unknown(NOWHERE)))
                .hasMessageContaining("has 2000 bytes; at most 1999 are taken");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void theProxyOfTheEnvironmentIsUsed() {
        EnvironmentProxies proxies =
                new EnvironmentProxies(
                        Map.of("HTTP_PROXY", "http://127.0.0.1:" + server.port()), name -> null);
        WeightsCache cache = WeightsCache.with(settings(folder).withProxies(proxies));
        assertThat(cache.fetch(entry(NOWHERE, CONTENT))).hasBinaryContent(CONTENT);
        assertThat(server.requests()).containsExactly(NOWHERE + " -");
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
        assertThat(chosen(environment, address)).isEqualTo(expected);
    }

    @Test
    void aStarExemptsEverything() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "p.example:1", "no_proxy", "*");
        assertThat(chosen(environment, "https://hub.example/w")).isEqualTo("none");
    }

    private static String chosen(Map<String, String> environment, String address) {
        java.net.Proxy proxy =
                new EnvironmentProxies(environment, name -> null)
                        .select(URI.create(address))
                        .get(0);
        if (!(proxy.address() instanceof java.net.InetSocketAddress socket)) {
            return "none";
        }
        return socket.getHostString() + ":" + socket.getPort();
    }

    @Test
    void thePropertiesOfTheJvmWinOverTheEnvironment() {
        System.setProperty("https.proxyHost", "jvm.example");
        try {
            java.net.Proxy proxy =
                    new EnvironmentProxies(
                                    Map.of("HTTPS_PROXY", "env.example:1"), System::getProperty)
                            .select(URI.create("https://hub.example/w"))
                            .get(0);
            assertThat(proxy.address()).hasToString("jvm.example/<unresolved>:443");
        } finally {
            System.clearProperty("https.proxyHost");
        }
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
