package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One attempt to bring a file, or the rest of it, over HTTP. */
final class HttpTransfer {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");
    private static final long REPORT_EVERY = 1 << 18;

    private record Answer(URI address, HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {

        int status() {
            return response.statusCode();
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** What If-Range may carry: a strong entity tag, else a date. */
        Optional<String> version() {
            return header("ETag")
                    .filter(tag -> !tag.startsWith("W/"))
                    .or(() -> header("Last-Modified"));
        }
    }

    /** Told of the bytes present and of all that there will be. */
    @FunctionalInterface
    interface Progress {
        void report(long bytes, OptionalLong total);
    }

    private final HttpClient client;
    private final Duration stallTimeout;

    HttpTransfer(CacheSettings settings) {
        this.stallTimeout = settings.stallTimeout();
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.connectTimeout())
                        .proxy(settings.proxies())
                        .build();
    }

    /**
     * Leaves the whole file in the partial one, or fails.
     *
     * @return whether bytes of an earlier attempt are part of it
     */
    boolean run(URI address, PartialFile partial, Expectation expected, Progress progress)
            throws IOException {
        Optional<String> version = partial.version(address.toString());
        long present = version.isPresent() ? partial.length() : 0;
        Answer answer = ask(address, version, present);
        try (StallingBody body = new StallingBody(stallTimeout)) {
            answer.response().body().subscribe(body);
            checkEncoding(answer);
            switch (answer.status()) {
                case 200 -> whole(address, answer, body, partial, expected, progress);
                case 206 -> rest(answer, body, partial, version, expected, progress);
                default -> throw refused(answer, partial);
            }
        }
        return answer.status() == 206;
    }

    private Answer ask(URI address, Optional<String> version, long present) throws IOException {
        Redirects redirects = new Redirects();
        URI at = address;
        while (true) {
            Answer answer = new Answer(at, send(at, version, present));
            int status = answer.status();
            if (status < 300 || status > 399 || status == 304) {
                return answer;
            }
            try (StallingBody body = new StallingBody(stallTimeout)) {
                answer.response().body().subscribe(body);
            }
            at = redirects.next(at, status, answer.header("Location"));
        }
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(
            URI at, Optional<String> version, long present) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at)
                        .timeout(stallTimeout)
                        .header("User-Agent", "deepcovid")
                        .header("Accept-Encoding", "identity");
        version.ifPresent(
                known ->
                        request.header("Range", "bytes=" + present + "-")
                                .header("If-Range", known));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofPublisher());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TransferException.lasting("the download was interrupted");
        } catch (IllegalArgumentException e) {
            throw TransferException.lasting(at + " cannot be asked: " + e.getMessage());
        }
    }

    private static void checkEncoding(Answer answer) throws TransferException {
        String encoding = answer.header("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw TransferException.lasting(
                    "%s sends the file encoded as %s; expected its plain bytes"
                            .formatted(answer.address(), encoding));
        }
    }

    private static IOException refused(Answer answer, PartialFile partial) throws IOException {
        int status = answer.status();
        String message = "%s answered %d".formatted(answer.address(), status);
        if (status == 416) {
            partial.discard();
            return TransferException.passing(message + " to a request for the rest of the file");
        }
        boolean passes = status == 408 || status == 425 || status == 429 || status >= 500;
        return passes ? TransferException.passing(message) : TransferException.lasting(message);
    }

    private static void whole(
            URI address,
            Answer answer,
            StallingBody body,
            PartialFile partial,
            Expectation expected,
            Progress progress)
            throws IOException {
        OptionalLong total = answer.response().headers().firstValueAsLong("Content-Length");
        checkTotal(answer, total, expected);
        try (FileChannel file = partial.restart(address.toString(), answer.version())) {
            copy(body, file, total, expected, progress);
        } catch (TooLargeException e) {
            partial.discard();
            throw TransferException.lasting(tooLarge(answer, expected));
        }
    }

    private static void rest(
            Answer answer,
            StallingBody body,
            PartialFile partial,
            Optional<String> version,
            Expectation expected,
            Progress progress)
            throws IOException {
        Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse(""));
        boolean right =
                version.isPresent()
                        && range.matches()
                        && range.group(1).equals(Long.toString(partial.length()))
                        && (answer.version().isEmpty() || answer.version().equals(version));
        if (!right) {
            partial.discard();
            throw TransferException.passing(
                    "%s sent another part than the rest of the file".formatted(answer.address()));
        }
        OptionalLong total = OptionalLong.of(Long.parseLong(range.group(3)));
        checkTotal(answer, total, expected);
        try (FileChannel file = partial.append()) {
            copy(body, file, total, expected, progress);
        } catch (TooLargeException e) {
            partial.discard();
            throw TransferException.lasting(tooLarge(answer, expected));
        }
    }

    private static void checkTotal(Answer answer, OptionalLong total, Expectation expected)
            throws TransferException {
        if (total.isEmpty() && !expected.noticesTruncation()) {
            throw TransferException.lasting(
                    answer.address()
                            + " does not say how long the file is, and no checksum is known, so"
                            + " that a lost connection would pass for its end");
        }
        if (total.isPresent() && expected.size().isPresent() && !total.equals(expected.size())) {
            throw TransferException.lasting(
                    "%s offers %d bytes, expected %d"
                            .formatted(
                                    answer.address(),
                                    total.getAsLong(),
                                    expected.size().getAsLong()));
        }
        if (total.isPresent() && total.getAsLong() > expected.largest()) {
            throw TransferException.lasting(tooLarge(answer, expected));
        }
    }

    private static String tooLarge(Answer answer, Expectation expected) {
        return "%s sends more than %d bytes".formatted(answer.address(), expected.largest());
    }

    private static void copy(
            StallingBody body,
            FileChannel file,
            OptionalLong total,
            Expectation expected,
            Progress progress)
            throws IOException {
        long[] reported = {file.size()};
        LongConsumer report =
                bytes -> {
                    reported[0] = bytes;
                    progress.report(bytes, total);
                };
        report.accept(file.size());
        long most = Math.min(expected.largest(), total.orElse(Long.MAX_VALUE));
        for (Optional<List<ByteBuffer>> next = body.next(); next.isPresent(); next = body.next()) {
            for (ByteBuffer buffer : next.get()) {
                write(file, buffer, most);
            }
            if (file.size() - reported[0] >= REPORT_EVERY) {
                report.accept(file.size());
            }
        }
        long length = file.size();
        if (length != total.orElse(length)) {
            throw TransferException.passing(
                    "the file ended after %d of %d bytes".formatted(length, total.getAsLong()));
        }
        file.force(true);
        if (length != reported[0]) {
            report.accept(length);
        }
    }

    private static void write(FileChannel file, ByteBuffer buffer, long most) throws IOException {
        if (file.size() + buffer.remaining() > most) {
            throw new TooLargeException();
        }
        try {
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        } catch (IOException e) {
            throw TransferException.lasting("the file cannot be written: " + e);
        }
    }

    /** More bytes than allowed. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
