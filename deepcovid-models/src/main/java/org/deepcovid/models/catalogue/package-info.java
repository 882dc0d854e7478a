/**
 * Published weights: a catalogue of them, and a cache on disk that downloads and verifies a file
 * before it gets its final name.
 */
package org.deepcovid.models.catalogue;
