/**
 * Origin of a result: configuration, data and weights enter as values and checksums, one
 * serialisable record leaves. Free of tensor types.
 */
package org.deepcovid.core.provenance;
