package org.deepcovid.eval.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.deepcovid.core.ClassProbabilities;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.image.RasterImage;

/** The images furthest from the threshold, as small pictures inside the page. */
final class ErrorGallery {

    private ErrorGallery() {}

    static void write(Html html, EvaluatedNetwork network) {
        LabelSet labels = network.evaluation().labels();
        Examples examples = network.examples();
        String explanation =
                examples.explanation()
                        .map(
                                text ->
                                        " "
                                                + text
                                                + " Overlays show evidence of the model, not"
                                                + " disease.")
                        .orElse("");
        gallery(
                html,
                network,
                "Most confident errors",
                "Test images on the wrong side of the threshold, the furthest first: the square"
                        + " that the network saw, scaled down."
                        + explanation,
                examples.wrong(),
                "Missed %s image.".formatted(labels.positive()),
                "False alarm.");
        gallery(
                html,
                network,
                "Most confident correct calls",
                "Test images on the right side of the threshold, the furthest first."
                        + explanation
                        + " The numbers above do not show whether a correct call has a wrong"
                        + " reason.",
                examples.right(),
                "%1$s image, called %1$s.".formatted(labels.positive()),
                "Other image, called %s.".formatted(labels.rest()));
    }

    private static void gallery(
            Html html,
            EvaluatedNetwork network,
            String title,
            String text,
            List<Examples.Example> images,
            String ofPositives,
            String ofOthers) {
        if (images.isEmpty()) {
            return;
        }
        html.element("h3", title);
        html.element("p", text);
        html.open("div", "class", "gallery");
        for (Examples.Example image : images) {
            example(html, network, image, image.image().isPositive() ? ofPositives : ofOthers);
        }
        html.close();
    }

    private static void example(
            Html html, EvaluatedNetwork network, Examples.Example example, String verdict) {
        String id = example.image().imageId();
        html.open("figure");
        if (example.evidence().isPresent()) {
            String file = Examples.figureName(network, example) + ".png";
            html.open("a", "href", ReportWriter.FIGURES + "/" + file);
            picture(html, "Radiograph " + id, example.picture());
            RasterImage overlay = example.evidence().get().overlay();
            picture(html, "Evidence of the network in " + id + ", opens large", overlay);
            html.close();
        } else {
            picture(html, "Radiograph " + id, example.picture());
        }
        html.open("figcaption")
                .element("strong", verdict)
                .text(" Score %s. ".formatted(Format.number(example.image().positiveProbability())))
                .text(mostLikely(example.image()))
                .element("span", id, "class", "id")
                .close()
                .close();
    }

    /** Of more than two labels; the most likely one need not agree with the threshold. */
    private static String mostLikely(ScoredImage image) {
        ClassProbabilities probabilities = image.probabilities();
        Label label = probabilities.mostLikely();
        return probabilities.labels().labels().size() == 2
                ? ""
                : "Label %s; most likely %s, %s. "
                        .formatted(image.truth(), label, Format.number(probabilities.of(label)));
    }

    private static void picture(Html html, String description, RasterImage image) {
        html.open(
                "img",
                "alt",
                description,
                "width",
                String.valueOf(image.width()),
                "height",
                String.valueOf(image.height()),
                "src",
                dataAddress(image));
    }

    /** A data URL with the picture as JPEG. */
    private static String dataAddress(RasterImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image.toBufferedImage(), "jpeg", bytes)) {
                throw new IllegalStateException("this Java runtime writes no JPEG of " + image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
