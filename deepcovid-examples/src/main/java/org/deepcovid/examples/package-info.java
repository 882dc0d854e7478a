/** Runnable mains: paths on the command line enter, files and tables on the console leave. */
package org.deepcovid.examples;
