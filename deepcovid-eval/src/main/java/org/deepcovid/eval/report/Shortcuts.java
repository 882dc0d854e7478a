package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.eval.audit.ShortcutAudit;

/** A shortcut audit in reports. */
final class Shortcuts {

    private Shortcuts() {}

    /** Which images, how, and the verdict. */
    static String summary(ShortcutAudit.Result audit) {
        if (audit.folds() == 0) {
            return audit.verdict();
        }
        return String.format(
                Locale.ROOT,
                "Linear heads were fitted to parts of %d %s (%d folds by patient). The intervals"
                        + " hold together with 95 %% (each %.2f %%). %s",
                audit.images(),
                audit.part(),
                audit.folds(),
                100 * audit.level(),
                audit.verdict());
    }

    /** The table, its header first. */
    static List<List<String>> rows(ShortcutAudit.Result audit) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("label predicted from", "area under the ROC curve", "limit", "verdict"));
        for (ShortcutAudit.Measurement measured : audit.measurements()) {
            boolean judged = measured.probe().limit().isPresent();
            rows.add(
                    List.of(
                            measured.words(),
                            Format.estimate(Optional.of(measured.area())),
                            judged ? Format.number(measured.probe().limit()) : "none",
                            measured.exceedsLimit() ? "exceeded" : judged ? "not exceeded" : ""));
        }
        return rows;
    }

    /** The section of the page. */
    static void write(Html html, ShortcutAudit.Result audit) {
        html.open("section", "id", "shortcuts").element("h2", "Shortcut audit");
        html.element("p", summary(audit));
        // the findings are among the warnings
        List<List<String>> rows = rows(audit);
        Html.Table table = new Html.Table("Probes", rows.get(0).toArray(String[]::new));
        rows.stream().skip(1).forEach(row -> table.row(row.toArray(String[]::new)));
        html.table(table);
        audit.notes().forEach(note -> html.element("p", note));
        html.close();
    }

    static ObjectNode json(ShortcutAudit.Result audit) {
        ObjectNode node = JsonNumbers.object().put("verdict", audit.verdict());
        node.put("part", audit.part());
        audit.power().smallestArea().ifPresent(area -> node.put("smallestArea", area));
        node.put("images", audit.images()).put("folds", audit.folds()).put("level", audit.level());
        ArrayNode probes = node.putArray("probes");
        for (ShortcutAudit.Measurement measured : audit.measurements()) {
            ObjectNode entry = probes.addObject().put("probe", measured.probe().name());
            entry.put("subject", measured.subject()).put("words", measured.words());
            entry.set("area", JsonNumbers.of(measured.area()));
            JsonNumbers.put(entry, "limit", measured.probe().limit());
            entry.put("exceeded", measured.exceedsLimit());
        }
        ArrayNode findings = node.putArray("findings");
        for (ShortcutAudit.Finding finding : audit.findings()) {
            ObjectNode entry = findings.addObject().put("kind", finding.kind().name());
            entry.put("name", finding.name()).put("text", finding.text());
            entry.put("advice", finding.advice());
            entry.set("area", JsonNumbers.of(finding.area()));
        }
        node.set("notes", JsonReport.strings(audit.notes()));
        return node;
    }
}
