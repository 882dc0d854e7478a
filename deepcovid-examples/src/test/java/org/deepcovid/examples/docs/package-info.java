/**
 * Checks README.md, CONTRIBUTING.md and the pages below docs: their Java is a region of a class of
 * this package, their commands are parsed and run, their dependencies, links and names are looked
 * up.
 */
package org.deepcovid.examples.docs;
