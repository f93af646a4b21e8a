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

    /** Slips (a letter wrong, missing, too many, or two swapped), blind to case and to {@code - _ .}. */
    private static int distance(String left, String right) {
        String a = plain(left);
        String b = plain(right);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
    }
}
