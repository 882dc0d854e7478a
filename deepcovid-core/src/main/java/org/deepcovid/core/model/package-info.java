/**
 * Networks: normalised image tensors [N, 3, H, W] go in; feature maps, pooled features and logits
 * come out. No architecture is defined here.
 */
package org.deepcovid.core.model;
