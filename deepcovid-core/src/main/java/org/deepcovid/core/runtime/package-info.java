/**
 * The machine under the library: nothing enters but system properties, a started ND4J backend and a
 * {@link org.deepcovid.core.provenance.RuntimeEnvironment} leave.
 */
package org.deepcovid.core.runtime;
