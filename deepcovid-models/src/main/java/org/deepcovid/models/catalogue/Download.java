package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One attempt to download a file over HTTP. A {@link ProtocolException} or {@link
 * FileSystemException} is final, other failures may be temporary. Redirects are followed, but not
 * from https to http.
 */
record Download(
        CacheSettings settings, ExpectedFile expected, WeightsCache.DownloadListener listener) {

    private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429);
    private static final int REPORT_EVERY = 1 << 18;

    /** Writes the whole file; on an exception its content is undefined. */
    void run(URI address, Path file) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(address);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (InputStream body = response.body();
                OutputStream out = Files.newOutputStream(file)) {
            OptionalLong total = checkedLength(response);
            byte[] buffer = new byte[1 << 16];
            long bytes = 0;
            long reported = -REPORT_EVERY;
            for (int n = 0; n >= 0; n = read(body, reader, buffer)) {
                bytes += n;
                requireAllowed(bytes);
                out.write(buffer, 0, n);
                if (bytes - reported >= REPORT_EVERY) {
                    reported = bytes;
                    listener.progress(expected.name(), bytes, total);
                }
            }
            if (bytes != total.orElse(bytes)) {
                throw new IOException(
                        "the file ended after %d of %d bytes".formatted(bytes, total.getAsLong()));
            }
            listener.progress(expected.name(), bytes, total);
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
            throw new ProtocolException(e.getMessage());
        }
    }

    /** The length that the server sends, if any, after a check of the response's header. */
    private OptionalLong checkedLength(HttpResponse<?> response) throws IOException {
        int status = response.statusCode();
        if (status != 200) {
            String message = "%s answered %d".formatted(response.uri(), status);
            throw TEMPORARY.contains(status) || status >= 500
                    ? new IOException(message)
                    : new ProtocolException(message);
        }
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        require(encoding.equalsIgnoreCase("identity"), "the file is encoded as " + encoding);
        OptionalLong length = response.headers().firstValueAsLong("Content-Length");
        require(
                length.isPresent() || !expected.known().isEmpty(),
                "the server does not send the file's length and no checksum is known, so a"
                        + " truncated file would go unnoticed");
        String offered = Long.toString(length.orElse(0));
        String size = expected.known().getOrDefault(ExpectedFile.SIZE, offered);
        require(
                length.isEmpty() || offered.equals(size),
                "the server offers %s bytes, expected %s".formatted(offered, size));
        requireAllowed(length.orElse(0));
        return length;
    }

    private void requireAllowed(long bytes) throws ProtocolException {
        require(
                bytes <= expected.maxSize(),
                "the server sends more than %d bytes".formatted(expected.maxSize()));
    }

    private static void require(boolean right, String problem) throws ProtocolException {
        if (!right) {
            throw new ProtocolException(problem);
        }
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
