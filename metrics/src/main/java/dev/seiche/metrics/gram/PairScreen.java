package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Planner;
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
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pairs of samples with the smallest and the largest cosine without all exact inner products: sketches of all
 * gradients screen the pairs, and those that could be the most extreme are computed exactly.
 *
 * <p>A pair is passed over when its estimate lies more than {@code z sqrt((1 + c^2) / k)} behind an exact cosine c that was
 * found. The error of an estimate has at most that standard deviation, and only one pair counts, so by Chebyshev's inequality
 * the most extreme pair is missed with a probability of at most {@code 1 / z^2} over keys; where the error is about normal, as
 * with hundreds of buckets, it is that of a normal variable beyond z: {@code 1e-9} for 6.
 *
 * <p>The same source, search and key give the same answer, also where some sketches were there before. Valid as long as the
 * scope it was made in.
 */
public final class PairScreen {
    /** Pairs that are computed before the others are screened, to have a cosine to hold them against. */
    private static final int FIRST = 64;

    private static final Comparator<Found> ORDER = Comparator.comparingDouble(Found::cosine)
            .thenComparingInt(Found::first)
            .thenComparingInt(Found::second);

    private final GradientSource source;
    private final Search search;
    private final Planner planner;
    private final List<Tensor> sketches;
    private final Scope scope;

    /**
     * How pairs are looked for.
     *
     * @param buckets k of the sketches; memory is N k floats
     * @param z standard deviations, above 0
     * @param tile samples computed at once
     */
    public record Search(int buckets, double z, int tile) {
        public Search {
            if (buckets < 1 || !(z > 0) || tile < 2) {
                throw new IllegalArgumentException(
                        "pair screen: %d buckets and z = %s must be above 0, a tile of %d at least 2"
                                .formatted(buckets, z, tile));
            }
        }
    }

    /** Where the sketches of tiles of samples go, and where those of an interrupted run are. */
    public interface Sketches {
        /** Those of a tile, [samples, buckets] in row-major order, or null. */
        float @Nullable [] get(int tile);

        /** Takes those of a tile. */
        void put(int tile, float[] values);
    }

    /** A pair with an estimate or an exact cosine; negated while the largest is looked for. */
    private record Found(double cosine, int first, int second) {}

    private PairScreen(GradientSource source, Search search, Planner planner, List<Tensor> sketches, Scope scope) {
        this.source = source;
        this.search = search;
        this.planner = planner;
        this.sketches = sketches;
        this.scope = scope;
    }

    /**
     * Sketches all gradients that are not sketched yet.
     *
     * @param planner of sketches and exact products
     * @param key of the sketches
     * @return empty when it was asked to stop before the last
     * @throws IllegalArgumentException with fewer than two samples, or where the batch matters
     */
    public static Optional<PairScreen> of(
            GradientSource source,
            Search search,
            Planner planner,
            Rng key,
            Sketches kept,
            GramStream.Progress progress,
            Scope scope) {
        if (source.samples() < 2) {
            throw new IllegalArgumentException("pair screen: " + source.samples() + " sample makes no pair");
        }
        if (source.coupled()) {
            throw new IllegalArgumentException(
                    "pair screen: gradients depend on the batch, so a pair has no cosine of its own; freeze the statistics");
        }
        List<Tensor> sketches = new ArrayList<>();
        int tiles = Math.ceilDiv(source.samples(), search.tile);
        for (int tile = 0; tile < tiles; tile++) {
            progress.tiles(tile, tiles);
            if (progress.stop()) {
                return Optional.empty();
            }
            int from = tile * search.tile;
            int[] samples = IntStream.range(from, Math.min(from + search.tile, source.samples()))
                    .toArray();
            float[] values = kept.get(tile);
            if (values == null) {
                values = sketch(source, search, planner, key, samples, scope);
                kept.put(tile, values);
            }
            sketches.add(scope.tensor(Shape.of(samples.length, search.buckets), values));
        }
        progress.tiles(tiles, tiles);
        return Optional.of(new PairScreen(source, search, planner, sketches, scope));
    }

    /** Sketches over exact norms; NaN for a gradient of length 0. */
    private static float[] sketch(
            GradientSource source, Search search, Planner planner, Rng key, int[] samples, Scope scope) {
        float[] values = new float[samples.length * search.buckets];
        try (Scope step = scope.child("sketch")) {
            Sketch sketch = source.gradients(samples, step).with(planner).sketch(search.buckets, key);
            for (int i = 0; i < samples.length; i++) {
                double[] row = sketch.row(i);
                for (int b = 0; b < row.length; b++) {
                    values[i * row.length + b] = (float) (row[b] / sketch.norm(i));
                }
            }
        }
        return values;
    }

    /** The pair with the smallest cosine: its negative is the gradient confusion. */
    public ExtremePair lowest() {
        return find(1);
    }

    /** The pair with the largest cosine. */
    public ExtremePair highest() {
        return find(-1);
    }

    /** @param sign 1 for the smallest, -1 for the largest */
    private ExtremePair find(int sign) {
        List<Found> first = first(sign);
        Found best = exact(first, sign);
        Set<PairStatistics.Pair> done = new HashSet<>();
        first.forEach(pair -> done.add(new PairStatistics.Pair(pair.first, pair.second)));
        long computed = first.size();
        for (int row = 0; row < sketches.size(); row++) {
            for (int column = row; column < sketches.size(); column++) {
                double bound = best.cosine + search.z * Math.sqrt((1 + best.cosine * best.cosine) / search.buckets);
                List<Found> candidates = new ArrayList<>();
                estimates(row, column, sign, pair -> {
                    if (pair.cosine <= bound && !done.contains(new PairStatistics.Pair(pair.first, pair.second))) {
                        candidates.add(pair);
                    }
                });
                computed += candidates.size();
                Found better = exact(candidates, sign);
                best = ORDER.compare(better, best) < 0 ? better : best;
            }
        }
        long pairs = (long) source.samples() * (source.samples() - 1) / 2;
        return new ExtremePair(
                best.first < 0 ? Double.NaN : sign * best.cosine,
                new PairStatistics.Pair(best.first, best.second),
                pairs,
                computed,
                computed == pairs ? 0 : Math.min(1, 1 / (search.z * search.z)));
    }

    /** The pairs of lowest estimates, in the order of their samples. */
    private List<Found> first(int sign) {
        PriorityQueue<Found> lowest = new PriorityQueue<>(ORDER.reversed());
        for (int row = 0; row < sketches.size(); row++) {
            for (int column = row; column < sketches.size(); column++) {
                estimates(row, column, sign, pair -> {
                    lowest.add(pair);
                    if (lowest.size() > FIRST) {
                        lowest.poll();
                    }
                });
            }
        }
        List<Found> sorted = new ArrayList<>(lowest);
        sorted.sort(Comparator.comparingInt(Found::first).thenComparingInt(Found::second));
        return sorted;
    }

    @FunctionalInterface
    private interface Taker {
        void take(Found pair);
    }

    /** All pairs of two tiles, each pair once, those without a cosine left out. */
    private void estimates(int row, int column, int sign, Taker taker) {
        double[] values;
        int width = sketches.get(column).shape().dim(0);
        try (Scope step = scope.child("estimates")) {
            Eager ops = step.ops();
            Tensor estimates = ops.matmul(sketches.get(row), sketches.get(column), false, true);
            values = ops.cast(estimates, DType.F64).toDoubles();
        }
        for (int at = 0; at < values.length; at++) {
            int i = row * search.tile + at / width;
            int j = column * search.tile + at % width;
            if (i < j && !Double.isNaN(values[at])) {
                taker.take(new Found(sign * values[at], i, j));
            }
        }
    }

    /** The pair of smallest exact cosine: products of the samples that come first with those that come second. */
    private Found exact(List<Found> pairs, int sign) {
        Found best = new Found(Double.POSITIVE_INFINITY, -1, -1);
        int at = 0;
        while (at < pairs.size()) {
            TreeSet<Integer> first = new TreeSet<>();
            TreeSet<Integer> second = new TreeSet<>();
            int end = at;
            while (end < pairs.size() && first.size() < search.tile && second.size() < search.tile) {
                first.add(pairs.get(end).first);
                second.add(pairs.get(end).second);
                end++;
            }
            List<Integer> rows = List.copyOf(first);
            List<Integer> columns = List.copyOf(second);
            try (Scope step = scope.child("exact")) {
                SampleGradients mine = gradients(rows, step);
                SampleGradients others = gradients(columns, step);
                double[] squares = mine.squaredNorms();
                double[] otherSquares = others.squaredNorms();
                Gram gram = mine.gram(others);
                for (Found pair : pairs.subList(at, end)) {
                    int i = Collections.binarySearch(rows, pair.first);
                    int j = Collections.binarySearch(columns, pair.second);
                    double cosine = gram.get(i, j) / (Math.sqrt(squares[i]) * Math.sqrt(otherSquares[j]));
                    Found one = new Found(sign * Math.clamp(cosine, -1.0, 1.0), pair.first, pair.second);
                    best = ORDER.compare(one, best) < 0 ? one : best;
                }
            }
            at = end;
        }
        return best;
    }

    private SampleGradients gradients(List<Integer> samples, Scope into) {
        try (Scope record = into.child("record")) {
            int[] ids = samples.stream().mapToInt(Integer::intValue).toArray();
            return source.gradients(ids, record).with(planner).keep(into);
        }
    }
}
