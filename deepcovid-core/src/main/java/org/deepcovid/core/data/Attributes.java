package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A small unmodifiable map in the order of its keys; a quarter of the size of a hash map. */
final class Attributes extends AbstractMap<String, String> {

    private final String[] cells; // a key, its value, the next key

    private Attributes(String[] cells) {
        this.cells = cells;
    }

    /** Takes keys and values in turns, without a copy. */
    static Attributes of(String... cells) {
        return new Attributes(cells);
    }

    static Attributes copyOf(Map<String, String> map) {
        if (map instanceof Attributes attributes) {
            return attributes;
        }
        String[] cells = new String[2 * map.size()];
        int next = 0;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            cells[next++] = requireNonNull(entry.getKey(), "an attribute's name is null");
            cells[next++] = requireNonNull(entry.getValue(), "an attribute is null");
        }
        return new Attributes(cells);
    }

    @Override
    public String get(Object key) {
        for (int i = 0; i < cells.length; i += 2) {
            if (cells[i].equals(key)) {
                return cells[i + 1];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return cells.length / 2;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        Set<Map.Entry<String, String>> entries = new LinkedHashSet<>();
        for (int i = 0; i < cells.length; i += 2) {
            entries.add(new SimpleImmutableEntry<>(cells[i], cells[i + 1]));
        }
        return Collections.unmodifiableSet(entries);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < cells.length; i += 2) {
            hash += cells[i].hashCode() ^ cells[i + 1].hashCode();
        }
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return (other instanceof Attributes attributes && Arrays.equals(cells, attributes.cells))
                || super.equals(other);
    }
}
