/**
 * Running networks: normalised images enter as floats, feature maps, pooled features and logits
 * leave as floats. Two engines compute them, the DL4J graph and a compiled form of it; which one
 * runs, and why, is reported. The compiled one works without starting ND4J.
 */
package org.deepcovid.core.inference;
