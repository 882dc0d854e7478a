package org.deepcovid.eval.report;

import java.util.List;

/** What the numbers of any such report do not tell. */
final class LimitsSection {

    static final List<String> LIMITS =
            List.of(
                    "The label of an image is what the dataset says, not a laboratory result"
                            + " checked here; a wrong label counts as an error of the network.",
                    "Public collections of COVID-19 radiographs come from publications and a few"
                            + " hospitals. Machines, positions, age, severity and burnt-in text may"
                            + " differ between the classes, and a network may go by those.",
                    "Predictive values hold for the share of COVID images among the test images,"
                            + " which no clinic shares.",
                    "Intervals express the finite number of test images, and no other doubt: not"
                        + " wrong labels, not other hospitals, not the luck of one training run.",
                    "One split was used, and one seed where no table of several seeds says"
                            + " otherwise.",
                    "Scores are not probabilities of disease, however well calibrated they are on"
                            + " these images.",
                    "Subgroups were not chosen in advance, and their tables are not adjusted for"
                            + " their number.");

    private LimitsSection() {}

    static void write(Html html) {
        html.open("section", "id", "limits").element("h2", "Limits").open("ul");
        LIMITS.forEach(limit -> html.element("li", limit));
        html.close().close();
    }
}
