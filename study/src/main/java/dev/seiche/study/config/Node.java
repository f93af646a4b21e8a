package dev.seiche.study.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value as it was written, before anybody knows what type it should have. */
sealed interface Node {
    /** Where it was written. */
    Origin origin();

    /** What a person would call it, for errors. */
    String describe();

    /** What a scalar looks like. A number may still stand where text is wanted; quoted text is never a number. */
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        NOTHING
    }

    /** One word, number or nothing. */
    record Scalar(String text, Kind kind, Origin origin) implements Node {
        @Override
        public String describe() {
            if (kind == Kind.NOTHING) {
                return "nothing";
            }
            String shown = text.length() > 60 ? text.substring(0, 57) + "..." : text;
            return kind == Kind.TEXT ? "the text '" + shown.strip() + "'" : shown;
        }
    }

    /** A list of values. */
    record Items(List<Node> items, Origin origin) implements Node {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** Values by key, with the place of each key. */
    record Section(Map<String, Node> entries, Map<String, Origin> keys, Origin origin) implements Node {
        public Section {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
            keys = Map.copyOf(keys);
        }

        @Override
        public String describe() {
            return "a group of keys";
        }

        /** Where the key stands. */
        Origin keyOrigin(String key) {
            return keys.getOrDefault(key, origin);
        }

        /** This section with the other's values on top: groups merge key by key, anything else is replaced whole. */
        Section under(Section top) {
            Map<String, Node> merged = new LinkedHashMap<>(entries);
            Map<String, Origin> places = new LinkedHashMap<>(keys);
            top.entries.forEach((key, above) -> {
                Node below = merged.get(key);
                merged.put(key, below instanceof Section b && above instanceof Section a ? b.under(a) : above);
                places.put(key, top.keyOrigin(key));
            });
            return new Section(merged, places, origin);
        }
    }
}
