package org.deepcovid.eval.report;

import java.util.Optional;

/**
 * One question that a reporting guideline asks.
 *
 * @param area part of a publication that it belongs to
 * @param question in this project's own words
 * @param origin the guidelines that ask it
 * @param answer what the run knows; empty where only a person can answer
 */
record ChecklistItem(String area, String question, String origin, Optional<String> answer) {

    static final String BOTH = "CLAIM, STARD-AI";
    static final String CLAIM = "CLAIM";
    static final String STARD = "STARD-AI";

    static ChecklistItem known(String area, String question, String origin, String answer) {
        return new ChecklistItem(area, question, origin, Optional.of(answer));
    }

    static ChecklistItem forAPerson(String area, String question, String origin) {
        return new ChecklistItem(area, question, origin, Optional.empty());
    }
}
