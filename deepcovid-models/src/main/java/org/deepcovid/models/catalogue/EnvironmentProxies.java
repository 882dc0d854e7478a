package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The proxy of the JVM's properties ({@code https.proxyHost}, ...), else of {@code HTTPS_PROXY} or
 * {@code HTTP_PROXY} (also in lower case), except for the hosts listed in {@code NO_PROXY}.
 */
final class EnvironmentProxies extends ProxySelector {

    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);
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
        Optional<String> proxy = variable(scheme.toUpperCase(Locale.ROOT) + "_PROXY");
        if (proxy.isEmpty() || isExempt(address)) {
            return DIRECT;
        }
        return List.of(parse(proxy.get()));
    }

    private Optional<String> variable(String name) {
        String upper = environment.getOrDefault(name, "");
        String text =
                upper.isBlank()
                        ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "")
                        : upper;
        return Optional.of(text.strip()).filter(value -> !value.isEmpty());
    }

    private boolean isExempt(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        for (String part : variable("NO_PROXY").orElse("").split(",", -1)) {
            String exempt = part.strip().toLowerCase(Locale.ROOT);
            if (exempt.startsWith(".")) {
                exempt = exempt.substring(1);
            }
            boolean within = host.equals(exempt) || host.endsWith("." + exempt);
            if (exempt.equals("*") || (within && !exempt.isEmpty())) {
                return true;
            }
        }
        return false;
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
