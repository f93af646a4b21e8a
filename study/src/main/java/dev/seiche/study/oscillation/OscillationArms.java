package dev.seiche.study.oscillation;

import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.oscillation.OscillationArm;
import dev.seiche.study.ArrayData;
import dev.seiche.study.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the arms of a run, one per learning rate and seed, have measured so far. The seeds of a rate come one after the other. */
final class OscillationArms {
    private static final String PREFIX = "measured/";

    private final List<Double> rates;
    private final long firstSeed;
    private final int seeds;
    private final int steps;
    private final List<MetricTable> tables = new ArrayList<>();

    OscillationArms(List<Double> rates, long firstSeed, int seeds, int steps) {
        this.rates = List.copyOf(rates);
        this.firstSeed = firstSeed;
        this.seeds = seeds;
        this.steps = steps;
        for (int arm = 0; arm < rates.size() * seeds; arm++) {
            tables.add(new MetricTable());
        }
    }

    int count() {
        return tables.size();
    }

    /** Repetitions of each rate. */
    int seeds() {
        return seeds;
    }

    double rate(int arm) {
        return rates.get(arm / seeds);
    }

    long seed(int arm) {
        return firstSeed + arm % seeds;
    }

    /** The prefix of an arm's metrics, as in {@code lr=0.1}; with the seed, where it is not the first. */
    String name(int arm) {
        String rate = "lr=" + rate(arm);
        return arm % seeds == 0 ? rate : rate + "/seed=" + seed(arm);
    }

    MetricTable table(int arm) {
        return tables.get(arm);
    }

    /** Steps of the whole run. */
    long total() {
        return (long) count() * steps;
    }

    /** Steps of the whole run that are done when an arm has done so many. */
    long done(int arm, long ofArm) {
        return (long) arm * steps + ofArm;
    }

    /** The arm under its own name. */
    OscillationArm arm(int arm) {
        return OscillationArm.of(name(arm), rate(arm), tables.get(arm));
    }

    /** The arms of one repetition under the names of their rates, as the claims are judged on. */
    List<OscillationArm> repetition(int of) {
        List<OscillationArm> arms = new ArrayList<>();
        for (int arm = of; arm < count(); arm += seeds) {
            arms.add(OscillationArm.of("lr=" + rate(arm), rate(arm), tables.get(arm)));
        }
        return arms;
    }

    /** All measurements so far, for a checkpoint. */
    Map<String, ArrayData> write() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (int arm = 0; arm < count(); arm++) {
            MetricTable table = tables.get(arm);
            List<String> names = table.under("");
            for (int i = 0; i < names.size(); i++) {
                Map<Long, Double> column = table.column(names.get(i));
                arrays.put(
                        key(arm, i, "step"),
                        ArrayData.of(column.keySet().stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
                arrays.put(
                        key(arm, i, "value"),
                        ArrayData.of(column.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray()));
            }
        }
        return arrays;
    }

    /** The names of the measurements, for the text of a checkpoint: arrays in a file have no order. */
    Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (int arm = 0; arm < count(); arm++) {
            names.put(PREFIX + arm, String.join("\n", tables.get(arm).under("")));
        }
        return names;
    }

    /** Takes over what a checkpoint holds. */
    void read(Checkpoint checkpoint) {
        for (int arm = 0; arm < count(); arm++) {
            String text = checkpoint.state().getOrDefault(PREFIX + arm, "");
            List<String> names = text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
            for (int i = 0; i < names.size(); i++) {
                long[] at = require(checkpoint, key(arm, i, "step")).longs();
                double[] values = require(checkpoint, key(arm, i, "value")).doubles();
                for (int k = 0; k < at.length; k++) {
                    tables.get(arm).put(at[k], names.get(i), values[k]);
                }
            }
        }
    }

    private static String key(int arm, int column, String part) {
        return PREFIX + arm + "/" + column + "/" + part;
    }

    private static ArrayData require(Checkpoint checkpoint, String key) {
        ArrayData array = checkpoint.arrays().get(key);
        if (array == null) {
            throw new IllegalArgumentException(
                    "checkpoint of step " + checkpoint.step() + " has no array '" + key + "'");
        }
        return array;
    }
}
