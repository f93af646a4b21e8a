package dev.seiche.metrics.example;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.statistics.Moments;

/** Means of what examples do to each other: to themselves, to others of their class, to others of other classes. */
record PairMeans(Moments self, Moments within, Moments between) {

    /**
     * Of a table of sources (rows) by targets (columns), where target k is also source k.
     *
     * @param labels of the sources; empty where there are none, which counts all as of different classes
     */
    static PairMeans of(double[][] values, int[] labels) {
        Moments self = Moments.EMPTY;
        Moments within = Moments.EMPTY;
        Moments between = Moments.EMPTY;
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < values[i].length; k++) {
                if (i == k) {
                    self = self.plus(values[i][k]);
                } else if (labels.length > 0 && labels[i] == labels[k]) {
                    within = within.plus(values[i][k]);
                } else {
                    between = between.plus(values[i][k]);
                }
            }
        }
        return new PairMeans(self, within, between);
    }

    void emit(long step, String prefix, MetricSink sink) {
        sink.put(step, prefix + "/self_mean", self.mean());
        sink.put(step, prefix + "/within", within.mean());
        sink.put(step, prefix + "/between", between.mean());
    }
}
