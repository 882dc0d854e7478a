/**
 * One stand-in class that DL4J 1.0.0-M2.1 expects in this package. Nothing enters; what leaves is
 * whether the native library has oneDNN. Not for use by others.
 */
package org.nd4j.nativeblas;
