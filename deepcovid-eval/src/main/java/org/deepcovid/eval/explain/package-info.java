/**
 * Where a network looked: a classifier, an image and a label enter; evidence maps, pictures of them
 * and numbers that question them leave.
 */
package org.deepcovid.eval.explain;
