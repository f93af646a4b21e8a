package dev.seiche.metrics.gram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a tile: the pairs of a block of samples with the same or a later block. Can be written as arrays of numbers
 * and read back to the same bits.
 *
 * @param rowSums for each sample of the row block the sum of its cosines in this tile
 * @param columnSums the same for the column block; empty on the diagonal, where the rows hold both
 * @param squaredNorms of the row block's gradients on the diagonal; empty elsewhere
 * @param values the tile of the Gram matrix itself, [rows, columns] in row-major order, or null when only reductions are kept
 */
@SuppressWarnings("ArrayRecordComponent") // columns of numbers that are handed on, never compared
public record TileSummary(
        PairStatistics total,
        List<PairStatistics> layers,
        ClassBlocks classes,
        double[] rowSums,
        double[] columnSums,
        double[] squaredNorms,
        double @Nullable [] values) {
    public TileSummary {
        layers = List.copyOf(layers);
    }

    /** Numbers by name; with {@link #counts} all there is. */
    public Map<String, double[]> numbers() {
        Map<String, double[]> numbers = new LinkedHashMap<>();
        write(numbers, new LinkedHashMap<>());
        return numbers;
    }

    /** Whole numbers by name. */
    public Map<String, long[]> counts() {
        Map<String, long[]> counts = new LinkedHashMap<>();
        write(new LinkedHashMap<>(), counts);
        return counts;
    }

    private void write(Map<String, double[]> numbers, Map<String, long[]> counts) {
        counts.put("sizes", new long[] {layers.size(), classes.classes()});
        total.write("total/", numbers, counts);
        for (int l = 0; l < layers.size(); l++) {
            layers.get(l).write("layer" + l + "/", numbers, counts);
        }
        classes.write("classes/", numbers, counts);
        numbers.put("rowSums", rowSums);
        numbers.put("columnSums", columnSums);
        numbers.put("squaredNorms", squaredNorms);
        if (values != null) {
            numbers.put("gram", values);
        }
    }

    /**
     * What {@link #numbers} and {@link #counts} hold.
     *
     * @throws IllegalArgumentException when something is missing
     */
    public static TileSummary read(Map<String, double[]> numbers, Map<String, long[]> counts) {
        long[] sizes = require(counts, "sizes");
        List<PairStatistics> layers = new ArrayList<>();
        for (int l = 0; l < sizes[0]; l++) {
            layers.add(PairStatistics.read("layer" + l + "/", numbers, counts));
        }
        return new TileSummary(
                PairStatistics.read("total/", numbers, counts),
                layers,
                ClassBlocks.read((int) sizes[1], "classes/", numbers, counts),
                require(numbers, "rowSums"),
                require(numbers, "columnSums"),
                require(numbers, "squaredNorms"),
                numbers.get("gram"));
    }

    static <V> V require(Map<String, V> all, String name) {
        V value = all.get(name);
        if (value == null) {
            throw new IllegalArgumentException("tile: there is no '" + name + "' among " + all.keySet());
        }
        return value;
    }
}
