package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads one file over HTTP. A failure that may be temporary (no connection, a timeout, status
 * 408, 425, 429 or 5xx, a truncated body) is retried once. Redirects are followed, but not from
 * https to http.
 */
record Download(
        CacheSettings settings,
        Duration retryDelay,
        String fileName,
        ExpectedFile expected,
        WeightsCache.DownloadListener listener) {

    private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429);
    private static final int REPORT_EVERY = 1 << 18;

    /** A failure that a second attempt would repeat. */
    private static final class PermanentFailure extends IOException {
        private static final long serialVersionUID = 1;

        PermanentFailure(String message) {
            super(message);
        }
    }

    /** Writes the whole file; on an exception its content is undefined. */
    void run(URI address, Path file) throws IOException, InterruptedException {
        try {
            attempt(address, file);
        } catch (PermanentFailure | FileSystemException e) {
            throw e;
        } catch (IOException e) {
            Thread.sleep(retryDelay.toMillis());
            attempt(address, file);
        }
    }

    private void attempt(URI address, Path file) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(address);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (InputStream body = response.body()) {
            checkStatus(response);
            OptionalLong total = response.headers().firstValueAsLong("Content-Length");
            checkLength(total);
            copy(body, reader, file, total);
        } finally {
            reader.shutdown();
        }
    }

    private HttpResponse<InputStream> send(URI address) throws IOException, InterruptedException {
        try {
            HttpClient client =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NORMAL)
                            .connectTimeout(settings.timeout())
                            .proxy(settings.proxies())
                            .build();
            HttpRequest request =
                    HttpRequest.newBuilder(address)
                            .timeout(settings.timeout())
                            .header("User-Agent", "deepcovid")
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (RuntimeException e) { // an address, a redirect or a proxy that cannot be used
            throw new PermanentFailure(e.getMessage());
        }
    }

    private static void checkStatus(HttpResponse<?> response) throws IOException {
        int status = response.statusCode();
        String location =
                response.headers().firstValue("Location").map(to -> " (to " + to + ")").orElse("");
        String message = "%s answered %d%s".formatted(response.uri(), status, location);
        if (TEMPORARY.contains(status) || status >= 500) {
            throw new IOException(message);
        }
        if (status != 200) {
            throw new PermanentFailure(message);
        }
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new PermanentFailure(
                    "the server sends the file encoded as %s; expected plain bytes"
                            .formatted(encoding));
        }
    }

    private void checkLength(OptionalLong total) throws PermanentFailure {
        if (total.isEmpty() && !expected.detectsTruncation()) {
            throw new PermanentFailure(
                    "the server does not send the file's length and no checksum is known, so a"
                            + " truncated file would go unnoticed");
        }
        if (total.isPresent() && expected.size().isPresent() && !total.equals(expected.size())) {
            throw new PermanentFailure(
                    "the server offers %d bytes, expected %d"
                            .formatted(total.getAsLong(), expected.size().getAsLong()));
        }
        requireAllowed(total.orElse(0));
    }

    private void requireAllowed(long bytes) throws PermanentFailure {
        if (bytes > expected.maxSize()) {
            throw new PermanentFailure(
                    "the server sends more than %d bytes".formatted(expected.maxSize()));
        }
    }

    private void copy(InputStream body, ExecutorService reader, Path file, OptionalLong total)
            throws IOException, InterruptedException {
        long bytes = 0;
        long reported = 0;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            listener.progress(fileName, 0, total);
            for (int n = read(body, reader, buffer); n >= 0; n = read(body, reader, buffer)) {
                bytes += n;
                requireAllowed(bytes);
                out.write(buffer, 0, n);
                if (bytes - reported >= REPORT_EVERY) {
                    reported = bytes;
                    listener.progress(fileName, bytes, total);
                }
            }
        }
        if (bytes != total.orElse(bytes)) {
            throw new IOException(
                    "the file ended after %d of %d bytes".formatted(bytes, total.getAsLong()));
        }
        listener.progress(fileName, bytes, total);
    }

    /** Reads with a timeout, since that of an {@link HttpRequest} covers the header only. */
    private int read(InputStream body, ExecutorService reader, byte[] buffer)
            throws IOException, InterruptedException {
        try {
            return reader.submit(() -> body.read(buffer))
                    .get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no data for " + settings.timeout().toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("the connection broke: " + e.getCause(), e);
        }
    }
}
