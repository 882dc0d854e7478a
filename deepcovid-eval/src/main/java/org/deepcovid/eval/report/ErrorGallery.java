package org.deepcovid.eval.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.RasterImage;

/** Shows the most confident errors, and right calls if wanted, as small pictures. */
final class ErrorGallery {

    private ErrorGallery() {}

    static void write(Html html, EvaluatedNetwork network) {
        String explanation =
                network.explanation()
                        .map(
                                words ->
                                        " "
                                                + words
                                                + " Such maps tell of a model, never of a patient.")
                        .orElse("");
        gallery(
                html,
                "Most confident errors",
                "Test images on the wrong side of the threshold, the furthest first: the square"
                        + " that the network saw."
                        + explanation,
                network.errors(),
                missed -> missed ? "Missed COVID image." : "False alarm.");
        gallery(
                html,
                "Most confident right calls",
                "Test images on the right side of the threshold, the furthest first."
                        + explanation
                        + " A right call for a wrong reason looks as good in every figure above.",
                network.right(),
                covid -> covid ? "COVID image, called so." : "Other image, called so.");
    }

    private static void gallery(
            Html html,
            String title,
            String text,
            List<ErrorExample> images,
            Function<Boolean, String> verdict) {
        if (images.isEmpty()) {
            return;
        }
        html.element("h3", title);
        html.element("p", text);
        html.open("div", "class", "gallery");
        for (ErrorExample image : images) {
            example(html, image, verdict.apply(image.image().truth().equals(Label.COVID)));
        }
        html.close();
    }

    private static void example(Html html, ErrorExample example, String verdict) {
        String id = example.image().imageId();
        html.open("figure");
        picture(html, "Radiograph " + id, Optional.of(example.picture()));
        picture(html, "Evidence of the network in " + id, example.overlay());
        html.open("figcaption")
                .element("strong", verdict)
                .text(" Score %s. ".formatted(Format.number(example.image().covidProbability())))
                .element("span", id, "class", "id")
                .close()
                .close();
    }

    private static void picture(Html html, String words, Optional<RasterImage> picture) {
        picture.ifPresent(
                image ->
                        html.open(
                                "img",
                                "alt",
                                words,
                                "width",
                                String.valueOf(image.width()),
                                "height",
                                String.valueOf(image.height()),
                                "src",
                                Pictures.dataAddress(image)));
    }
}
