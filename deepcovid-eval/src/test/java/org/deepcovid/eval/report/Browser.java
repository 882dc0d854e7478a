package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A headless Chromium, driven through its DevTools protocol. One page at a time, one thread.
 *
 * <p>The program is what the system property {@code deepcovid.browser} names, or else one of the
 * usual names on the path.
 */
final class Browser implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> incoming;
    private final List<JsonNode> events = new ArrayList<>();
    private String session = "";
    private int calls;

    private Browser(Process process, WebSocket socket, BlockingQueue<JsonNode> incoming) {
        this.process = process;
        this.socket = socket;
        this.incoming = incoming;
    }

    static Optional<Path> program() {
        String named = System.getProperty("deepcovid.browser", "");
        Stream<Path> usual =
                Pattern.compile(Pattern.quote(File.pathSeparator))
                        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
        return (named.isEmpty() ? usual : Stream.of(Path.of(named)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts a browser with a profile of its own. */
    static Browser start(Path program, Path profile) throws Exception {
        Process process =
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
            BlockingQueue<JsonNode> incoming = new LinkedBlockingQueue<>();
            WebSocket socket =
                    HttpClient.newHttpClient()
                            .newWebSocketBuilder()
                            .buildAsync(address(profile, process), new Messages(incoming))
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Browser browser = new Browser(process, socket, incoming);
            browser.attach();
            return browser;
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The browser writes port and path of its socket into its profile when it is ready. */
    private static URI address(Path profile, Process process) throws Exception {
        Path told = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            List<String> lines = Files.exists(told) ? Files.readAllLines(told) : List.of();
            if (lines.size() >= 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
            Thread.sleep(50);
        }
        throw new IOException("the browser did not start within " + PATIENCE);
    }

    private void attach() throws Exception {
        String target =
                call("Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
        session =
                call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                        .path("sessionId")
                        .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** Opens a page on a screen and waits until it has loaded. */
    void open(URI page, int width, String scheme) throws Exception {
        open(page, width, scheme, "screen");
    }

    /** Opens a page on a screen or in print and waits until it has loaded. */
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
        List<String> kinds =
                List.of(
                        "Log.entryAdded",
                        "Runtime.consoleAPICalled",
                        "Runtime.exceptionThrown",
                        "Network.loadingFailed");
        return events.stream().filter(e -> kinds.contains(e.path("method").asText())).toList();
    }

    /** Addresses that the page asked for, those of its own content left out. */
    List<String> requests() {
        return events.stream()
                .filter(event -> is(event, "Network.requestWillBeSent"))
                .map(event -> event.path("params").path("request").path("url").asText())
                .filter(url -> !url.startsWith("data:"))
                .toList();
    }

    private static boolean is(JsonNode event, String method) {
        return event.path("method").asText().equals(method);
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++calls;
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        while (true) {
            JsonNode answer = next();
            if (answer.path("id").asInt() == id) {
                if (answer.has("error")) {
                    throw new IOException(method + ": " + answer.get("error"));
                }
                return answer.path("result");
            }
            events.add(answer);
        }
    }

    private JsonNode next() throws Exception {
        JsonNode message = incoming.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new IOException("the browser said nothing for " + PATIENCE);
        }
        return message;
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    /** Puts messages together from their parts. */
    private static final class Messages implements WebSocket.Listener {

        private final BlockingQueue<JsonNode> complete;
        private final StringBuilder parts = new StringBuilder();

        private Messages(BlockingQueue<JsonNode> complete) {
            this.complete = complete;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                try {
                    complete.add(JSON.readTree(parts.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException("the browser sent no JSON: " + parts, e);
                }
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
