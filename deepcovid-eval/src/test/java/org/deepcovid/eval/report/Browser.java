package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, driven through its DevTools protocol. One page at a time, one thread. */
final class Browser implements AutoCloseable, WebSocket.Listener {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Set<String> COMPLAINTS =
            Set.of(
                    "Log.entryAdded",
                    "Runtime.consoleAPICalled",
                    "Runtime.exceptionThrown",
                    "Network.loadingFailed");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlockingQueue<String> incoming = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private final List<JsonNode> events = new ArrayList<>();
    private final Process process;
    private final WebSocket socket;
    private final Map<String, Object> session = new HashMap<>();
    private int calls;

    /** Starts a browser with a profile of its own. */
    Browser(Path program, Path profile) throws Exception {
        process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            socket =
                    HttpClient.newHttpClient()
                            .newWebSocketBuilder()
                            .buildAsync(address(profile.resolve("DevToolsActivePort")), this)
                            .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            JsonNode target = call("Target.createTarget", Map.of("url", "about:blank"));
            Map<String, ?> attach = Map.of("targetId", target.get("targetId"), "flatten", true);
            session.put("sessionId", call("Target.attachToTarget", attach).get("sessionId"));
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                call(domain + ".enable", Map.of());
            }
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** What the system property {@code deepcovid.browser} names, or a usual name on the path. */
    static Optional<Path> program() {
        String named = System.getProperty("deepcovid.browser", "");
        String[] path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        Stream<Path> usual =
                Stream.of(path)
                        .flatMap(
                                folder ->
                                        Stream.of("chromium", "chromium-browser", "google-chrome")
                                                .map(name -> Path.of(folder, name)));
        return (named.isEmpty() ? usual : Stream.of(Path.of(named)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The browser writes port and path of its socket into its profile when it is ready. */
    private URI address(Path file) throws Exception {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() >= 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
            Thread.sleep(50);
        }
        throw new IOException("the browser did not start within " + TIMEOUT);
    }

    /** Opens a page on a {@code screen} or in {@code print} and waits until it has loaded. */
    void open(URI page, int width, String scheme, String media) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        Object feature = Map.of("name", "prefers-color-scheme", "value", scheme);
        call("Emulation.setEmulatedMedia", Map.of("media", media, "features", List.of(feature)));
        events.clear();
        call("Page.navigate", Map.of("url", page.toString()));
        while (events.stream().noneMatch(event -> is(event, "Page.loadEventFired"))) {
            events.add(next());
        }
    }

    /** The value of an expression in the page. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** What the console showed and what failed to load since the page was opened. */
    List<JsonNode> complaints() {
        return events.stream().filter(e -> COMPLAINTS.contains(e.path("method").asText())).toList();
    }

    /** Addresses of which the page requested content, {@code data:} left out. */
    List<String> requests() {
        return events.stream()
                .filter(event -> is(event, "Network.requestWillBeSent"))
                .map(event -> event.at("/params/request/url").asText())
                .filter(url -> !url.startsWith("data:"))
                .toList();
    }

    private static boolean is(JsonNode event, String method) {
        return event.path("method").asText().equals(method);
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++calls;
        Map<String, Object> message = new HashMap<>(session);
        message.putAll(Map.of("id", id, "method", method, "params", parameters));
        socket.sendText(JSON.writeValueAsString(message), true)
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        JsonNode answer = next();
        for (; answer.path("id").asInt() != id; answer = next()) {
            events.add(answer);
        }
        if (answer.has("error")) {
            throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.path("result");
    }

    private JsonNode next() throws Exception {
        String message = incoming.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new IOException("the browser sent nothing for " + TIMEOUT);
        }
        return JSON.readTree(message);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            incoming.add(parts.toString());
            parts.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
