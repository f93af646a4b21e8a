package dev.seiche.study;

import java.util.Map;

/**
 * A piece of a result in a file of its own.
 *
 * @param arrays by name
 * @param about what it was computed from, by key
 */
public record Part(Map<String, ArrayData> arrays, Map<String, String> about) {
    public Part {
        arrays = Map.copyOf(arrays);
        about = Map.copyOf(about);
    }
}
