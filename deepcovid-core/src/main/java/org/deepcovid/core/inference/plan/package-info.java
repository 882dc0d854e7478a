/**
 * A network as plain values: a native graph enters, a list of nodes that names its parameters
 * leaves, small enough to travel as JSON. Only {@link
 * org.deepcovid.core.inference.plan.GraphPlanner} touches DL4J; nothing else here starts it.
 */
package org.deepcovid.core.inference.plan;
