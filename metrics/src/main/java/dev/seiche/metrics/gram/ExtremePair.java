package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.autograd.sample.Sketch;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The pair of samples with the smallest cosine, found without all exact inner products: sketches of all gradients screen the
 * pairs, and those that could be the smallest are computed exactly.
 *
 * <p>A pair is passed over when its estimate lies more than {@code z sqrt((1 + c^2) / k)} above an exact cosine c that was
 * found. The error of an estimate has at most that standard deviation, and only one pair counts, so by Chebyshev's inequality
 * the smallest pair is missed with a probability of at most {@code 1 / z^2} over keys; where the error is about normal, as with
 * hundreds of buckets, it is that of a normal variable beyond z: {@code 1e-9} for 6.
 *
 * @param cosine exact
 * @param pair the first of the pairs that have it
 * @param candidates pairs that were computed exactly, of all
 * @param failure the bound {@code 1 / z^2}; 0 when all pairs were computed
 */
public record ExtremePair(double cosine, PairStatistics.Pair pair, long candidates, double failure) {
    /** Pairs that are computed before the others are screened, to have a cosine to hold them against. */
    private static final int FIRST = 64;

    /**
     * How it is looked for.
     *
     * @param buckets k of the sketches; memory is N k floats
     * @param z standard deviations, above 0
     * @param tile samples computed at once
     */
    public record Search(int buckets, double z, int tile) {
        public Search {
            if (buckets < 1 || !(z > 0) || tile < 2) {
                throw new IllegalArgumentException(
                        "extreme pair: %d buckets and z = %s must be above 0, a tile of %d at least 2"
                                .formatted(buckets, z, tile));
            }
        }
    }

    /** A pair with an estimate or an exact cosine. */
    private record Found(double cosine, int first, int second) {}

    /**
     * Looks for the pair with the smallest cosine.
     *
     * @param key of the sketches
     * @throws IllegalArgumentException with fewer than two samples, or where the batch matters
     */
    public static ExtremePair smallest(GradientSource source, Search search, Rng key, Scope scope) {
        if (source.samples() < 2) {
            throw new IllegalArgumentException("extreme pair: " + source.samples() + " sample makes no pair");
        }
        if (source.coupled()) {
            throw new IllegalArgumentException(
                    "extreme pair: gradients depend on the batch, so a pair has no cosine of its own; freeze the statistics");
        }
        try (Scope work = scope.child("screen")) {
            List<Tensor> sketches = sketches(source, search, key, work);
            List<Found> lowest = below(sketches, search.tile, Double.POSITIVE_INFINITY, FIRST, work);
            Found best = exact(source, search.tile, lowest, work);
            double margin = search.z * Math.sqrt((1 + best.cosine * best.cosine) / search.buckets);
            List<Found> candidates = below(sketches, search.tile, best.cosine + margin, Integer.MAX_VALUE, work);
            candidates.removeAll(new HashSet<>(lowest));
            Found better = exact(source, search.tile, candidates, work);
            Found found = order().compare(better, best) < 0 ? better : best;
            long computed = (long) candidates.size() + lowest.size();
            boolean all = computed == (long) source.samples() * (source.samples() - 1) / 2;
            return new ExtremePair(
                    found.cosine,
                    new PairStatistics.Pair(found.first, found.second),
                    computed,
                    all ? 0 : Math.min(1, 1 / (search.z * search.z)));
        }
    }

    private static Comparator<Found> order() {
        return Comparator.comparingDouble(Found::cosine)
                .thenComparingInt(Found::first)
                .thenComparingInt(Found::second);
    }

    /** Sketches over exact norms, a tensor [n, k] for each tile; NaN for a gradient of length 0. */
    private static List<Tensor> sketches(GradientSource source, Search search, Rng key, Scope into) {
        List<Tensor> out = new ArrayList<>();
        for (int from = 0; from < source.samples(); from += search.tile) {
            int[] samples = IntStream.range(from, Math.min(from + search.tile, source.samples()))
                    .toArray();
            float[] values = new float[samples.length * search.buckets];
            try (Scope step = into.child("sketch")) {
                Sketch sketch = source.gradients(samples, step).sketch(search.buckets, key);
                for (int i = 0; i < samples.length; i++) {
                    double[] row = sketch.row(i);
                    for (int b = 0; b < row.length; b++) {
                        values[i * row.length + b] = (float) (row[b] / sketch.norm(i));
                    }
                }
            }
            out.add(into.tensor(Shape.of(samples.length, search.buckets), values));
        }
        return out;
    }

    /** The pairs whose estimate is below a bound, at most so many of the lowest. */
    private static List<Found> below(List<Tensor> sketches, int tile, double bound, int most, Scope work) {
        PriorityQueue<Found> found = new PriorityQueue<>(order().reversed());
        for (int row = 0; row < sketches.size(); row++) {
            for (int column = row; column < sketches.size(); column++) {
                try (Scope step = work.child("estimates")) {
                    Eager ops = step.ops();
                    Tensor estimates = ops.matmul(sketches.get(row), sketches.get(column), false, true);
                    double[] values = ops.cast(estimates, DType.F64).toDoubles();
                    int width = estimates.shape().dim(1);
                    for (int at = 0; at < values.length; at++) {
                        int i = row * tile + at / width;
                        int j = column * tile + at % width;
                        if (i < j && values[at] <= bound) {
                            found.add(new Found(values[at], i, j));
                            if (found.size() > most) {
                                found.poll();
                            }
                        }
                    }
                }
            }
        }
        List<Found> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Found::first).thenComparingInt(Found::second));
        return sorted;
    }

    /** The pair of smallest exact cosine. Pairs come sorted, so that those of one batch share samples. */
    private static Found exact(GradientSource source, int tile, List<Found> pairs, Scope work) {
        Found best = new Found(Double.POSITIVE_INFINITY, -1, -1);
        int at = 0;
        while (at < pairs.size()) {
            TreeSet<Integer> chosen = new TreeSet<>();
            int end = at;
            while (end < pairs.size() && chosen.size() + 2 <= tile) {
                chosen.add(pairs.get(end).first);
                chosen.add(pairs.get(end).second);
                end++;
            }
            List<Integer> ids = List.copyOf(chosen);
            try (Scope step = work.child("exact")) {
                int[] samples = ids.stream().mapToInt(Integer::intValue).toArray();
                SampleGradients gradients = source.gradients(samples, step);
                Gram gram = gradients.gram();
                for (Found pair : pairs.subList(at, end)) {
                    int i = Collections.binarySearch(ids, pair.first);
                    int j = Collections.binarySearch(ids, pair.second);
                    double cosine = gram.get(i, j) / Math.sqrt(gram.get(i, i) * gram.get(j, j));
                    Found one = new Found(Math.clamp(cosine, -1.0, 1.0), pair.first, pair.second);
                    best = order().compare(one, best) < 0 ? one : best;
                }
            }
            at = end;
        }
        return best;
    }
}
