package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * covid-chestxray-dataset (Cohen et al. 2020, arXiv:2006.11988): {@code metadata.csv}, whose column
 * {@code finding} names a disease with its groups, as in {@code Pneumonia/Viral/COVID-19}; files
 * are in the folder that the column {@code folder} names, or in {@code images/}.
 */
final class CovidChestXray extends PublishedLayout {

    static final String COVID = "COVID-19";

    private static final Set<String> NOT_KNOWN = Set.of("", "todo", "unknown");

    CovidChestXray(Path root, DatasetOptions options) {
        super(root, options);
    }

    static boolean matches(Path root) {
        return hasColumns(root.resolve("metadata.csv"), "patientid", "finding", "view", "filename");
    }

    @Override
    String name() {
        return "covid-chestxray-dataset";
    }

    @Override
    String licence() {
        return "by image, in the column license";
    }

    @Override
    List<String> rules() {
        return List.of(
                "most-specific-finding: Pneumonia/Viral/COVID-19 is COVID-19; COVID-19 with others"
                        + " is COVID-19; an unknown finding, or several others, are left out",
                "frontal-x-ray-only: views that begin with PA or AP are kept; lateral views, other"
                        + " views and CT are left out",
                PRESENT);
    }

    @Override
    void readAll() throws IOException {
        rows(root.resolve("metadata.csv"), this::add);
    }

    private void add(Row row) {
        String folder = row.get("folder").isEmpty() ? "images" : row.get("folder");
        Path file = root.resolve(folder).resolve(row.get("filename"));
        String view = row.get("view");
        String modality = row.get("modality");
        List<String> findings =
                Arrays.stream(row.get("finding").split(","))
                        .map(text -> text.substring(text.lastIndexOf('/') + 1).strip())
                        .toList();
        if (modality.equalsIgnoreCase("CT") || view.equalsIgnoreCase("CT")) {
            leaveOut(file, "CT");
        } else if (!view.matches("(?i)(PA|AP)\\b.*")) {
            leaveOut(file, "not frontal: " + (view.isEmpty() ? "no view is given" : view));
        } else if (findings.contains(COVID)) {
            add(file, COVID, row, view, modality);
        } else if (findings.size() > 1) {
            leaveOut(file, "several findings: " + String.join("; ", findings));
        } else if (NOT_KNOWN.contains(findings.get(0).toLowerCase(Locale.ROOT))) {
            leaveOut(file, "finding not known: '%s'".formatted(row.get("finding")));
        } else {
            add(file, findings.get(0), row, view, modality);
        }
    }

    private void add(Path file, String label, Row row, String view, String modality) {
        Map<String, String> attributes =
                attributes(
                        "finding", row.get("finding"),
                        "view", view,
                        "sex", row.get("sex"),
                        "age", row.get("age"),
                        "modality", modality,
                        "location", row.get("location"),
                        "license", row.get("license"),
                        "url", row.get("url"),
                        "doi", row.get("doi"));
        add(file, label, row.get("patientid"), Optional.empty(), attributes);
    }
}
