package dev.seiche.study.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads the plain part of YAML (groups, lists, scalars, comments) into nodes that know their line.
 *
 * <p>Anchors, aliases, tags and several documents in one file are refused: a configuration should read the same to a
 * person as to the program.
 */
final class YamlReader {
    /** Deeper nesting than any configuration has; keeps hostile text from exhausting the stack. */
    private static final int DEEPEST = 32;

    private final JsonParser parser;
    private final String source;
    private final boolean lines;

    private YamlReader(JsonParser parser, String source, boolean lines) {
        this.parser = parser;
        this.source = source;
        this.lines = lines;
    }

    /**
     * Reads a whole text whose top must be a group of keys. An empty text is an empty group.
     *
     * @param source what to call the text in errors
     */
    static Node.Section read(String text, String source) {
        Node node = readNode(text, source, true);
        Origin top = new Origin(source, 0);
        if (node instanceof Node.Section section) {
            return section;
        }
        if (node instanceof Node.Scalar scalar
                && (scalar.kind() == Node.Kind.NOTHING || scalar.text().isBlank())) {
            return new Node.Section(Map.of(), Map.of(), top);
        }
        throw new ConfigException(
                "", "%s: expected lines of 'key: value', found %s".formatted(node.origin(), node.describe()));
    }

    /** Reads one value as it stands behind a {@code key=}; its places carry no line. */
    static Node readValue(String text, String source) {
        return readNode(text, source, false);
    }

    private static Node readNode(String text, String source, boolean lines) {
        try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
            YamlReader reader = new YamlReader(parser, source, lines);
            JsonToken first = parser.nextToken();
            Node node = first == null
                    ? new Node.Scalar("", Node.Kind.NOTHING, new Origin(source, 0))
                    : reader.node(first, "", 0);
            if (parser.nextToken() != null) {
                throw new ConfigException(
                        "", "%s: a second document starts here; keep one, without '---'".formatted(reader.here()));
            }
            return node;
        } catch (JacksonException e) {
            throw syntax(e, source, lines);
        }
    }

    private static ConfigException syntax(JacksonException e, String source, boolean lines) {
        int line =
                lines && e.getLocation() != null ? Math.max(0, e.getLocation().getLineNr()) : 0;
        // The parser's own message repeats the text around the fault over several lines; its last plain line is enough.
        String reason = String.valueOf(e.getOriginalMessage())
                .lines()
                .filter(l -> !l.startsWith(" ") && !l.isBlank())
                .reduce((a, b) -> b)
                .orElse("cannot be read");
        return new ConfigException("", "%s: not valid YAML: %s".formatted(new Origin(source, line), reason));
    }

    private Origin here() {
        return new Origin(source, lines ? parser.currentTokenLocation().getLineNr() : 0);
    }

    private Node node(JsonToken token, String path, int depth) {
        if (depth > DEEPEST) {
            throw new ConfigException(path, "%s: nested more than %d deep".formatted(here(), DEEPEST));
        }
        refuseReferences();
        Origin origin = here();
        return switch (token) {
            case START_OBJECT -> section(path, origin, depth);
            case START_ARRAY -> items(path, origin, depth);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Scalar(parser.getString(), Node.Kind.NUMBER, origin);
            case VALUE_TRUE, VALUE_FALSE -> new Node.Scalar(parser.getString(), Node.Kind.BOOLEAN, origin);
            case VALUE_NULL -> new Node.Scalar("", Node.Kind.NOTHING, origin);
            default -> new Node.Scalar(parser.getString(), Node.Kind.TEXT, origin);
        };
    }

    private void refuseReferences() {
        boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
        if (alias || parser.getObjectId() != null || parser.getTypeId() != null) {
            throw new ConfigException(
                    "",
                    "%s: anchors (&), aliases (*) and tags (!) are not used here; write the value out"
                            .formatted(here()));
        }
    }

    private Node.Items items(String path, Origin origin, int depth) {
        List<Node> items = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
            items.add(node(t, path + "[" + items.size() + "]", depth + 1));
        }
        return new Node.Items(items, origin);
    }

    private Node.Section section(String path, Origin origin, int depth) {
        Map<String, Node> entries = new LinkedHashMap<>();
        Map<String, Origin> keys = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            refuseReferences();
            String key = parser.currentName();
            Origin place = here();
            String full = path.isEmpty() ? key : path + "." + key;
            Origin earlier = keys.putIfAbsent(key, place);
            if (earlier != null) {
                throw new ConfigException(
                        full, "%s: key '%s' is given twice, first at %s; keep one".formatted(place, full, earlier));
            }
            entries.put(key, node(parser.nextToken(), full, depth + 1));
        }
        return new Node.Section(entries, keys, origin);
    }
}
