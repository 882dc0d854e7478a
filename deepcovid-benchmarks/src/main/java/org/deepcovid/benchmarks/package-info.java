/** Speed: weights files enter, images a second leave, with the machine that they were seen on. */
package org.deepcovid.benchmarks;
