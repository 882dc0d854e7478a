package org.deepcovid.models.catalogue;

/** What to do with a file whose SHA-256 the catalogue does not know. */
public enum TrustPolicy {
    /** Refuse it. */
    KNOWN_CHECKSUM,
    /**
     * Accept it the first time, record its SHA-256 beside it, and accept only that from then on.
     */
    FIRST_USE
}
