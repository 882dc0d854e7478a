/**
 * Starts the ND4J backend that system properties choose, and describes the machine in a {@link
 * org.deepcovid.core.runtime.RuntimeEnvironment}.
 */
package org.deepcovid.core.runtime;
