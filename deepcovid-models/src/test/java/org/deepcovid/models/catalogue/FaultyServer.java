package org.deepcovid.models.catalogue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves one file on 127.0.0.1. Each request takes the next of the given faults; without one left,
 * the file is served.
 */
final class FaultyServer implements AutoCloseable {

    /** What to do with one request. */
    @FunctionalInterface
    interface Behaviour {
        void handle(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Behaviour> script = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile byte[] content;

    FaultyServer(byte[] content) {
        this.content = content;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create(base() + "/weights.bin");
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The address of each request. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    FaultyServer then(Behaviour behaviour) {
        script.add(behaviour);
        return this;
    }

    /** From now on another version of the file. */
    void change(byte[] newContent) {
        content = newContent;
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI().toString());
        Behaviour fault = script.poll();
        try (exchange) {
            (fault == null ? whole(content) : fault).handle(exchange);
        }
    }

    /** Announces the whole file and closes the connection after some bytes of it. */
    Behaviour truncatedAfter(int bytes) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, bytes);
            exchange.getResponseBody().flush();
        };
    }

    /** Sends some bytes and then nothing, until the server is closed. */
    Behaviour stalledAfter(int bytes) {
        return exchange -> {
            truncatedAfter(bytes).handle(exchange);
            waitForClosing();
        };
    }

    /** Does not answer at all. */
    Behaviour silent() {
        return exchange -> waitForClosing();
    }

    static Behaviour status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    static Behaviour redirect(int status, String location) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Sends these bytes as the whole file. */
    static Behaviour whole(byte[] body) {
        return exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    /** Sends bytes without saying how many. */
    static Behaviour unannounced(byte[] body) {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().close();
        };
    }

    private void waitForClosing() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
