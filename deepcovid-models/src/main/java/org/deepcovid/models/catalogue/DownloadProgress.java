package org.deepcovid.models.catalogue;

import java.util.OptionalLong;

/**
 * How far a download has come.
 *
 * @param fileName as in {@link CatalogueEntry#fileName()}
 * @param bytes received so far, those of an earlier, interrupted download included
 * @param total bytes of the whole file; empty if the server does not say
 * @param attempt 1 for the first
 */
public record DownloadProgress(String fileName, long bytes, OptionalLong total, int attempt) {}
