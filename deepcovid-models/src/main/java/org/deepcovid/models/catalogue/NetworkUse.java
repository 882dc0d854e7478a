package org.deepcovid.models.catalogue;

/** Whether the network may be used. */
public enum NetworkUse {
    /** Files that are not in the cache are downloaded. */
    ONLINE,
    /** Only the cache and a mirror that is a local folder are used. */
    OFFLINE
}
