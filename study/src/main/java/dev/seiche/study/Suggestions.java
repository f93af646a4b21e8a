package dev.seiche.study;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a person most likely meant. */
public final class Suggestions {
    private Suggestions() {}

    /** Known words, nearest to what was typed first. */
    public static List<String> nearestFirst(String typed, Collection<String> known) {
        return known.stream()
                .sorted(Comparator.comparingInt((String k) -> distance(typed, k))
                        .thenComparing(k -> k))
                .toList();
    }

    /** The nearest known word, where it is near enough to be a likely slip. */
    public static Optional<String> likely(String typed, Collection<String> known) {
        return nearestFirst(typed, known).stream()
                .findFirst()
                .filter(k -> distance(typed, k) <= Math.max(1, Math.min(typed.length(), k.length()) / 3));
    }

    /** The sentence {@code did you mean 'x'? known: a, b}, nearest first. */
    public static String sentence(String typed, Collection<String> known) {
        String all = "known: " + String.join(", ", nearestFirst(typed, known));
        return likely(typed, known).map(k -> "did you mean '" + k + "'? " + all).orElse(all);
    }

    /** Levenshtein distance, blind to case and to {@code - _ .}, which people mix up. */
    private static int distance(String left, String right) {
        String a = plain(left);
        String b = plain(right);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
    }
}
