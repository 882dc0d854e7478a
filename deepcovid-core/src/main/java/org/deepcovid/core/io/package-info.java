/** Files as a whole: bytes enter, complete files and checksums leave, never half-written ones. */
package org.deepcovid.core.io;
