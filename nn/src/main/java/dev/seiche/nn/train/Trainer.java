package dev.seiche.nn.train;

import dev.seiche.nn.Evaluation;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Objective;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Stateful;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.BatchPlan;
import dev.seiche.nn.optim.Updater;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training in progress: weights, optimizer state, running statistics and the number of the next step. Everything lives in
 * the model scope, which is sealed during {@link #run}, so a leak fails at its first step. Confined to the thread of that
 * scope, except for {@link #requestStop}.
 *
 * <p>The state after a step is a function of the state before it: a trainer that {@link #restore restores} a
 * {@link #capture captured} state goes on with the same bits.
 */
public final class Trainer implements Stateful {
    private final Training recipe;
    private final Scope model;
    private final ParameterVector weights;
    private final Statistics statistics;
    private final Updater updater;
    private final @Nullable Objective fullBatch;
    private Rng rng;
    private long step;
    private long epochDrawn = -1;
    private List<int[]> epoch = List.of();
    private volatile boolean stopRequested;

    /** Why a run returned. */
    public enum End {
        /** All steps were done. */
        REACHED,
        /** Somebody asked it to stop. */
        STOPPED
    }

    Trainer(Training recipe, Scope model, ParameterVector weights, Statistics statistics, Rng rng) {
        this.recipe = recipe;
        this.model = model;
        this.weights = weights;
        this.statistics = statistics;
        this.rng = rng;
        this.updater = recipe.optimizer.start(weights, model);
        boolean full = recipe.cut.batch() == recipe.data.size();
        this.fullBatch = full
                ? objective(batches(
                        BatchPlan.fixed(recipe.data.size(), recipe.data.size())
                                .epoch(0)
                                .get(0),
                        model))
                : null;
    }

    /** Number of the next step; how many were done. */
    public long step() {
        return step;
    }

    /** The learning rate of the next step. */
    public double rate() {
        return recipe.rate.at(step);
    }

    /** The weights, which every step changes in place. */
    public ParameterVector weights() {
        return weights;
    }

    /** The running statistics, which every step changes in place. */
    public Statistics statistics() {
        return statistics;
    }

    /**
     * Trains until {@code step()} is {@code until}, or somebody asks it to stop.
     *
     * @throws DivergedException when a loss or gradient is not finite
     */
    public End run(long until) {
        model.seal();
        try {
            while (step < until && !stopRequested) {
                advance();
            }
            if (step >= until) {
                return End.REACHED; // a request that came too late stops the next run
            }
            stopRequested = false;
            return End.STOPPED;
        } finally {
            model.unseal();
        }
    }

    /** Asks a running {@link #run} to return after its present step. Any thread may call it. */
    public void requestStop() {
        stopRequested = true;
    }

    private void advance() {
        try (Scope scope = model.child("step")) {
            Objective objective =
                    objectiveOf(step, scope).training(rng.fold("draws").fold(step));
            double rate = recipe.rate.at(step);
            Evaluation evaluation = objective.evaluate(weights, scope);
            Step now = new Step(step, rate, objective, weights, evaluation, scope);
            requireFinite(now);
            for (Probe probe : recipe.probes) {
                if (probe.schedule().at(step)) {
                    probe.observe(now);
                }
            }
            updater.step(recipe.clip.apply(now.gradient(), now::gradientNorm, scope), rate);
            statistics.commit(evaluation.updates());
            step++;
            stopRequested |= now.isStopRequested();
        }
    }

    private static void requireFinite(Step now) {
        if (!Double.isFinite(now.loss())) {
            throw new DivergedException(now.index(), "loss", now.rate());
        }
        Parameter bad = now.gradient().firstNonFinite();
        if (bad != null) {
            throw new DivergedException(now.index(), "gradient of " + bad.name(), now.rate());
        }
    }

    private Objective objectiveOf(long index, Scope scope) {
        if (fullBatch != null) {
            return fullBatch;
        }
        BatchPlan plan =
                new BatchPlan(recipe.data.size(), recipe.cut.batch(), rng.fold("shuffle"), recipe.cut.dropLast());
        long number = index / plan.batchesPerEpoch();
        if (number != epochDrawn) {
            epoch = plan.epoch(number);
            epochDrawn = number;
        }
        return objective(batches(epoch.get((int) (index % plan.batchesPerEpoch())), scope));
    }

    private List<Batch> batches(int[] examples, Scope scope) {
        List<Batch> batches = new ArrayList<>();
        for (int start = 0; start < examples.length; start += recipe.cut.micro()) {
            int stop = Math.min(examples.length, start + recipe.cut.micro());
            batches.add(recipe.data.batch(scope, weights.dtype(), Arrays.copyOfRange(examples, start, stop)));
        }
        return batches;
    }

    private Objective objective(List<Batch> batches) {
        Objective objective = Objective.of(recipe.network, recipe.loss, batches).withStatistics(statistics);
        return recipe.cut.coupled() ? objective.normalisingPerMicroBatch() : objective;
    }

    /** The number and rate of the next step, the key, weights, statistics, and the states of optimizer and probes. */
    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("trainer/step", into.scalar(DType.F64, (double) step));
        all.put("trainer/rate", into.scalar(DType.F64, rate()));
        long key = rng.key();
        all.put("trainer/key", into.tensor(Shape.of(2), new int[] {(int) key, (int) (key >>> 32)}));
        all.putAll(NamedTensors.prefixed("weights/", weights.keep(into).named()));
        statistics.named().forEach((name, tensor) -> all.put("statistics/" + name, into.keep(tensor)));
        all.putAll(NamedTensors.prefixed("optimizer/", updater.capture(into)));
        for (Probe probe : recipe.probes) {
            if (probe instanceof Stateful stateful) {
                all.putAll(NamedTensors.prefixed("probes/" + probe.name() + "/", stateful.capture(into)));
            }
        }
        return all;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        int[] key = NamedTensors.require(captured, "trainer/key").toInts();
        weights.load(NamedTensors.under("weights/", captured));
        statistics.load(NamedTensors.under("statistics/", captured));
        updater.restore(NamedTensors.under("optimizer/", captured));
        for (Probe probe : recipe.probes) {
            if (probe instanceof Stateful stateful) {
                stateful.restore(NamedTensors.under("probes/" + probe.name() + "/", captured));
            }
        }
        step = (long) NamedTensors.require(captured, "trainer/step").item();
        rng = new Rng(key[0] & 0xFFFF_FFFFL | (long) key[1] << 32);
        epochDrawn = -1;
    }
}
