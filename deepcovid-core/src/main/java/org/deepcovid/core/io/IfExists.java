package org.deepcovid.core.io;

/** What to do where a file is to be written and one of that name is there already. */
public enum IfExists {
    /** Leave it alone and report an error. */
    FAIL,
    /** Replace it, in one step, once the new file is complete. */
    REPLACE
}
