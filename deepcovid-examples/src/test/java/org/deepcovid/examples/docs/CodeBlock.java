package org.deepcovid.examples.docs;

/**
 * A fenced block.
 *
 * @param page name relative to the project's root
 * @param line of its first line of code, from 1
 * @param language word after the fence, empty if there is none
 * @param directive from the comment above it
 * @param text without the fences, each line ended
 */
record CodeBlock(String page, int line, String language, Directive directive, String text) {

    /** For messages and test names. */
    String place() {
        return "%s:%d".formatted(page, line);
    }

    boolean is(String wanted) {
        return language.equals(wanted);
    }
}
