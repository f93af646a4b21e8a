package dev.seiche.study.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code key=value} words from the command line into a section; dots in a key step into groups. */
final class Overrides {
    /** What errors and the resolved configuration call this place. */
    static final String SOURCE = "command line";

    private Overrides() {}

    /** Later words do not silently win over earlier ones: a key given twice is an error. */
    static Node.Section read(List<String> words) {
        Map<String, String> seen = new HashMap<>();
        Node.Section all = section(Map.of());
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals).strip();
            if (equals <= 0 || !key.matches("[^.\\s]+(\\.[^.\\s]+)*")) {
                throw new ConfigException(
                        key, "'%s' is not of the form key=value, as in steps=200 or net.width=64".formatted(word));
            }
            String earlier = seen.put(key, word);
            if (earlier != null) {
                throw new ConfigException(
                        key, "'%s' is given twice: %s and %s; keep one".formatted(key, earlier, word));
            }
            all = all.under(nest(key, value(key, word.substring(equals + 1))));
        }
        return all;
    }

    private static Node value(String key, String text) {
        try {
            return YamlReader.readValue(text, SOURCE);
        } catch (ConfigException e) {
            throw new ConfigException(key, "%s=%s: %s".formatted(key, text, e.getMessage()));
        }
    }

    private static Node.Section nest(String key, Node value) {
        int dot = key.indexOf('.');
        return dot < 0
                ? section(Map.of(key, value))
                : section(Map.of(key.substring(0, dot), nest(key.substring(dot + 1), value)));
    }

    private static Node.Section section(Map<String, Node> entries) {
        Origin origin = new Origin(SOURCE, 0);
        Map<String, Origin> keys = new LinkedHashMap<>();
        entries.keySet().forEach(k -> keys.put(k, origin));
        return new Node.Section(entries, keys, origin);
    }
}
