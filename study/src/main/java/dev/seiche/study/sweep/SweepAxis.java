package dev.seiche.study.sweep;

import dev.seiche.study.Suggestions;
import dev.seiche.study.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting that a sweep varies.
 *
 * @param key    of the configuration, or {@code seed}
 * @param values as they are typed, at least one
 */
public record SweepAxis(String key, List<String> values) {
    /** The key that stands for the seed of a run. */
    public static final String SEED = "seed";

    private static final Pattern RANGE = Pattern.compile("(-?\\d{1,9})\\.\\.(-?\\d{1,9})");
    private static final int MOST = 10_000;

    public SweepAxis {
        values = List.copyOf(values);
    }

    /**
     * Reads a word: {@code network.depth=16,22,28}, {@code seed=0..4}, or one value. A value in brackets is a list and stays
     * one. A key may be cut to its last part where that is the only one.
     *
     * @param known all keys of the study
     * @throws UserException for a key that is not known or not the only one, and for no value
     */
    public static SweepAxis read(String word, Collection<String> known) {
        int equals = word.indexOf('=');
        if (equals <= 0 || equals == word.length() - 1) {
            throw new UserException(
                    "'%s' is not of the form key=value,value, as in network.depth=2,4 or seed=0..4".formatted(word));
        }
        String key = resolve(word.substring(0, equals).strip(), known);
        return new SweepAxis(key, values(word.substring(equals + 1), word));
    }

    private static String resolve(String typed, Collection<String> known) {
        if (typed.equals(SEED) || known.contains(typed)) {
            return typed;
        }
        List<String> ends =
                known.stream().filter(key -> key.endsWith("." + typed)).sorted().toList();
        if (ends.size() == 1) {
            return ends.get(0);
        } else if (ends.size() > 1) {
            throw new UserException("'%s' may be %s; write one of them".formatted(typed, String.join(" or ", ends)));
        }
        throw new UserException("there is no key '%s'; %s".formatted(typed, Suggestions.sentence(typed, known)));
    }

    private static List<String> values(String text, String word) {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            int from = Integer.parseInt(range.group(1));
            int to = Integer.parseInt(range.group(2));
            if (to < from || to - from >= MOST) {
                throw new UserException("'%s': a range goes up and has at most %d values".formatted(word, MOST));
            }
            List<String> all = new ArrayList<>();
            for (int i = from; i <= to; i++) {
                all.add(Integer.toString(i));
            }
            return List.copyOf(all);
        }
        if (text.startsWith("[")) {
            return List.of(text);
        }
        List<String> all = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (all.stream().anyMatch(String::isEmpty) || all.stream().distinct().count() < all.size()) {
            throw new UserException("'%s' has an empty value or one twice; give each once".formatted(word));
        }
        return all;
    }
}
