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
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

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
        String proxy = variable(scheme + "_proxy");
        boolean direct = proxy.isEmpty() || isExempt(address.getHost().toLowerCase(Locale.ROOT));
        return List.of(direct ? Proxy.NO_PROXY : parse(proxy));
    }

    private String variable(String name) {
        String upper = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip();
        return upper.isEmpty() ? environment.getOrDefault(name, "").strip() : upper;
    }

    private boolean isExempt(String host) {
        return Pattern.compile(",")
                .splitAsStream(variable("no_proxy").toLowerCase(Locale.ROOT))
                .map(name -> name.strip().replaceFirst("^\\.", ""))
                .filter(name -> !name.isEmpty())
                .anyMatch(name -> name.equals("*") || ("." + host).endsWith("." + name));
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
