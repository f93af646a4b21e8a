package dev.seiche.study.confusion;

import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.Dataset;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.Scope;

/** The numbers and rows that a trial leaves of the cosines it measured. */
final class ConfusionNumbers {
    /** Places at which the density of the cosines is drawn, from -1 to 1. */
    static final int GRID = 101;

    private ConfusionNumbers() {}

    /**
     * Numbers of some cosines.
     *
     * @param when {@code init}, {@code matched} or {@code end}
     * @param of   {@code batch} or {@code sample}
     */
    static void put(String when, String of, Confusion found, Workbench bench) {
        Summary cosines = found.summary();
        bench.number(of + "/min_cos@" + when, cosines.min());
        bench.number(of + "/p5_cos@" + when, cosines.p5());
        bench.number(of + "/median_cos@" + when, cosines.median());
        bench.number(of + "/sd_cos@" + when, cosines.deviation());
        bench.number(of + "/negative@" + when, found.negative());
        bench.number(of + "/bound@" + when, found.bound());
    }

    /** The density of the cosines, as rows of a trial: step i is the cosine -1 + 2 i / (GRID - 1). */
    static void density(String of, Confusion found, Workbench bench) {
        if (found.summary().deviation() > 0) {
            double[] density = found.density().on(-1, 1, GRID);
            for (int i = 0; i < GRID; i++) {
                bench.put(i, "density/" + of, density[i]);
            }
        }
    }

    /** All pairs of the first samples, and their mean cosines within and between classes. */
    static Confusion samples(
            int count, Network network, Loss loss, Dataset data, ParameterVector weights, Workbench bench) {
        try (Scope scope = bench.scope().child("samples")) {
            Batch batch = data.first(Math.min(count, data.size())).all(scope, weights.dtype());
            double[][] gram =
                    PerSample.of(network, loss).at(weights, batch, scope).gram().toArray();
            int[] labels = batch.targets().toInts();
            bench.number("cos_within", Confusion.within(gram, labels).cosineStiffness());
            bench.number("cos_between", Confusion.between(gram, labels).cosineStiffness());
            return Confusion.ofSamples(gram);
        }
    }
}
