package dev.seiche.study.gram;

import dev.seiche.metrics.gram.GramStream;
import dev.seiche.metrics.gram.TileSummary;
import dev.seiche.study.ArrayData;
import dev.seiche.study.Part;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tiles as parts of a run, a file each, with a manifest of what they were computed from. A tile of other weights, data, means
 * or of another build does not count as there: it is computed again.
 */
final class TileParts implements GramStream.Tiles {
    private final RunContext run;
    private final Map<String, String> manifest;
    private final Set<String> there = new HashSet<>();
    private int others;

    /** @param blocks of samples */
    TileParts(RunContext run, Map<String, String> manifest, int blocks) {
        this.run = run;
        this.manifest = Map.copyOf(manifest);
        for (int row = 0; row < blocks; row++) {
            for (int column = row; column < blocks; column++) {
                String name = name(row, column);
                run.part(name).ifPresent(part -> {
                    if (part.about().equals(this.manifest)) {
                        there.add(name);
                    } else {
                        others++;
                    }
                });
            }
        }
    }

    /** Tiles of an earlier attempt that do not fit this one. */
    int others() {
        return others;
    }

    private static String name(int row, int column) {
        return "tile-%05d-%05d".formatted(row, column);
    }

    @Override
    public boolean has(int row, int column) {
        return there.contains(name(row, column));
    }

    @Override
    public void put(int row, int column, TileSummary tile) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        tile.numbers().forEach((name, values) -> arrays.put(name, ArrayData.of(values, values.length)));
        tile.counts().forEach((name, values) -> arrays.put(name, ArrayData.of(values, values.length)));
        run.part(name(row, column), new Part(arrays, manifest));
        there.add(name(row, column));
    }

    @Override
    public TileSummary get(int row, int column) {
        Part part = run.part(name(row, column))
                .orElseThrow(() -> new UserException("parts/%s.safetensors has gone; resume the run to compute it again"
                        .formatted(name(row, column))));
        Map<String, double[]> numbers = new LinkedHashMap<>();
        Map<String, long[]> counts = new LinkedHashMap<>();
        part.arrays().forEach((name, array) -> {
            if (array.type() == ArrayData.Type.F64) {
                numbers.put(name, array.doubles());
            } else {
                counts.put(name, array.longs());
            }
        });
        return TileSummary.read(numbers, counts);
    }
}
