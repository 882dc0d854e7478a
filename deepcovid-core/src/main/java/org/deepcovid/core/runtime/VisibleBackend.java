package org.deepcovid.core.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Shows ND4J one of the backends on the class path and hides the others, which it would try first,
 * or turn to in silence. Everything else is the parent's.
 */
final class VisibleBackend extends ClassLoader {

    private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    private final String backend;

    /**
     * Makes the loader.
     *
     * @param backend class name of the backend that stays visible
     * @param parent where classes and resources come from
     */
    VisibleBackend(String backend, ClassLoader parent) {
        super(parent);
        this.backend = backend;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        return name.equals(SERVICE) ? Collections.enumeration(naming(all)) : all;
    }

    private List<URL> naming(Enumeration<URL> all) throws IOException {
        List<URL> kept = new ArrayList<>();
        for (URL url : Collections.list(all)) {
            try (InputStream in = url.openStream()) {
                String providers = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (providers.lines().anyMatch(line -> line.strip().equals(backend))) {
                    kept.add(url);
                }
            }
        }
        return kept;
    }
}
