/** Entry point of the library: a backbone and labelled images enter, scored images leave. */
package org.deepcovid.core;
