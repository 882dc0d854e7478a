package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortcutTrialsTest {

    /** A seed of the development part, not of the committed results. */
    @Test
    void everyPlantedShortcutIsNamedAndNoOther(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream csv = new ByteArrayOutputStream();

        ShortcutTrials.run(1002, 1, 60, folder, new PrintStream(csv, true, StandardCharsets.UTF_8));

        List<String> lines = csv.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.stream().map(line -> line.split(",")[0]))
                .containsExactly("planted", "NOTHING", "MARKER", "FRAME", "GREYS");
        assertThat(lines.stream().skip(1).map(line -> line.split(",")[4])).containsOnly("true");
        assertThat(lines.get(1)).startsWith("NOTHING,1002,120,,true,");
        assertThat(lines.get(2)).startsWith("MARKER,1002,120,CORNERS,true,");
    }
}
