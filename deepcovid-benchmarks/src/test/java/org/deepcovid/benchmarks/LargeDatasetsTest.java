package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeDatasetsTest {

    @TempDir Path folder;

    @Test
    void madeDataCanBeRead() throws IOException {
        XrayDataset lines = XrayDataset.read(LargeDatasets.manifest(folder, 60));
        XrayDataset files = XrayDataset.read(LargeDatasets.files(folder.resolve("files"), 60));

        assertThat(lines.images()).hasSize(60).allMatch(image -> image.part().isPresent());
        assertThat(PatientSplitter.seeded(1).split(files).test()).hasSize(12);
    }
}
