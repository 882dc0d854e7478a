package org.deepcovid.examples.docs;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Compares the dependencies that pages show with what the build itself uses. */
final class PomCoordinates {

    /** What comes with a dependency of the build, and pages name with another classifier. */
    private static final Map<String, String> BEHIND =
            Map.of("org.bytedeco:cuda", "11.6-8.3-1.5.7"); // nd4j-cuda-11.6

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>(BEHIND);

    /** Reads the parent's POM and those of its modules. */
    PomCoordinates(Path root) throws IOException {
        Document parent = parse(Files.readString(root.resolve("pom.xml")), "pom.xml");
        String version = child(parent.getDocumentElement(), "version").orElseThrow();
        properties.put("project.version", version);
        learn(parent);
        elements(parent, "dependency").forEach(this::remember);
        List<String> modules = elements(parent, "module").map(Element::getTextContent).toList();
        for (String module : modules) {
            Document pom = parse(Files.readString(root.resolve(module).resolve("pom.xml")), module);
            Element project = pom.getDocumentElement();
            versions.put("org.deepcovid:" + child(project, "artifactId").orElseThrow(), version);
            learn(pom);
            elements(pom, "dependency").forEach(this::remember);
        }
    }

    private void learn(Document pom) {
        elements(pom, "properties")
                .flatMap(PomCoordinates::children)
                .forEach(
                        property ->
                                properties.putIfAbsent(
                                        property.getTagName(), property.getTextContent()));
    }

    private void remember(Element dependency) {
        child(dependency, "version")
                .ifPresent(version -> versions.put(key(dependency), resolve(version)));
    }

    private String resolve(String text) {
        String resolved = text;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            resolved = resolved.replace("${" + property.getKey() + "}", property.getValue());
        }
        return resolved;
    }

    private static String key(Element dependency) {
        return child(dependency, "groupId").orElse("?")
                + ":"
                + child(dependency, "artifactId").orElse("?");
    }

    /** What is wrong with a page's {@code xml} blocks. */
    List<String> problems(MarkdownPage page) {
        List<String> problems = new ArrayList<>();
        for (CodeBlock block : page.blocks("xml").toList()) {
            try {
                Document document = parse("<blocks>" + block.text() + "</blocks>", block.place());
                elements(document, "dependency")
                        .flatMap(dependency -> problem(dependency).stream())
                        .forEach(problem -> problems.add(block.place() + ": " + problem));
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        return problems;
    }

    private Optional<String> problem(Element dependency) {
        String key = key(dependency);
        if (!versions.containsKey(key)) {
            return Optional.of("the build knows no dependency " + key);
        }
        return child(dependency, "version")
                .filter(version -> !resolve(version).equals(versions.get(key)))
                .map(
                        version ->
                                "%s has version %s; the build uses %s"
                                        .formatted(key, version, versions.get(key)));
    }

    private static Document parse(String xml, String name) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(xml)));
        } catch (SAXException e) {
            throw new IOException(name + ": is no well-formed XML: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Element> elements(Document document, String name) {
        var nodes = document.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).map(Element.class::cast);
    }

    private static Stream<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children.stream();
    }

    private static Optional<String> child(Element parent, String name) {
        return children(parent)
                .filter(element -> element.getTagName().equals(name))
                .map(element -> element.getTextContent().strip())
                .findFirst();
    }
}
