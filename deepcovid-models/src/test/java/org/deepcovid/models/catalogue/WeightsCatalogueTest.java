package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the catalogue claims, and its form. */
final class WeightsCatalogueTest {

    private static final String ENTRY =
            """
            {"id": "a", "network": "resnet18", "fileName": "a.h5", "licence": "MIT",
             "flavour": "KERAS", "normalisation": "caffe", "note": "n"%s}\
            """;

    @TempDir Path folder;

    static Iterable<String> networks() {
        return Backbones.names();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyNetworkHasWeightsAndTheFirstAreVerifiable(String network) {
        assertThat(WeightsCatalogue.find(network))
                .isNotEmpty()
                .allMatch(entry -> entry.network().equals(network))
                .first()
                .matches(CatalogueEntry::hasKnownChecksum);
    }

    @Test
    void aVerificationDateNeedsAChecksumAndASize() {
        assertThat(WeightsCatalogue.entries())
                .filteredOn(entry -> entry.verifiedOn().isPresent())
                .isNotEmpty()
                .allMatch(entry -> entry.hasKnownChecksum() && entry.size().isPresent());
    }

    @Test
    void whatIsNotVerifiedSaysSo() {
        assertThat(WeightsCatalogue.entries())
                .filteredOn(entry -> entry.verifiedOn().isEmpty())
                .allSatisfy(entry -> assertThat(entry.note()).contains("could not be fetched"));
    }

    @Test
    void publishersAreReachedOverTls() {
        assertThat(WeightsCatalogue.entries())
                .flatMap(entry -> entry.address().stream().toList())
                .isNotEmpty()
                .allMatch(address -> address.getScheme().equals("https"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"squeezenet-keras-copy", "resnet50-keras-copy"})
    void theCopiesLoadAsTheCatalogueSays(String id) {
        Path mirror = SharedData.path("weights");
        CatalogueEntry entry = WeightsCatalogue.entry(id);
        WeightsCache cache =
                CacheFixture.cache(
                        CacheFixture.settings(folder)
                                .withNetwork(CacheSettings.Network.OFFLINE)
                                .withMirror(mirror.toString()),
                        200 << 20);
        try (Backbone backbone = Backbones.load(entry, cache, WeightsCache.DownloadListener.NONE)) {
            assertThat(backbone.spec().flavour()).isEqualTo(entry.flavour().id());
            assertThat(backbone.spec().normalization())
                    .isEqualTo(
                            entry.normalisation().equals("caffe")
                                    ? Normalization.CAFFE
                                    : Normalization.TORCH);
            assertThat(backbone.origin().sha256()).isEqualTo(entry.sha256().orElseThrow());
            assertThat(backbone.origin().name()).isEqualTo(entry.fileName());
        }
    }

    @Test
    void anEntryOfAnUnknownNetworkIsRefusedBeforeItIsFetched() {
        String json = "[" + ENTRY.formatted("").replace("resnet18", "vgg16") + "]";
        CatalogueEntry entry = WeightsCatalogue.parse(json).get(0);
        WeightsCache cache = CacheFixture.cache(CacheFixture.settings(folder));
        assertThatThrownBy(() -> Backbones.load(entry, cache, WeightsCache.DownloadListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no network 'vgg16'");
    }

    @Test
    void unknownNamesAreAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> WeightsCatalogue.find("vgg16"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'vgg16'")
                .hasMessageContaining("resnet50");
        assertThatThrownBy(() -> WeightsCatalogue.entry("vgg16-keras"))
                .hasMessageContaining("resnet50-torchvision");
    }

    @Test
    void aCatalogueOfOnesOwnMayLeaveOptionalPartsOut() {
        CatalogueEntry entry = WeightsCatalogue.parse("[" + ENTRY.formatted("") + "]").get(0);
        assertThat(entry.address()).isEmpty();
        assertThat(entry.size()).isEmpty();
        assertThat(entry.sha256()).isEmpty();
        assertThat(entry.md5()).isEmpty();
        assertThat(entry.accuracy()).isEmpty();
        assertThat(entry.verifiedOn()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", 'sha256': 'abc'",
                ", 'md5': 'abc'",
                ", 'size': 0",
                ", 'address': 'ftp://a.example/f'",
                ", 'address': 'relative'",
                ", 'verifiedOn': 'yesterday'",
                ", 'accuracy': {'top1': 75, 'top5': 92, 'source': 's'}",
                ", 'fileName': '../escape.h5'",
                ", 'network': 'a/b'",
                ", 'id': ''",
                ", 'normalisation': 'tf'",
                ", 'surprise': 1"
            })
    void aWrongCatalogueIsRefused(String addition) {
        String json = "[" + ENTRY.formatted(addition.replace('\'', '"')) + "]";
        assertThatThrownBy(() -> WeightsCatalogue.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a catalogue of weights");
    }

    @Test
    void twoEntriesMayNotShareAFile() {
        String json = "[" + ENTRY.formatted("") + "," + ENTRY.formatted(", \"id\": \"b\"") + "]";
        assertThatThrownBy(() -> WeightsCatalogue.parse(json))
                .hasMessageContaining("two entries have the fileName 'a.h5'");
    }
}
