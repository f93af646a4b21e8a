package dev.seiche.metrics.oscillation;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One run of an experiment in which only the learning rate varies.
 *
 * @param name         unique in the experiment
 * @param learningRate eta, constant over the run, above 0
 * @param series       what was recorded at every step
 * @param sharpness    largest Hessian eigenvalue by row, at the rows where it was measured; may be empty
 */
public record OscillationArm(
        String name, double learningRate, OscillationSeries series, NavigableMap<Integer, Double> sharpness) {
    public OscillationArm {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "arm '" + name + "': the learning rate is " + learningRate + ", needs to be above 0");
        }
        sharpness = Collections.unmodifiableNavigableMap(new TreeMap<>(sharpness));
    }
}
