package dev.seiche.examples;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.LossProbe;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.coherence.SampleProbe;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.ConfusionProbe;
import dev.seiche.metrics.curvature.BatchSharpnessProbe;
import dev.seiche.metrics.curvature.CurvatureProbe;
import dev.seiche.metrics.curvature.HessianTrace;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.metrics.curvature.SpectralDensity;
import dev.seiche.metrics.example.ExampleProbe;
import dev.seiche.metrics.example.ForgettingProbe;
import dev.seiche.metrics.example.InfluenceProbe;
import dev.seiche.metrics.example.TracInProbe;
import dev.seiche.metrics.kernel.KernelProbe;
import dev.seiche.metrics.landscape.LossChangeProbe;
import dev.seiche.metrics.landscape.StepScanProbe;
import dev.seiche.metrics.opposing.OpposingProbe;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.metrics.output.FeatureProbe;
import dev.seiche.metrics.output.InputProbe;
import dev.seiche.metrics.output.ProbeInputs;
import dev.seiche.metrics.output.ShatteringProbe;
import dev.seiche.metrics.preset.Preset;
import dev.seiche.metrics.tail.GradientNoise;
import dev.seiche.metrics.tail.IterateProbe;
import dev.seiche.metrics.tail.NoiseSampling;
import dev.seiche.metrics.tail.TailProbe;
import dev.seiche.metrics.tail.TailReading;
import dev.seiche.metrics.weight.WeightProbe;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSampleLoss;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.List;
import java.util.function.Consumer;

/** The examples of the page on metrics, between marks that its test finds. */
final class MeasureTraining {
    private final Network network;
    private final PerSampleLoss loss;
    private final Dataset data;
    private final Scope model;
    private final MetricTable table = new MetricTable();

    MeasureTraining(Network network, PerSampleLoss loss, Dataset data, Scope model) {
        this.network = network;
        this.loss = loss;
        this.data = data;
        this.model = model;
    }

    MetricTable preset(Training training) {
        // preset begins
        BatchGradients source = BatchGradients.of(network, loss, data);
        try (MetricSet metrics = Preset.BUSINESS.open(source, model, table)) {
            training.probe(metrics).start(model, DType.F32, Rng.seed(1)).run(200);
        }
        // preset ends
        return table;
    }

    MetricTable samples(Training training) {
        // samples begins
        SampleProbe samples = new SampleProbe(32, Schedule.every(10), table);
        training.probe(samples).start(model, DType.F32, Rng.seed(1)).run(100);
        // samples ends
        return table;
    }

    MetricTable confusion(Training training) {
        // confusion begins
        BatchGradients source = BatchGradients.of(network, loss, data);
        BatchPairs pairs = new BatchPairs(32, 100);
        var confusion = new ConfusionProbe(source, pairs, Schedule.every(50), Rng.seed(2), table);
        training.probe(confusion).start(model, DType.F32, Rng.seed(1)).run(100);
        // confusion ends
        return table;
    }

    MetricTable tail(Training training) {
        // tail begins
        BatchGradients source = BatchGradients.of(network, loss, data);
        TailProbe.Options options = TailProbe.Options.of(32);
        var tail = new TailProbe(source, options, Schedule.every(50), Rng.seed(2), table);
        training.probe(tail).start(model, DType.F32, Rng.seed(1)).run(100);
        // tail ends
        return table;
    }

    OpposingProbe opposing(Training training) {
        // opposing begins
        BatchGradients source = BatchGradients.of(network, loss, data);
        OpposingProbe opposing = OpposingProbe.of(source, table);
        training.fullBatch()
                .probe(opposing)
                .start(model, DType.F64, Rng.seed(1))
                .run(150);
        // opposing ends
        return opposing;
    }

    MetricTable sharpness(Training training) {
        // sharpness begins
        try (var sharpness = SharpnessProbe.every(20, network.parameters(), model, table)) {
            training.probe(sharpness).start(model, DType.F64, Rng.seed(1)).run(100);
        }
        // sharpness ends
        return table;
    }

    List<Metric> each() {
        // each begins
        BatchGradients source = BatchGradients.of(network, loss, data);
        Schedule often = Schedule.every(50);
        List<Metric> metrics = List.of(
                new LossProbe(Schedule.everyStep(), table),
                OscillationProbe.of(network.parameters(), model, table),
                OpposingProbe.of(source, table), // full batches only
                new ForgettingProbe(table), // full batches only
                new InputProbe(source, ProbeInputs.colours(data, model), Schedule.everyStep(), table),
                new FeatureProbe(source, 1000, often, table),
                new SampleProbe(64, often, table),
                new ExampleProbe(source, 64, often, table),
                new TracInProbe(source, 64, 50, table),
                new InfluenceProbe(source, InfluenceProbe.Options.defaults(), often, table),
                new KernelProbe(source, 16, often, table),
                new ConfusionProbe(source, new BatchPairs(32, 100), often, Rng.seed(2), table),
                new TailProbe(source, TailProbe.Options.of(32), often, Rng.seed(2), table),
                new IterateProbe(network.parameters(), 100, model, table),
                SharpnessProbe.every(50, network.parameters(), model, table),
                new CurvatureProbe(CurvatureProbe.Options.defaults(), often, Rng.seed(2), table),
                new BatchSharpnessProbe(source, 32, 10, often, Rng.seed(2), table),
                new StepScanProbe(often, table),
                new WeightProbe(often, table),
                new ShatteringProbe(source, often, table),
                new LossChangeProbe(network.parameters(), model, table));
        // each ends
        return metrics;
    }

    Scope model() {
        return model;
    }

    MetricTable table() {
        return table;
    }

    Training training() {
        return Training.of(network, loss, data).miniBatches(32).learningRate(0.1);
    }

    void frozen(ParameterVector weights, Consumer<String> print) {
        // frozen begins
        try (Scope step = model.child("look")) {
            Objective objective = Objective.of(network, loss, data, 256, step, weights.dtype());
            LinearOperator hessian = (v, into) -> objective.hvp(weights, v, into);
            LinearOperator gaussNewton = (v, into) -> objective.gaussNewton(weights, v, into);
            HessianTrace trace = HessianTrace.hutchPlusPlus(hessian, weights, 60, Rng.seed(3), step);
            SpectralDensity density = SpectralDensity.of(gaussNewton, weights, 30, 4, Rng.seed(4), step);
            BatchGradients source = BatchGradients.of(network, loss, data);
            GradientNoise noise = NoiseSampling.of(32).random(source, 128, weights, Rng.seed(5), step);
            TailReading tail = TailReading.of(noise, 4, Rng.seed(6));
            print.accept("trace %.3g +- %.2g".formatted(trace.trace(), trace.standardError()));
            print.accept("mean Gauss-Newton eigenvalue %.3g".formatted(density.moment(1)));
            print.accept("tail index %.2f as published, %.2f corrected".formatted(tail.official(), tail.corrected()));
            print.accept("the same of Gaussian noise: %.2f, %.2f".formatted(tail.officialNull(), tail.correctedNull()));
        }
        // frozen ends
    }
}
