/**
 * What a convolutional network promises: normalised image tensors [N, 3, H, W] enter, feature maps,
 * pooled features and logits leave. No architecture is defined here.
 */
package org.deepcovid.core.model;
