package dev.seiche.study.opposing;

import dev.seiche.metrics.opposing.OpposingGroups;
import dev.seiche.study.ArrayData;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Workbench;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the samples of the groups are, where they are no pictures: points of a curve, or places of a text. */
final class GroupWords {
    private static final String NEXT = " \u2192 ";

    private GroupWords() {}

    static void add(OpposingGroups groups, TrainingData data, Map<String, ArrayData> arrays, Workbench bench) {
        List<String> words = data.words();
        if (words.isEmpty()) {
            return;
        }
        arrays.put("rising_words", lines(words, groups.rising()));
        arrays.put("falling_words", lines(words, groups.falling()));
        if (data.input().size() == 1) {
            // the points of a curve are numbered from left to right
            bench.number("ranges_apart", apart(groups.rising(), groups.falling()) ? 1 : 0);
        } else if (words.get(0).contains(NEXT)) {
            int[] all = IntStream.range(0, words.size()).toArray();
            bench.number("same_context", same(words, groups.rising(), groups.falling()));
            bench.number("same_context_random", same(words, all, all));
        }
    }

    private static ArrayData lines(List<String> words, int[] samples) {
        return ArrayData.ofBytes(Arrays.stream(samples)
                .mapToObj(words::get)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8));
    }

    private static boolean apart(int[] a, int[] b) {
        return Arrays.stream(a).max().orElse(0) < Arrays.stream(b).min().orElse(0)
                || Arrays.stream(b).max().orElse(0) < Arrays.stream(a).min().orElse(0);
    }

    /** Share of pairs that follow the same symbol and are followed by different ones. */
    private static double same(List<String> words, int[] a, int[] b) {
        long pairs = 0;
        for (int i : a) {
            for (int j : b) {
                pairs += last(words.get(i)) == last(words.get(j)) && next(words.get(i)) != next(words.get(j)) ? 1 : 0;
            }
        }
        return pairs / ((double) a.length * b.length);
    }

    private static int last(String word) {
        return word.codePointBefore(word.lastIndexOf(NEXT));
    }

    private static int next(String word) {
        return word.codePointAt(word.lastIndexOf(NEXT) + NEXT.length());
    }
}
