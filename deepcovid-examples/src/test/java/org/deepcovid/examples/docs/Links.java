package org.deepcovid.examples.docs;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether links lead somewhere, and every page can be reached. Addresses are not visited. */
final class Links {

    private final Path root;
    private final Map<String, MarkdownPage> pages = new HashMap<>();

    Links(Path root, List<MarkdownPage> all) {
        this.root = root;
        all.forEach(page -> pages.put(page.name(), page));
    }

    List<String> broken() {
        List<String> problems = new ArrayList<>();
        for (MarkdownPage page : pages.values()) {
            for (MarkdownPage.Link link : page.links()) {
                problem(page, link)
                        .ifPresent(
                                problem ->
                                        problems.add(
                                                "%s:%d: link '%s': %s"
                                                        .formatted(
                                                                page.name(),
                                                                link.line(),
                                                                link.target(),
                                                                problem)));
            }
        }
        return problems;
    }

    private Optional<String> problem(MarkdownPage page, MarkdownPage.Link link) {
        if (link.text().isBlank()) {
            return Optional.of("has no text");
        }
        if (link.target().matches("[a-z]+:.*")) {
            return address(link.target());
        }
        int hash = link.target().indexOf('#');
        String path = hash < 0 ? link.target() : link.target().substring(0, hash);
        String name = path.isEmpty() ? page.name() : resolve(page.name(), path);
        if (!Files.exists(root.resolve(name))) {
            return Optional.of("there is no " + name);
        }
        if (hash < 0) {
            return Optional.empty();
        }
        String anchor = link.target().substring(hash + 1);
        MarkdownPage target = pages.get(name);
        return target != null && target.anchors().contains(anchor)
                ? Optional.empty()
                : Optional.of(
                        "no heading gives that anchor; those of %s are %s"
                                .formatted(name, target == null ? List.of() : target.anchors()));
    }

    private static Optional<String> address(String target) {
        try {
            URI address = new URI(target);
            return "https".equals(address.getScheme()) && address.getHost() != null
                    ? Optional.empty()
                    : Optional.of("expected an https address");
        } catch (URISyntaxException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static String resolve(String page, String path) {
        Path folder = Path.of("/").resolve(page).getParent();
        return Path.of("/")
                .relativize(folder.resolve(path).normalize())
                .toString()
                .replace('\\', '/');
    }

    /** Pages to which no chain of links leads from README. */
    Set<String> unreachable() {
        Set<String> seen = new LinkedHashSet<>(List.of("README.md"));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            MarkdownPage page = pages.get(open.remove());
            for (MarkdownPage.Link link : page.links()) {
                String path = link.target().replaceAll("#.*", "");
                String target = path.isEmpty() ? page.name() : resolve(page.name(), path);
                if (pages.containsKey(target) && seen.add(target)) {
                    open.add(target);
                }
            }
        }
        Set<String> rest = new LinkedHashSet<>(pages.keySet());
        rest.removeAll(seen);
        return rest;
    }
}
