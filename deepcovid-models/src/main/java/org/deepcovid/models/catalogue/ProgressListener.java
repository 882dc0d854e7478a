package org.deepcovid.models.catalogue;

/** Is told how a download comes along, in the thread that called for it. */
@FunctionalInterface
public interface ProgressListener {

    /** Listens to nothing. */
    ProgressListener SILENT = progress -> {};

    /**
     * More bytes have arrived. An exception thrown here ends the download; what has arrived is kept
     * for resuming.
     *
     * @param progress where the download stands
     */
    void progress(DownloadProgress progress);
}
