/**
 * Keeps the pages true: reads README.md and docs, checks links, dependency snippets and commands,
 * and compiles and runs the code that they show. What enters are Markdown files; what leaves are
 * lists of problems, each with its page and line.
 *
 * <p>How a page says what its blocks need is told in {@link org.deepcovid.examples.docs.Directive}.
 */
package org.deepcovid.examples.docs;
