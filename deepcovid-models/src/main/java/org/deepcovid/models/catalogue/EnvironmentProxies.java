package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The proxy of the JVM's properties ({@code https.proxyHost}, ...), else of {@code HTTPS_PROXY} or
 * {@code HTTP_PROXY} (also in lower case), except for the hosts and domains listed in {@code
 * NO_PROXY}.
 */
final class EnvironmentProxies extends ProxySelector {

    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

    private final Map<String, String> environment;
    private final UnaryOperator<String> properties;

    EnvironmentProxies(Map<String, String> environment, UnaryOperator<String> properties) {
        this.environment = Map.copyOf(environment);
        this.properties = properties;
    }

    @Override
    public List<Proxy> select(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        ProxySelector platform = ProxySelector.getDefault();
        if (platform != null && properties.apply(scheme + ".proxyHost") != null) {
            return platform.select(address);
        }
        return List.of(
                variable(scheme.toUpperCase(Locale.ROOT) + "_PROXY")
                        .filter(proxy -> !isExempt(address.getHost().toLowerCase(Locale.ROOT)))
                        .map(EnvironmentProxies::parse)
                        .orElse(Proxy.NO_PROXY));
    }

    private Optional<String> variable(String name) {
        return Stream.of(name, name.toLowerCase(Locale.ROOT))
                .map(key -> environment.getOrDefault(key, "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private boolean isExempt(String host) {
        String list = variable("NO_PROXY").orElse("").toLowerCase(Locale.ROOT);
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(name -> name.startsWith(".") ? name : "." + name)
                .anyMatch(domain -> domain.equals(".*") || ("." + host).endsWith(domain));
    }

    private static Proxy parse(String text) {
        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
        Integer usual = PORTS.get(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
        if (usual == null || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    ("the proxy of the environment is %s; expected http://host:port without a"
                                    + " password. Set the JVM's https.proxyHost and"
                                    + " https.proxyPort, or name a mirror")
                            .formatted(text.replaceAll("//[^@]*@", "//***@")));
        }
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
    }

    /** The download reports the failure. */
    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {}
}
