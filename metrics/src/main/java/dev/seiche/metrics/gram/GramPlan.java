package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.Plan;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Scope;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How the Gram matrix of a data set is cut so that all tensors fit a budget: blocks of samples, of which as many stay in
 * memory as fit while the others' gradients are computed again for every group that stays. Memory is measured on a few
 * samples and grows in proportion; the cut depends on sizes only, so the same data, network and budget give the same plan.
 *
 * @param samples N
 * @param tile B, samples of a block
 * @param resident blocks whose gradients stay in memory at a time; with all of them nothing is computed twice
 * @param budget bytes for all tensors and tiles together
 * @param working bytes that the product of two blocks may take; the budget of its {@link Planner}
 * @param fixedBytes of what was there before: weights and the like
 * @param recordBytes of one sample's activations and cotangents while its gradient is computed
 * @param keptBytes of one sample's gradient as it is kept
 * @param routes of the product of two blocks
 */
public record GramPlan(
        int samples,
        int tile,
        int resident,
        long budget,
        long working,
        long fixedBytes,
        double recordBytes,
        double keptBytes,
        Plan routes) {
    /** More samples at once make the products no faster, and a killed run loses more. */
    private static final int LARGEST_TILE = 256;

    /** Samples that memory is measured on. */
    private static final int PROBE = 4;

    /** Sums of a tile in f64: those of all layers, those of one, and a copy on its way. */
    private static final long TILE_BYTES = 3L * Double.BYTES;

    /**
     * The cut for a data set.
     *
     * @param planner of the products; its budget is replaced by the share that is left for working memory
     * @param budget bytes
     * @param tile samples of a block, or 0 for the most that fit, up to 256
     * @throws IllegalArgumentException when the budget is too small even for single samples, or for the tile; says what is
     *     needed
     */
    public static GramPlan of(GradientSource source, Planner planner, long budget, int tile, Scope scope) {
        if (source.samples() < 1 || tile < 0) {
            throw new IllegalArgumentException("gram: %d samples in tiles of %d".formatted(source.samples(), tile));
        }
        Backend device = scope.backend();
        long fixed = device.liveBytes();
        int few = Math.min(PROBE, source.samples());
        int more = Math.min(2 * PROBE, source.samples());
        Planner frugal = planner.withBudget(Math.max(1, budget / 4));
        double[] small = measure(source, frugal, few, scope);
        double[] large = more == few ? small : measure(source, frugal, more, scope);
        double[] slope = new double[2];
        double[] rest = new double[2];
        for (int k = 0; k < 2; k++) {
            slope[k] = more == few ? small[k] / few : (large[k] - small[k]) / (more - few);
            rest[k] = Math.max(0, small[k] - slope[k] * few);
        }
        long always = fixed + (long) (rest[0] + rest[1]);
        int most = tile > 0 ? Math.min(tile, source.samples()) : Math.min(LARGEST_TILE, source.samples());
        int block = most;
        if (tile == 0) {
            while (block > 1 && always + need(block, slope, 0, 2) > budget / 2) {
                block = (block + 1) / 2;
            }
        }
        long working = Math.max(1, budget / 4);
        int blocks = Math.ceilDiv(source.samples(), block);
        long least = always + need(block, slope, 0, blocks == 1 ? 1 : 2);
        if (least + working > budget) {
            // the working memory gives way first: products are cut finer
            working = Math.max(1, (budget - least) / 2);
        }
        if (least > budget) {
            throw new IllegalArgumentException(
                    "gram: a budget of %s does not hold two blocks of %d samples, which take %s; give at least that%s"
                            .formatted(bytes(budget), block, bytes(least), block > 1 ? ", or smaller tiles" : ""));
        }
        int resident = blocks;
        while (resident > 1
                && always + need(block, slope, working, resident == blocks ? resident : resident + 1) > budget) {
            resident--;
        }
        try (Scope kept = scope.child("plan");
                Scope record = kept.child("record")) {
            SampleGradients gradients =
                    source.gradients(first(few), record).with(frugal).keep(kept);
            Plan routes = gradients.with(planner.withBudget(working)).plan(Question.GRAM, block, block);
            return new GramPlan(source.samples(), block, resident, budget, working, always, slope[0], slope[1], routes);
        }
    }

    /**
     * Bytes while {@code kept} blocks are in memory and another is computed, or two are multiplied; both take working memory,
     * the former to form gradients that are smaller than their factors.
     */
    private static long need(int block, double[] slope, long working, int kept) {
        double sums = (double) TILE_BYTES * block * block;
        return (long) (kept * block * slope[1] + working + Math.max(block * slope[0], sums));
    }

    /** Bytes while the gradients of so many samples are computed, and of what is kept of them. */
    private static double[] measure(GradientSource source, Planner planner, int samples, Scope scope) {
        Backend device = scope.backend();
        long before = device.liveBytes();
        try (Scope rows = scope.child("probe")) {
            long record;
            try (Scope tape = rows.child("record")) {
                SampleGradients gradients =
                        source.gradients(first(samples), tape).with(planner);
                record = device.liveBytes() - before;
                gradients.keep(rows);
                // one backward pass for each sample takes as much again, though never more than one at a time
                record = Math.max(device.liveBytes() - before, record) + (source.coupled() ? record : 0);
            }
            long kept = device.liveBytes() - before;
            return new double[] {Math.max(0, record - kept), kept};
        }
    }

    private static int[] first(int samples) {
        return IntStream.range(0, samples).toArray();
    }

    /** Blocks of samples; the last may be smaller. */
    public int blocks() {
        return Math.ceilDiv(samples, tile);
    }

    /** Tiles of the half that is computed, the diagonal among them. */
    public long tiles() {
        return (long) blocks() * (blocks() + 1) / 2;
    }

    /** Pairs of two different samples. */
    public long pairs() {
        return (long) samples * (samples - 1) / 2;
    }

    /** How many gradients are computed in all: N where all stay in memory. */
    public long recordings() {
        long sum = 0;
        for (int group = 0; group < blocks(); group += resident) {
            sum += Math.min(samples, samples - (long) group * tile);
        }
        return sum;
    }

    /** Samples of a block. */
    int[] block(int number) {
        return IntStream.range(number * tile, Math.min(samples, (number + 1) * tile))
                .toArray();
    }

    /** About the most bytes at a time. */
    public double peakBytes() {
        int kept = resident == blocks() ? resident : resident + 1;
        return fixedBytes + need(tile, new double[] {recordBytes, keptBytes}, working, kept);
    }

    private static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    private static String bytes(double bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.0f KB", Math.ceil(bytes / 1024))
                : String.format(Locale.ROOT, "%.1f MB", bytes / (1 << 20));
    }

    /** A few lines: cut, memory, work, and the route of each parameter. */
    @Override
    public String toString() {
        String again = resident == blocks()
                ? "all gradients stay in memory"
                : "%d of %d blocks stay in memory; %d gradients are computed for %d samples"
                        .formatted(resident, blocks(), recordings(), samples);
        return """
                %d samples, %d pairs, in %d tiles of %d x %d
                %s
                budget %s for tensors and tiles, the JVM not counted: about %s at the most (%s for activations and %s to keep of a sample, %s to work in)
                %s""".formatted(
                        samples,
                        pairs(),
                        tiles(),
                        tile,
                        tile,
                        again,
                        bytes(budget),
                        bytes(peakBytes()),
                        bytes(recordBytes),
                        bytes(keptBytes),
                        bytes(working),
                        routes);
    }
}
