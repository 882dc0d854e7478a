/**
 * The four networks of Minaee et al. (2020), as native DL4J graphs: a weights file enters, a {@link
 * org.deepcovid.core.model.Backbone} leaves.
 */
package org.deepcovid.models;
