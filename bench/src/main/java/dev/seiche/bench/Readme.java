package dev.seiche.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a text file between two markers, which is generated and never typed. */
final class Readme {
    private static final String BEGIN = "<!-- bench:begin -->";
    private static final String END = "<!-- bench:end -->";

    private Readme() {}

    /** Puts this text between the markers; at the end, in a section of its own, where there are none. */
    static void write(Path file, String text) throws IOException {
        String old = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, replaced(old, text));
    }

    static String replaced(String old, String text) {
        String part = BEGIN + "\n" + text.strip() + "\n" + END;
        int begin = old.indexOf(BEGIN);
        int end = old.indexOf(END);
        if (begin < 0 && end < 0) {
            return old + (old.isEmpty() ? "" : "\n") + "## Benchmarks\n\n" + part + "\n";
        }
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "the markers " + BEGIN + " and " + END + " must both be there, in this order");
        }
        return old.substring(0, begin) + part + old.substring(end + END.length());
    }
}
