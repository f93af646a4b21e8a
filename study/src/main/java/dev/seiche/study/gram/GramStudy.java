package dev.seiche.study.gram;

import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.metrics.gram.ClassBlocks;
import dev.seiche.metrics.gram.GramPlan;
import dev.seiche.metrics.gram.GramStream;
import dev.seiche.metrics.gram.GramSummary;
import dev.seiche.metrics.gram.NetworkGradients;
import dev.seiche.metrics.gram.PairStatistics;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.study.ArrayData;
import dev.seiche.study.Devices;
import dev.seiche.study.RunContext;
import dev.seiche.study.StoppedException;
import dev.seiche.study.Study;
import dev.seiche.study.UserException;
import dev.seiche.study.run.Build;
import dev.seiche.tensor.MeteredBackend;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How do the gradients of all pairs of samples lie to each other? Multiplies every two exactly, in tiles that go to disk as they
 * come, within a budget of memory; keeps extremes, quantiles, a histogram and means by class and layer.
 */
public final class GramStudy implements Study<GramConfig> {
    @Override
    public String name() {
        return "gram";
    }

    @Override
    public String description() {
        return "cosines of the gradients of all pairs of samples: extremes, quantiles, by class and by layer";
    }

    @Override
    public Class<GramConfig> configType() {
        return GramConfig.class;
    }

    @Override
    public String defaults() {
        return "gram.yaml";
    }

    @Override
    public GramResults run(GramConfig config, RunContext run) {
        long budget = ByteSize.parse("compute.budget", config.compute().budget());
        GramSetup setup = GramSetup.of(config, run);
        try (MeteredBackend device = new MeteredBackend(Devices.open(run.device(), run.threads()));
                Scope scope = Scope.root(device, "gram")) {
            NetworkGradients source = source(config, setup, run, scope);
            run.log("tensors are on %s; the JVM is not counted in their budget".formatted(device.name()));
            if (config.screen().buckets() > 0) {
                GramResults found = new ScreenedGram(config, setup, source, run).run(budget, scope);
                logMemory(run, device, budget);
                return found;
            }
            GramPlan plan = plan(source, config, budget, scope);
            plan.toString().lines().forEach(run::log);
            TileParts tiles = new TileParts(run, manifest(config, setup, source, plan, run.device()), plan.blocks());
            if (tiles.others() > 0) {
                run.log("%d tiles of other weights, data, settings or of another build are computed again"
                        .formatted(tiles.others()));
            }
            boolean done = new GramStream(
                            source, plan, Planner.standard(), config.keep().gram())
                    .run(tiles, new Steps(run), scope);
            logMemory(run, device, budget);
            if (!done) {
                throw new StoppedException("stopped between two tiles; those that are there stay");
            }
            GramSummary summary = GramSummary.of(source, plan, tiles);
            run.arrays("samples", arrays(setup, summary));
            return results(setup, plan, summary);
        }
    }

    private static void logMemory(RunContext run, MeteredBackend device, long budget) {
        run.log("tensors took %s at the most, of a budget of %s"
                .formatted(ByteSize.words(device.peakBytes()), ByteSize.words(budget)));
    }

    /** Shows tiles, and stops between two of them. */
    record Steps(RunContext run) implements GramStream.Progress {
        @Override
        public void tiles(long done, long all) {
            run.progress(done, all, "tiles");
        }

        @Override
        public boolean stop() {
            return run.stopRequested();
        }
    }

    private static NetworkGradients source(GramConfig config, GramSetup setup, RunContext run, Scope scope) {
        Rng key = Rng.seed(run.seed()).fold("gram");
        TrainedRun trained = setup.run();
        ParameterVector weights = trained == null
                ? setup.network().init(scope, setup.dtype(), key.fold("weights"))
                : trained.weights(config.model().weights(), setup.network(), setup.dtype(), scope);
        PerSample perSample = PerSample.of(setup.network(), setup.loss())
                .withStatistics(setup.network().initStatistics(scope, setup.dtype()));
        NetworkGradients source = NetworkGradients.of(perSample, weights, setup.data())
                .withLabels(setup.labels(), setup.classNames().size());
        return switch (config.model().batchNorm()) {
            case "exact" -> source.with(perSample.training(key, Coupling.EXACT)).coupling();
            case "contribution" ->
                source.with(perSample.training(key, Coupling.CONTRIBUTION)).coupling();
            default -> source;
        };
    }

    /** @throws UserException when the budget is too small */
    static GramPlan plan(NetworkGradients source, GramConfig config, long budget, Scope scope) {
        try {
            return GramPlan.of(
                    source, Planner.standard(), budget, config.compute().tile(), scope);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What a part is computed from. */
    static Map<String, String> manifest(
            GramConfig config, GramSetup setup, NetworkGradients source, GramPlan plan, String device) {
        MessageDigest parameters = sha256();
        source.weights().named().forEach((name, tensor) -> {
            parameters.update(name.getBytes(StandardCharsets.UTF_8));
            parameters.update(bytes(tensor));
        });
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put("parameters", HexFormat.of().formatHex(parameters.digest()));
        manifest.put("data", HexFormat.of().formatHex(sha256().digest(setup.dataKey())));
        manifest.put("model", config.model().toString());
        manifest.put("dtype", config.compute().dtype());
        manifest.put("batch_norm", config.model().batchNorm());
        manifest.put("samples", Integer.toString(plan.samples()));
        manifest.put("tile", Integer.toString(plan.tile()));
        manifest.put("working_bytes", Long.toString(plan.working()));
        manifest.put("values", Boolean.toString(config.keep().gram()));
        manifest.put("device", device);
        manifest.put("seiche", Build.version() + " " + Build.id());
        return manifest;
    }

    private static byte[] bytes(Tensor tensor) {
        double[] values = tensor.toDoubles();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    private static Map<String, ArrayData> arrays(GramSetup setup, GramSummary summary) {
        double[] norms = new double[summary.squaredNorms().length];
        for (int i = 0; i < norms.length; i++) {
            norms[i] = Math.sqrt(summary.squaredNorms()[i]);
        }
        return Map.of(
                "ids", ArrayData.of(setup.ids(), setup.ids().length),
                "labels", ArrayData.of(setup.labels(), setup.labels().length),
                "norms", ArrayData.of(norms, norms.length),
                "mean_cosines", ArrayData.of(summary.meanCosines(), norms.length));
    }

    private static GramResults results(GramSetup setup, GramPlan plan, GramSummary summary) {
        List<GramResults.Cosines> layers = new ArrayList<>();
        layers.add(cosines("all", summary.total(), setup));
        summary.layers().forEach((name, statistics) -> layers.add(cosines(name, statistics, setup)));
        ClassBlocks classes = summary.classes();
        List<List<Double>> means = new ArrayList<>();
        List<List<Double>> lowest = new ArrayList<>();
        for (int a = 0; a < classes.classes(); a++) {
            int row = a;
            means.add(row(classes.classes(), b -> classes.mean(row, b)));
            lowest.add(row(classes.classes(), b -> classes.lowest(row, b)));
        }
        return new GramResults(
                plan.samples(),
                plan.tiles(),
                plan.toString().lines().toList(),
                layers,
                setup.classNames(),
                means,
                lowest,
                null);
    }

    private static List<Double> row(int size, IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).boxed().toList();
    }

    private static GramResults.Cosines cosines(String name, PairStatistics statistics, GramSetup setup) {
        return new GramResults.Cosines(
                name,
                statistics.pairs(),
                statistics.undefined(),
                statistics.mean(),
                statistics.negativeShare(),
                statistics.lowest(),
                pair(statistics.lowestPair(), setup),
                statistics.highest(),
                pair(statistics.highestPair(), setup),
                GramResults.Cosines.SHARES.stream().map(statistics::quantile).toList(),
                Arrays.stream(statistics.histogram()).boxed().toList());
    }

    /** As places in the data set. */
    static List<Integer> pair(PairStatistics.Pair pair, GramSetup setup) {
        return pair.first() < 0 ? List.of() : List.of(setup.ids()[pair.first()], setup.ids()[pair.second()]);
    }
}
