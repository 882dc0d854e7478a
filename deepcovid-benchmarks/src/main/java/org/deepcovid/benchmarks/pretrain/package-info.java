/**
 * Training of a backbone from random weights: radiographs of a training part and phantoms enter,
 * batches, checkpoints and learned weights leave. Nobody else's weights take part.
 */
package org.deepcovid.benchmarks.pretrain;
