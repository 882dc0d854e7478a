/**
 * The machine under the library: nothing enters but system properties, a started ND4J backend and a
 * {@link org.deepcovid.core.runtime.RuntimeEnvironment} that describes it leave.
 */
package org.deepcovid.core.runtime;
