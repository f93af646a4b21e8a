package dev.seiche.study.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration in force: the bound record, and where each value came from.
 *
 * <p>Immutable and safe to share.
 *
 * @param <C> the record type whose components are the keys
 */
public final class Config<C extends Record> {
    /**
     * A text with values; later layers lie on top of earlier ones.
     *
     * @param source what a person calls it: {@code default}, or the file's name
     * @param text   YAML
     * @param lines  whether line numbers of this text mean something to the person
     */
    public record Layer(String source, String text, boolean lines) {
        /** A text that the person can open, so its lines are told. */
        public static Layer file(String name, String text) {
            return new Layer(name, text, true);
        }

        /** A text that came with the program; its lines are told in errors only. */
        public static Layer builtIn(String name, String text) {
            return new Layer(name, text, false);
        }
    }

    private final C value;
    private final Map<String, String> origins;

    private Config(C value, Map<String, String> origins) {
        this.value = value;
        this.origins = origins;
    }

    /**
     * Binds layers and overrides to a record.
     *
     * <p>Components may be {@code int}, {@code long}, {@code double}, {@code boolean}, {@code String}, an enum, another
     * record, or a {@code List} of these.
     *
     * @param layers    at least one; the first has a value for every key
     * @param overrides words {@code key=value}, on top of all layers
     * @throws ConfigException for unknown, missing and repeated keys, and for values of another type or out of range
     */
    public static <C extends Record> Config<C> bind(Class<C> type, List<Layer> layers, List<String> overrides) {
        Node.Section all =
                YamlReader.read(layers.getFirst().text(), layers.getFirst().source());
        for (Layer layer : layers.subList(1, layers.size())) {
            all = all.under(YamlReader.read(layer.text(), layer.source()));
        }
        all = all.under(Overrides.read(overrides));
        Map<String, Boolean> lines = new LinkedHashMap<>();
        layers.forEach(layer -> lines.put(layer.source(), layer.lines()));
        C value = Binder.bind(type, all);
        Map<String, String> origins = new LinkedHashMap<>();
        collect(all, "", lines, origins);
        return new Config<>(value, origins);
    }

    private static void collect(
            Node.Section section, String path, Map<String, Boolean> lines, Map<String, String> origins) {
        section.entries().forEach((key, node) -> {
            String full = path.isEmpty() ? key : path + "." + key;
            if (node instanceof Node.Section inner) {
                collect(inner, full, lines, origins);
            } else {
                Origin origin = section.keyOrigin(key);
                boolean told = lines.getOrDefault(origin.source(), true);
                origins.put(full, told ? origin.toString() : origin.source());
            }
        });
    }

    /** The record. */
    public C value() {
        return value;
    }

    /** Where each value came from, by dotted key: {@code default}, {@code file.yaml:3} or {@code command line}. */
    public Map<String, String> origins() {
        return Map.copyOf(origins);
    }

    /** The configuration in force as YAML that binds to an equal record, with a comment per key. */
    public String resolved() {
        return ResolvedYaml.write(value, origins);
    }

    /** The configuration in force as maps, lists, numbers, booleans and text, ready to be written as JSON. */
    public Map<String, Object> tree() {
        return ResolvedYaml.tree(value);
    }
}
