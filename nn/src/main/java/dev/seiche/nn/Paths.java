package dev.seiche.nn;

/** Names in a network: parts separated by dots. */
final class Paths {
    private Paths() {}

    /** Prefix of the names in a part. */
    static String part(String prefix, String part) {
        return leaf(prefix, part) + ".";
    }

    static String leaf(String prefix, String name) {
        if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                    "network: a name must not be empty nor contain a dot, got '" + name + "' under '" + prefix + "'");
        }
        return prefix + name;
    }
}
