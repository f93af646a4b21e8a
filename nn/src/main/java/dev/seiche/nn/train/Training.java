package dev.seiche.nn.train;

import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSampleLoss;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.optim.GradientClip;
import dev.seiche.nn.optim.LearningRate;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a network is trained: an immutable recipe, started as often as one likes. The default is full-batch gradient descent
 * with rate 0.01 in one micro-batch, without probes.
 *
 * <pre>{@code
 * Trainer trainer = Training.of(network, Loss.CROSS_ENTROPY, data)
 *         .miniBatches(128)
 *         .optimizer(Optimizer.heavyBall(0.9))
 *         .learningRate(LearningRate.cosine(0.1, 0, 1000))
 *         .start(model, DType.F32, Rng.seed(1));
 * trainer.run(1000);
 * }</pre>
 */
public final class Training {
    final Network network;
    final PerSampleLoss loss;
    final Dataset data;
    final Cut cut;
    final Optimizer optimizer;
    final LearningRate rate;
    final GradientClip clip;
    final List<Probe> probes;

    /**
     * Which samples a step sees.
     *
     * @param batch samples of a step; the size of the data set for full batches, which are not shuffled
     * @param micro samples worked on at once
     * @param coupled batch norm may normalise per micro-batch
     */
    record Cut(int batch, int micro, boolean dropLast, boolean coupled) {
        Cut {
            if (batch < 1 || micro < 1) {
                throw new IllegalArgumentException(
                        "training: batch and micro-batch sizes are at least 1, got " + batch + " and " + micro);
            }
        }
    }

    private Training(
            Network network,
            PerSampleLoss loss,
            Dataset data,
            Cut cut,
            Optimizer optimizer,
            LearningRate rate,
            GradientClip clip,
            List<Probe> probes) {
        this.network = network;
        this.loss = loss;
        this.data = data;
        this.cut = cut;
        this.optimizer = optimizer;
        this.rate = rate;
        this.clip = clip;
        this.probes = List.copyOf(probes);
    }

    /** With the defaults. */
    public static Training of(Network network, PerSampleLoss loss, Dataset data) {
        return new Training(
                network,
                loss,
                data,
                new Cut(data.size(), data.size(), false, false),
                Optimizer.gradientDescent(),
                LearningRate.constant(0.01),
                GradientClip.none(),
                List.of());
    }

    private Training with(Cut newCut) {
        return new Training(network, loss, data, newCut, optimizer, rate, clip, probes);
    }

    /** Every step sees all samples, in their order. */
    public Training fullBatch() {
        return with(new Cut(data.size(), cut.micro, false, cut.coupled));
    }

    /**
     * Every step sees this many samples, in an order that is drawn anew each epoch; the last batch of an epoch may have
     * fewer.
     */
    public Training miniBatches(int size) {
        return miniBatches(size, false);
    }

    /**
     * Every step sees this many samples, in an order that is drawn anew each epoch.
     *
     * @param dropLast leaves out a last batch that is not full
     */
    public Training miniBatches(int size, boolean dropLast) {
        if (size > data.size()) {
            throw new IllegalArgumentException("training: batches of " + size + " need as many examples, data set '"
                    + data.name() + "' has " + data.size());
        }
        return with(new Cut(size, cut.micro, dropLast, cut.coupled));
    }

    /** The samples of a step are worked on in pieces of this size: less memory, the same loss. */
    public Training microBatches(int size) {
        return with(new Cut(cut.batch, size, cut.dropLast, cut.coupled));
    }

    /** Lets batch norm normalise within each micro-batch, which is another loss than that of the whole batch. */
    public Training normalisingPerMicroBatch() {
        return with(new Cut(cut.batch, cut.micro, cut.dropLast, true));
    }

    public Training optimizer(Optimizer newOptimizer) {
        return new Training(network, loss, data, cut, newOptimizer, rate, clip, probes);
    }

    public Training learningRate(LearningRate newRate) {
        return new Training(network, loss, data, cut, optimizer, newRate, clip, probes);
    }

    /** A constant learning rate. */
    public Training learningRate(double constant) {
        return learningRate(LearningRate.constant(constant));
    }

    /** Scales longer gradients down to this norm before they move the weights; probes see them as they were. */
    public Training clip(double maxNorm) {
        return new Training(network, loss, data, cut, optimizer, rate, new GradientClip(maxNorm), probes);
    }

    /**
     * Adds an observer.
     *
     * @throws IllegalArgumentException when another one has its name
     */
    public Training probe(Probe probe) {
        List<Probe> more = new ArrayList<>(probes);
        more.add(probe);
        Set<String> names = new HashSet<>();
        for (Probe each : more) {
            if (!names.add(each.name())) {
                throw new IllegalArgumentException("training: two probes are called '" + each.name() + "'");
            }
        }
        return new Training(network, loss, data, cut, optimizer, rate, clip, more);
    }

    /**
     * Makes first weights and optimizer state in {@code model}.
     *
     * @param rng key of everything random: first weights, order of samples, dropout
     */
    public Trainer start(Scope model, DType dtype, Rng rng) {
        ParameterVector weights = network.init(model, dtype, rng.fold("init"));
        return start(model, weights, network.initStatistics(model, dtype), rng);
    }

    /** Trains these weights and statistics, in place; optimizer state is born in {@code model}. */
    public Trainer start(Scope model, ParameterVector weights, Statistics statistics, Rng rng) {
        return new Trainer(this, model, weights, statistics, rng);
    }
}
