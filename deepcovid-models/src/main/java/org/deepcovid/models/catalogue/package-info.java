/**
 * Known pre-trained weights: the name of a network enters, a verified weights file in a local cache
 * or a filled {@link org.deepcovid.core.model.Backbone} leaves. A file that is not what was
 * expected never gets its final name.
 */
package org.deepcovid.models.catalogue;
