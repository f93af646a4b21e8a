package dev.seiche.study.measure;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.preset.Preset;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.DataPlaces;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.data.Standardisation;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.Flatten;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.MaxPool2d;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.UserException;
import dev.seiche.study.report.Digits;
import dev.seiche.study.run.DiskFault;
import dev.seiche.study.run.Platform;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Times the presets: the same training without metrics and with each preset, in windows that take turns, so that what else
 * the machine does falls on all of them. A window has as many steps as lie between two measurements of a preset.
 */
public final class Overhead {
    private static final String BEGIN = "<!-- overhead:begin -->\n";
    private static final String END = "<!-- overhead:end -->";
    private static final int WINDOW = 50;
    private static final int ROUNDS = 3;

    private Overhead() {}

    private record Case(String title, Network network, int batch) {}

    private static List<Case> cases() {
        Sequential convolutional = Sequential.of(
                Conv2d.of(1, 16, 3, 1, 1),
                Activation.RELU,
                MaxPool2d.of(2),
                Conv2d.of(16, 32, 3, 1, 1),
                Activation.RELU,
                MaxPool2d.of(2),
                new Flatten(),
                Linear.of(7 * 7 * 32, 64),
                Activation.RELU,
                Linear.of(64, 10));
        return List.of(
                new Case("MLP 784-512-512-10, batch 128", Network.of(Mlp.of(784, 512, 512, 10)), 128),
                new Case("CNN 28x28, conv 16 and 32, dense 64, batch 64", Network.of(convolutional), 64));
    }

    /** One training that is timed; closes its metrics and its memory. */
    private static final class Timed implements AutoCloseable {
        private final Scope scope;
        private final MetricSet metrics;
        private final Trainer trainer;
        private final double[] milliseconds = new double[ROUNDS];

        Timed(CpuBackend cpu, Case one, Dataset data, @Nullable Preset preset) {
            scope = Scope.root(cpu, one.title());
            BatchGradients source = BatchGradients.of(one.network(), Loss.CROSS_ENTROPY, data);
            metrics = preset == null ? MetricSet.of() : preset.open(source, scope, (step, name, value) -> {});
            trainer = Training.of(one.network(), Loss.CROSS_ENTROPY, data)
                    .miniBatches(one.batch(), true)
                    .learningRate(0.05)
                    .probe(metrics)
                    .start(scope, DType.F32, Rng.seed(1));
        }

        double window() {
            long begin = System.nanoTime();
            trainer.run(trainer.step() + WINDOW);
            return (System.nanoTime() - begin) / 1e6 / WINDOW;
        }

        @Override
        public void close() {
            metrics.close();
            scope.close();
        }
    }

    /**
     * The table, as Markdown.
     *
     * @param tell hears how far it is
     */
    public static String table(Consumer<String> tell) {
        LabelledImages images = ImageSets.load("fashion-mnist-1k", DataPlaces.of(null, Map.of(), Path.of(".")))
                .train();
        Dataset data = images.dataset("images", Standardisation.global(images));
        StringBuilder table = new StringBuilder();
        Platform here = Platform.here("cpu", Runtime.getRuntime().availableProcessors());
        table.append(here.cpu() + ", " + here.cores() + " cores, Java " + here.java() + ". ")
                .append(
                        "Milliseconds a step, the median of " + ROUNDS + " windows of " + WINDOW
                                + " steps, in turn with windows without metrics; behind it how many times as long a step takes"
                                + " (smallest and largest of the windows). `./seiche metrics --overhead --write docs/metrics.md`\n\n")
                .append("| training, f32 | no metrics | economy | business | full |\n|---|--:|--:|--:|--:|\n");
        try (CpuBackend cpu = CpuBackend.open()) {
            for (Case one : cases()) {
                tell.accept(one.title());
                table.append("| ")
                        .append(one.title())
                        .append(row(cpu, one, data, tell))
                        .append(" |\n");
            }
        }
        return table.toString();
    }

    private static String row(CpuBackend cpu, Case one, Dataset data, Consumer<String> tell) {
        List<Timed> timed = new ArrayList<>();
        try {
            timed.add(new Timed(cpu, one, data, null));
            for (Preset preset : Preset.values()) {
                timed.add(new Timed(cpu, one, data, preset));
            }
            timed.forEach(Timed::window); // code is compiled
            for (int round = 0; round < ROUNDS; round++) {
                for (Timed each : timed) {
                    each.milliseconds[round] = each.window();
                }
                tell.accept("  window " + (round + 1) + " of " + ROUNDS);
            }
            double[] plain = timed.get(0).milliseconds;
            StringBuilder row = new StringBuilder(" | " + Digits.of(Summary.median(plain)));
            for (Timed each : timed.subList(1, timed.size())) {
                double[] ratios = new double[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    ratios[round] = each.milliseconds[round] / plain[round];
                }
                Summary spread = Summary.of(ratios);
                row.append(String.format(
                        Locale.ROOT,
                        " | %s, x %.2f (%.2f to %.2f)",
                        Digits.of(Summary.median(each.milliseconds)),
                        spread.median(),
                        spread.min(),
                        spread.max()));
            }
            return row.toString();
        } finally {
            for (int i = timed.size() - 1; i >= 0; i--) {
                timed.get(i).close();
            }
        }
    }

    /**
     * Puts the table between its markers.
     *
     * @throws UserException where the file cannot be read or has no markers
     */
    public static void write(Path file, String table) {
        try {
            String old = Files.readString(file);
            int begin = old.indexOf(BEGIN);
            int end = old.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new UserException("%s has no place for the table: it needs the lines %s and %s, in this order"
                        .formatted(file, BEGIN.strip(), END));
            }
            Files.writeString(file, old.substring(0, begin + BEGIN.length()) + table + old.substring(end));
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        }
    }
}
