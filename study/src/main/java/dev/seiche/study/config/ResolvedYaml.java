package dev.seiche.study.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a bound record back as YAML, with what each key means and where its value came from. */
final class ResolvedYaml {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
    private static final Set<String> WORDS_WITH_A_MEANING =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final StringBuilder out = new StringBuilder();
    private final Map<String, String> origins;

    private ResolvedYaml(Map<String, String> origins) {
        this.origins = origins;
    }

    static String write(Record value, Map<String, String> origins) {
        ResolvedYaml yaml = new ResolvedYaml(origins);
        yaml.section(value, "", "");
        return yaml.out.toString();
    }

    static Map<String, Object> tree(Record value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            tree.put(component.getName(), plain(get(component, value)));
        }
        return tree;
    }

    private static Object plain(Object value) {
        if (value instanceof Record inner) {
            return tree(inner);
        } else if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(plain(item)));
            return items;
        }
        return value instanceof Enum<?> constant ? Binder.spelling(constant) : value;
    }

    private void section(Record value, String path, String indent) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = component.getName();
            String key = path.isEmpty() ? name : path + "." + name;
            Object inner = get(component, value);
            comment(component, indent);
            out.append(indent).append(name).append(':');
            if (inner instanceof Record group) {
                out.append('\n');
                section(group, key, indent + "  ");
            } else {
                out.append(' ').append(inline(inner));
                String origin = origins.get(key);
                out.append(origin == null ? "\n" : "  # from: " + origin + "\n");
            }
        }
    }

    private void comment(RecordComponent component, String indent) {
        Doc doc = component.getAnnotation(Doc.class);
        String limits = new Constraints(component).describe();
        String words = doc == null ? limits : limits.isEmpty() ? doc.value() : doc.value() + " (" + limits + ")";
        if (!words.isEmpty()) {
            out.append(indent).append("# ").append(words).append('\n');
        }
    }

    private static String inline(Object value) {
        if (value instanceof List<?> list) {
            return "["
                    + String.join(", ", list.stream().map(ResolvedYaml::inline).toList()) + "]";
        } else if (value instanceof Record group) {
            List<String> pairs = new ArrayList<>();
            for (RecordComponent component : group.getClass().getRecordComponents()) {
                pairs.add(component.getName() + ": " + inline(get(component, group)));
            }
            return "{" + String.join(", ", pairs) + "}";
        } else if (value instanceof Enum<?> constant) {
            return Binder.spelling(constant);
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }

    /** Plain where no reader could mistake it, else in double quotes. */
    private static String text(String text) {
        if (PLAIN.matcher(text).matches() && !WORDS_WITH_A_MEANING.contains(text.toLowerCase(Locale.ROOT))) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c >= ' ' && c < 0x7f) {
                quoted.append((char) c);
            } else {
                quoted.append(c > 0xffff ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
            }
        });
        return quoted.append('"').toString();
    }

    private static Object get(RecordComponent component, Record value) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("configuration record component " + component + " cannot be read", e);
        }
    }
}
