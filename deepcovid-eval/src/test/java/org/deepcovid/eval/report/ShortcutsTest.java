package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.audit.AuditPower;
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
                        "training images",
                        14,
                        new AuditPower(7, 7, 0.99),
                        3,
                        0.99,
                        List.of(new ShortcutAudit.Measurement(Probe.BORDER, "", area)),
                        List.of(
                                new ShortcutAudit.Finding(
                                        Probe.BORDER, "the border", area, "It is 0.97.", "Crop")),
                        List.of("A note."));
        DatasetSplit split = Reports.split(folder.resolve("images"), 4);
        Path report = folder.resolve("report");
        Evaluation evaluation = Reports.evaluation(split, 1).withShortcuts(audit);
        Path page =
                ReportWriter.into(report, IfExists.FAIL)
                        .write(Report.of("title", "data", split).with("net", evaluation));

        assertThat(evaluation.toText().replaceAll("\\s+", " "))
                .contains(
                        "Shortcut audit of the training images (14)",
                        "! Shortcut in the training images, the border: It is 0.97. Crop.")
                .containsPattern("Not shown to be better|Worse|Confounded");
        String html = Files.readString(page);
        assertThat(evaluation.warnings())
                .allSatisfy(warning -> assertThat(html).contains(Html.escaped(warning.toString())));
        assertThat(html)
                .contains("Shortcut in the training images, the border: It is 0.97. Crop.")
                .contains("0.970 [0.940, 0.980]", ">exceeded<")
                .contains("A note.", "Shortcuts found: the border.");
        assertThat(report.resolve("report.json"))
                .content()
                .contains("Shortcut in the training images", "\"exceeded\" : true")
                .contains("\"advice\" : \"Crop\"");
        assertThat(report.resolve("model-card-net.md"))
                .content()
                .contains("## Shortcut audit", "- It is 0.97. Crop.", "- A note.");
    }
}
