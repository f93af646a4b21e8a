package dev.seiche.study.config;

import dev.seiche.study.Suggestions;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes a record from a section, or says which key is to blame. */
final class Binder {
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private Binder() {}

    static <C extends Record> C bind(Class<C> type, Node.Section section) {
        return record(type, section, "");
    }

    /** The spelling of an enum constant in a configuration: lower case, with {@code -} between words. */
    static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a key of this type wants, in words. */
    static String wanted(Type type, Constraints limits) {
        String limit = limits.describe();
        return limit.isEmpty() ? noun(type) : noun(type) + ", " + limit;
    }

    private static String noun(Type type) {
        if (isInt(type) || isLong(type)) {
            return "a whole number";
        } else if (isDouble(type)) {
            return "a number";
        } else if (isBoolean(type)) {
            return "true or false";
        } else if (type == String.class) {
            return "text";
        } else if (type instanceof Class<?> c && c.isEnum()) {
            return "one of " + String.join(", ", spellings(c));
        } else if (type instanceof ParameterizedType list) {
            return "a list, each item " + noun(list.getActualTypeArguments()[0]);
        }
        return "a group of keys";
    }

    private static boolean isInt(Type type) {
        return type == int.class || type == Integer.class;
    }

    private static boolean isLong(Type type) {
        return type == long.class || type == Long.class;
    }

    private static boolean isDouble(Type type) {
        return type == double.class || type == Double.class;
    }

    private static boolean isBoolean(Type type) {
        return type == boolean.class || type == Boolean.class;
    }

    private static List<String> spellings(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(c -> spelling((Enum<?>) c))
                .toList();
    }

    private static <C extends Record> C record(Class<C> type, Node.Section section, String path) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> known =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        for (String key : section.entries().keySet()) {
            if (!known.contains(key)) {
                throw new ConfigException(
                        join(path, key),
                        "%s: unknown key '%s'; %s"
                                .formatted(section.keyOrigin(key), join(path, key), Suggestions.sentence(key, known)));
            }
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], section, path);
        }
        return construct(type, values, path);
    }

    private static Object component(RecordComponent component, Node.Section section, String path) {
        String key = join(path, component.getName());
        Constraints limits = new Constraints(component);
        Node node = section.entries().get(component.getName());
        if (node == null) {
            Doc doc = component.getAnnotation(Doc.class);
            throw new ConfigException(
                    key,
                    "%s: missing key '%s' (%s)%s; add it, or give %s=VALUE"
                            .formatted(
                                    section.origin(),
                                    key,
                                    wanted(component.getGenericType(), limits),
                                    doc == null ? "" : ": " + doc.value(),
                                    key));
        }
        Object value = value(component.getGenericType(), node, key, limits);
        limits.broken(value).ifPresent(complaint -> {
            throw new ConfigException(key, "%s: '%s' %s, got %s".formatted(node.origin(), key, complaint, shown(node)));
        });
        return value;
    }

    private static String shown(Node node) {
        return node instanceof Node.Items list
                ? "["
                        + String.join(
                                ", ", list.items().stream().map(Binder::shown).toList()) + "]"
                : node.describe();
    }

    private static Object value(Type type, Node node, String key, Constraints limits) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list(list.getActualTypeArguments()[0], node, key, limits);
        }
        if (type instanceof Class<?> c && c.isRecord() && node instanceof Node.Section section) {
            return record(c.asSubclass(Record.class), section, key);
        }
        if (type instanceof Class<?> c && !c.isRecord() && node instanceof Node.Scalar scalar) {
            return scalar(c, scalar, key, limits);
        }
        throw wrong(type, node, key, limits);
    }

    private static List<Object> list(Type item, Node node, String key, Constraints limits) {
        if (!(node instanceof Node.Items list)) {
            throw new ConfigException(
                    key,
                    "%s: '%s' wants a list, got %s; write %s".formatted(node.origin(), key, node.describe(), "[a, b]"));
        }
        List<Object> values = new ArrayList<>();
        for (Node one : list.items()) {
            values.add(value(item, one, key + "[" + values.size() + "]", limits));
        }
        return List.copyOf(values);
    }

    private static Object scalar(Class<?> type, Node.Scalar node, String key, Constraints limits) {
        String text = node.text();
        boolean number = node.kind() == Node.Kind.NUMBER;
        if (type == String.class && node.kind() != Node.Kind.NOTHING) {
            return text;
        } else if (isBoolean(type) && node.kind() == Node.Kind.BOOLEAN) {
            return Boolean.parseBoolean(text);
        } else if (isDouble(type) && number && NUMBER.matcher(text).matches()) {
            return finite(node, key);
        } else if (isInt(type) && number && WHOLE.matcher(text).matches()) {
            return (int) whole(node, key, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (isLong(type) && number && WHOLE.matcher(text).matches()) {
            return whole(node, key, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type.isEnum() && node.kind() != Node.Kind.NOTHING) {
            return constant(type, node, key);
        }
        throw wrong(type, node, key, limits);
    }

    private static double finite(Node.Scalar node, String key) {
        double x = Double.parseDouble(node.text());
        if (Double.isInfinite(x)) {
            throw new ConfigException(
                    key, "%s: '%s' is too large for a number, got %s".formatted(node.origin(), key, node.text()));
        }
        return x;
    }

    private static long whole(Node.Scalar node, String key, long low, long high) {
        try {
            long x = Long.parseLong(node.text());
            if (x >= low && x <= high) {
                return x;
            }
        } catch (NumberFormatException e) {
            // More digits than a long holds: the same complaint as for an int.
        }
        throw new ConfigException(
                key,
                "%s: '%s' must lie between %d and %d, got %s".formatted(node.origin(), key, low, high, node.text()));
    }

    private static Object constant(Class<?> type, Node.Scalar node, String key) {
        for (Object c : type.getEnumConstants()) {
            if (spelling((Enum<?>) c).equals(node.text())) {
                return c;
            }
        }
        throw new ConfigException(
                key,
                "%s: '%s' cannot be '%s'; %s"
                        .formatted(
                                node.origin(), key, node.text(), Suggestions.sentence(node.text(), spellings(type))));
    }

    private static ConfigException wrong(Type type, Node node, String key, Constraints limits) {
        String quotes = node instanceof Node.Scalar s
                        && s.kind() == Node.Kind.TEXT
                        && NUMBER.matcher(s.text()).matches()
                ? "; remove the quotes"
                : "";
        return new ConfigException(
                key,
                "%s: '%s' wants %s, got %s%s"
                        .formatted(node.origin(), key, wanted(type, limits), node.describe(), quotes));
    }

    private static <C extends Record> C construct(Class<C> type, Object[] values, String path) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<C> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException rule) {
                String where = path.isEmpty() ? "" : "'" + path + "': ";
                throw new ConfigException(path, where + rule.getMessage());
            }
            throw new AssertionError("configuration record " + type.getName() + " failed to construct", e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("configuration record " + type.getName() + " cannot be constructed", e);
        }
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
