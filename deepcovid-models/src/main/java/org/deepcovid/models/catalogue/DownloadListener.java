package org.deepcovid.models.catalogue;

import java.util.OptionalLong;

/** Receives the progress of a download, in the thread that started it. */
@FunctionalInterface
public interface DownloadListener {

    /** Ignores all progress. */
    DownloadListener NONE = (fileName, bytes, total) -> {};

    /**
     * More bytes have arrived. An exception thrown here ends the download.
     *
     * @param fileName as in {@link CatalogueEntry#fileName()}
     * @param bytes received so far; starts again at 0 when the download is retried
     * @param total size of the file; empty if the server does not send it
     */
    void progress(String fileName, long bytes, OptionalLong total);
}
