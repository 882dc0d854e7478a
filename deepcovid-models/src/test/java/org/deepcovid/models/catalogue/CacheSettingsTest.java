package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What properties and environment variables make of the settings. */
final class CacheSettingsTest {

    private static CacheSettings settings(
            Map<String, String> environment, Map<String, String> properties) {
        return CacheSettings.from(environment, properties::get);
    }

    private static final Map<String, String> LINUX =
            Map.of("os.name", "Linux", "user.home", "/home/ada");

    @ParameterizedTest
    @CsvSource({
        "Linux, unset, x, /home/ada/.cache/deepcovid/weights",
        "Linux, XDG_CACHE_HOME, relative, /home/ada/.cache/deepcovid/weights",
        "Linux, DEEPCOVID_HOME, ' ', /home/ada/.cache/deepcovid/weights",
        "Mac OS X, unset, x, /home/ada/Library/Caches/deepcovid/weights",
        "Windows 11, unset, x, /home/ada/AppData/Local/deepcovid/weights",
        "Windows 11, LOCALAPPDATA, /local, /local/deepcovid/weights"
    })
    void everyPlatformHasItsUsualPlace(String system, String name, String value, String folder) {
        Map<String, String> properties = Map.of("os.name", system, "user.home", "/home/ada");
        assertThat(settings(Map.of(name, value), properties).folder()).isEqualTo(Path.of(folder));
    }

    @Test
    void theMoreExplicitPlaceWins() {
        Path cache = Path.of("xdg").toAbsolutePath();
        Map<String, String> xdg = Map.of("XDG_CACHE_HOME", cache.toString());
        assertThat(settings(xdg, LINUX).folder())
                .isEqualTo(cache.resolve("deepcovid").resolve("weights"));
        Map<String, String> own =
                Map.of("XDG_CACHE_HOME", cache.toString(), "DEEPCOVID_HOME", "/own");
        assertThat(settings(own, LINUX).folder()).isEqualTo(Path.of("/own/weights"));
        assertThat(settings(own, Map.of("deepcovid.home", "/property")).folder())
                .isEqualTo(Path.of("/property/weights"));
    }

    @Test
    void switchesAreOffUnlessSet() {
        CacheSettings quiet = settings(Map.of(), LINUX);
        assertThat(quiet.network()).isEqualTo(CacheSettings.Network.ONLINE);
        assertThat(quiet.trust()).isEqualTo(CacheSettings.Trust.KNOWN_CHECKSUM);
        assertThat(quiet.mirror()).isEmpty();
        CacheSettings set =
                settings(
                        Map.of(
                                "DEEPCOVID_OFFLINE", "TRUE",
                                "DEEPCOVID_TRUST_FIRST_USE", "1",
                                "DEEPCOVID_MIRROR", "/mirror"),
                        LINUX);
        assertThat(set.network()).isEqualTo(CacheSettings.Network.OFFLINE);
        assertThat(set.trust()).isEqualTo(CacheSettings.Trust.FIRST_USE);
        assertThat(set.mirror()).hasValue("/mirror");
    }

    @Test
    void aSwitchIsNotGuessed() {
        assertThatThrownBy(() -> settings(Map.of("DEEPCOVID_OFFLINE", "maybe"), LINUX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DEEPCOVID_OFFLINE is 'maybe'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aTimeoutMustBePositive(int millis) {
        assertThatThrownBy(
                        () ->
                                CacheFixture.settings(
                                        Path.of("x"),
                                        Duration.ofMillis(millis),
                                        ProxySelector.of(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout");
    }
}
