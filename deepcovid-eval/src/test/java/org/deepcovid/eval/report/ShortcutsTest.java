package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.audit.Probe;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortcutsTest {

    @Test
    void aFindingIsAWarningOfEveryFile(@TempDir Path folder) throws Exception {
        Bootstrap.Estimate area =
                new Bootstrap.Estimate(
                        0.97, 0.01, Optional.of(new ConfidenceInterval(0.94, 0.98, 0.99)), 2000, 0);
        ShortcutAudit.Result audit =
                new ShortcutAudit.Result(
                        14,
                        3,
                        0.99,
                        List.of(new ShortcutAudit.Measurement(Probe.BORDER, "", area)),
                        List.of(
                                new ShortcutAudit.Finding(
                                        Probe.BORDER, "the border", area, "It is 0.97.", "Crop")),
                        List.of("A note."));
        DatasetSplit split = Reports.split(folder.resolve("images"), 4);
        Path report = folder.resolve("report");
        Path page =
                ReportWriter.into(report, IfExists.FAIL)
                        .write(
                                Report.of("title", "data", split)
                                        .with("net", Reports.evaluation(split, 1))
                                        .withShortcuts(audit));

        assertThat(Files.readString(page))
                .contains("Shortcut in the images fitted to, the border: It is 0.97. Crop.")
                .contains("0.970 [0.940, 0.980]", ">exceeded<")
                .contains("A note.", "Shortcuts found: the border.");
        assertThat(report.resolve("report.json"))
                .content()
                .contains("Shortcut in the images fitted to", "\"exceeded\" : true")
                .contains("\"advice\" : \"Crop\"");
        assertThat(report.resolve("model-card-net.md"))
                .content()
                .contains("## Shortcut audit", "- It is 0.97. Crop.", "- A note.");
    }
}
