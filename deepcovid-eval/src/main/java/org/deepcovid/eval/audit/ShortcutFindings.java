package org.deepcovid.eval.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.audit.ShortcutAudit.Finding;
import org.deepcovid.eval.audit.ShortcutAudit.Measurement;

/** Names the shortcuts that measurements show. */
final class ShortcutFindings {

    private final LabelSet labels;
    private final List<LabelledImage> images;
    private final List<Measurement> measurements;
    private final List<Finding> findings = new ArrayList<>();

    ShortcutFindings(LabelSet labels, List<LabelledImage> images, List<Measurement> measurements) {
        this.labels = labels;
        this.images = images;
        this.measurements = measurements;
    }

    List<Finding> list() {
        measurements.stream()
                .filter(m -> m.probe() == Probe.METADATA && m.exceedsLimit())
                .forEach(this::metadata);
        exceeding(Probe.FILE_FACTS).ifPresent(this::predicts);
        exceeding(Probe.GREY_LEVELS).ifPresent(this::predicts);
        border();
        measurements.stream()
                .filter(m -> m.probe() == Probe.NEW_SOURCE && m.exceedsLimit())
                .forEach(this::newSource);
        return findings;
    }

    private Optional<Measurement> exceeding(Probe probe) {
        return measurements.stream()
                .filter(m -> m.probe() == probe && m.exceedsLimit())
                .findFirst();
    }

    private Optional<Measurement> measured(Probe probe) {
        return measurements.stream().filter(m -> m.probe() == probe).findFirst();
    }

    /** Corners belong to the border: they are named alone if the edges do not predict the label. */
    private void border() {
        Optional<Measurement> corners = exceeding(Probe.CORNERS);
        boolean inCornersOnly =
                corners.isPresent()
                        && measured(Probe.EDGES).isPresent()
                        && exceeding(Probe.EDGES).isEmpty();
        (inCornersOnly
                        ? corners
                        : exceeding(Probe.BORDER)
                                .or(() -> exceeding(Probe.EDGES))
                                .or(() -> corners))
                .ifPresent(this::predicts);
    }

    private void predicts(Measurement measured) {
        Probe probe = measured.probe();
        add(
                measured,
                probe.where(),
                "The label can be predicted from %s with an area of %s%s.%s"
                        .formatted(
                                probe.words(),
                                area(measured),
                                besideWhole(),
                                probe.view().isPresent() && exceeding(Probe.GREY_LEVELS).isPresent()
                                        ? " The grey levels may be the reason."
                                        : ""),
                probe.advice());
    }

    private String besideWhole() {
        return measured(Probe.WHOLE)
                .map(whole -> " (whole image: %s)".formatted(area(whole)))
                .orElse("");
    }

    private void metadata(Measurement measured) {
        String name = measured.subject();
        Map<String, List<LabelledImage>> values = ShortcutProbes.byValue(images, name);
        boolean apart = values.values().stream().noneMatch(this::hasSeveral);
        String first =
                "The %s alone predicts the label with an area of %s%s."
                        .formatted(
                                name,
                                area(measured),
                                apart ? ": no %s holds both labels".formatted(name) : "");
        String second =
                measurements.stream()
                        .filter(m -> m.probe() == Probe.SOURCE && m.subject().startsWith(name))
                        .findFirst()
                        .map(
                                m ->
                                        " Images of different %ss are told apart with an area of %s (%s)."
                                                .formatted(
                                                        name,
                                                        area(m),
                                                        m.subject()
                                                                .replace(name + " of ", "among ")))
                        .orElse("");
        String third = apart && name.equals(ShortcutProbes.SOURCE) ? unknown() : "";
        add(
                measured,
                "confounded by " + name,
                first + second + third,
                apart
                        ? "these data cannot tell %1$s from %2$s; add images of both labels from every %1$s"
                                .formatted(name, labels.positive())
                        : Probe.METADATA.advice());
    }

    /** What sources often differ in, and the metadata do not name. */
    private String unknown() {
        String missing =
                List.of("age", "sex", "view", ShortcutProbes.SCANNER).stream()
                        .filter(name -> ShortcutProbes.byValue(images, name).isEmpty())
                        .collect(Collectors.joining(", "));
        return missing.isEmpty()
                ? ""
                : " What else differs between the sources is confounded too, also what the metadata"
                        + " do not name (%s).".formatted(missing);
    }

    private boolean hasSeveral(List<LabelledImage> of) {
        List<Label> found = of.stream().map(LabelledImage::label).distinct().toList();
        return found.contains(labels.positive()) && found.size() > 1;
    }

    private void newSource(Measurement measured) {
        add(
                measured,
                "what differs between sources",
                "Within %s the area falls by %s if no image of that source is trained on."
                        .formatted(measured.subject(), area(measured)),
                Probe.NEW_SOURCE.advice());
    }

    private void add(Measurement measured, String name, String text, String advice) {
        String sentence = advice.substring(0, 1).toUpperCase(Locale.ROOT) + advice.substring(1);
        findings.add(new Finding(measured.probe(), name, measured.area(), text, sentence));
    }

    private static String area(Measurement measured) {
        return String.format(
                Locale.ROOT,
                "%.3f %s",
                measured.area().value(),
                ShortcutAudit.interval(measured.area()));
    }
}
