package org.deepcovid.models.catalogue;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Follows redirects, but neither in circles nor from https to anything else. */
final class Redirects {

    private static final int MOST = 10;

    private final Set<URI> visited = new LinkedHashSet<>();

    /**
     * The next address.
     *
     * @param from where the answer came from
     * @param status 3xx
     * @param location header of the answer
     */
    URI next(URI from, int status, Optional<String> location) throws TransferException {
        visited.add(from);
        if (location.isEmpty()) {
            throw TransferException.lasting(
                    "%s answered %d without saying where the file is".formatted(from, status));
        }
        URI to = resolve(from, location.get());
        boolean secure = "https".equalsIgnoreCase(to.getScheme());
        if (!secure && "https".equalsIgnoreCase(from.getScheme())) {
            throw TransferException.lasting(
                    "%s redirects to %s; expected https to stay https".formatted(from, to));
        }
        boolean web = secure || "http".equalsIgnoreCase(to.getScheme());
        if (!web || to.getHost() == null) {
            throw TransferException.lasting(
                    "%s redirects to %s; expected an http address".formatted(from, to));
        }
        if (visited.contains(to) || visited.size() >= MOST) {
            throw TransferException.lasting(
                    "%s redirects in circles: %s, then %s".formatted(from, visited, to));
        }
        return to;
    }

    private static URI resolve(URI from, String location) throws TransferException {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw TransferException.lasting(
                    "%s redirects to '%s', which is no address".formatted(from, location));
        }
    }
}
