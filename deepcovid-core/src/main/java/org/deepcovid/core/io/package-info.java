/**
 * Files as a whole: bytes enter, complete files and checksums leave, never half-written ones; and
 * journals, whose every record is whole or absent.
 */
package org.deepcovid.core.io;
