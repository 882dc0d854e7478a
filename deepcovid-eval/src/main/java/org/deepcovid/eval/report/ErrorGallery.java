package org.deepcovid.eval.report;

import java.util.Optional;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.RasterImage;

/** Shows the most confident errors as small pictures. */
final class ErrorGallery {

    private ErrorGallery() {}

    static void write(Html html, EvaluatedNetwork network) {
        if (network.errors().isEmpty()) {
            return;
        }
        html.element("h3", "Most confident errors");
        String explanation =
                network.explanation()
                        .map(
                                words ->
                                        " "
                                                + words
                                                + " Such maps tell of a model, never of a patient.")
                        .orElse("");
        html.element(
                "p",
                "Test images on the wrong side of the threshold, the furthest first: the square"
                        + " that the network saw."
                        + explanation);
        html.open("div", "class", "gallery");
        for (ErrorExample error : network.errors()) {
            example(html, error);
        }
        html.close();
    }

    private static void example(Html html, ErrorExample error) {
        boolean missed = error.image().truth() == CovidLabel.COVID;
        String id = error.image().imageId();
        html.open("figure");
        picture(html, "Radiograph " + id, Optional.of(error.picture()));
        picture(html, "Evidence of the network in " + id, error.overlay());
        html.open("figcaption")
                .element("strong", missed ? "Missed COVID image." : "False alarm.")
                .text(" Score %s. ".formatted(Format.number(error.image().covidProbability())))
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
