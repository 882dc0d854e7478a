package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The body of an answer, piece by piece, each of which must come in time. */
final class StallingBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    private record Event(List<ByteBuffer> buffers, Optional<Throwable> failure, boolean last) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Duration patience;
    private Flow.Subscription subscription;

    StallingBody(Duration patience) {
        this.patience = patience;
    }

    /** The next buffers, or empty at the end of the body. */
    Optional<List<ByteBuffer>> next() throws IOException {
        Event event = poll();
        if (event == null) {
            throw TransferException.passing(
                    "the server stayed silent for %d ms".formatted(patience.toMillis()));
        }
        if (event.failure().isPresent()) {
            throw new IOException(
                    "the connection broke: " + event.failure().get(), event.failure().get());
        }
        if (event.last()) {
            return Optional.empty();
        }
        request();
        return Optional.of(event.buffers());
    }

    private Event poll() throws TransferException {
        try {
            return events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TransferException.lasting("the download was interrupted");
        }
    }

    private synchronized void request() {
        subscription.request(1);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event(buffers, Optional.empty(), false));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), Optional.of(failure), true));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), Optional.empty(), true));
    }

    @Override
    public synchronized void close() {
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
