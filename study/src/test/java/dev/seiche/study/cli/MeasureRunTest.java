package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.study.run.MetricsFile;
import dev.seiche.study.run.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code seiche measure --run}: metrics at weights that another run wrote. */
class MeasureRunTest {
    private static final String TRAINING = "training/seed=1/";

    @TempDir
    private Path directory = Path.of("");

    private static String told(int code, Object... words) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(told, true, StandardCharsets.UTF_8);
        String[] args = Stream.of(words).map(String::valueOf).toArray(String[]::new);
        assertThat(SeicheCli.execute(args, SeicheCli.shipped(), new Console(to, to, false, System::nanoTime)))
                .as(told.toString(StandardCharsets.UTF_8))
                .isEqualTo(code);
        return told.toString(StandardCharsets.UTF_8);
    }

    private static MetricsFile.Column column(Path run, String name) {
        return RunDirectory.read(run).metrics().column(name).orElseThrow();
    }

    @Test
    void weightsThatARunKeptMeasureWhatTheRunMeasured() {
        Path trained = directory.resolve("trained");
        told(
                0,
                "measure",
                "--metrics",
                "loss,sharpness@4",
                "data.samples=40",
                "data.shrink=4",
                "network.width=8",
                "network.norm=batch",
                "train.rate=0.3",
                "train.batch=0",
                "train.steps=12",
                "train.dtype=f64",
                "train.checkpointEvery=4",
                "train.keepWeights=true",
                "--out",
                trained);
        double[] losses = column(trained, TRAINING + "loss").values();
        double[] sharpness = column(trained, TRAINING + "sharpness").values();
        for (int step : new int[] {4, 8}) {
            Path out = directory.resolve("at-" + step);
            told(0, "measure", "--run", trained, "--step", step, "--metrics", "loss,sharpness", "--out", out);
            assertThat(column(out, TRAINING + "loss").values()).containsExactly(losses[step]);
            // another start of the search: eigenvalues agree to its tolerance
            assertThat(column(out, TRAINING + "sharpness").values()[0])
                    .isCloseTo(sharpness[step / 4], within(1e-2 * sharpness[step / 4]));
            assertThat(RunDirectory.read(out).record().config().get("train"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("rate", 0.3)
                    .containsEntry("batch", 0);
        }
        Path last = directory.resolve("last");
        String text =
                told(0, "measure", "--run", trained, "--metrics", "fisher/top,loss", "train.rate=0.1", "--out", last);
        assertThat(text).contains("training-seed-1-weights of", "after 12 steps", "fisher/top");
        assertThat(column(last, TRAINING + "loss").values()[0]).isLessThan(losses[8]);
        assertThat(told(2, "measure", "--run", trained, "--step", 5, "--metrics", "loss", "--out", last + "5"))
                .contains(
                        "no weights of step 5, but",
                        "training-seed-1-weights-at-8 (step 8), training-seed-1-weights (step 12)");
        assertThat(told(2, "measure", "--step", 5, "--metrics", "loss")).contains("give it with --run DIR");
        assertThat(told(
                        2,
                        "measure",
                        "--run",
                        trained,
                        "network.width=9",
                        "--metrics",
                        "loss",
                        "--out",
                        directory.resolve("wide")))
                .contains("but the network needs", "use the data and the network of these weights");
    }

    @Test
    void runsOfOtherStudiesAreMeasuredToo() {
        Path oscillation = directory.resolve("oscillation");
        told(
                0,
                "run",
                "oscillation",
                "data.samples=20",
                "network.hidden=[6,6]",
                "train.rates=[0.05,0.1]",
                "train.steps=4",
                "measure.sharpnessEvery=0",
                "--out",
                oscillation);
        assertThat(told(2, "measure", "--run", oscillation, "--metrics", "loss", "--out", directory.resolve("none")))
                .contains("holds several weights", "weights-lr-0.05 (step 4), weights-lr-0.1 (step 4)", "--weights");
        Path out = directory.resolve("measured");
        told(
                0,
                "measure",
                "--run",
                oscillation,
                "--weights",
                "weights-lr-0.1",
                "--metrics",
                "loss,landscape",
                "--out",
                out);
        double[] losses = column(oscillation, "lr=0.1/loss").values();
        // the same loss, summed over other micro-batches
        assertThat(column(out, TRAINING + "loss").values()[0]).isCloseTo(losses[4], within(1e-5));
        assertThat(RunDirectory.read(out).record().config().get("network"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsAllEntriesOf(Map.of("kind", "mlp", "depth", 2, "width", 6));

        Path edge = directory.resolve("edge");
        told(
                0,
                "run",
                "edge-of-stability",
                "data.samples=20",
                "data.shrink=4",
                "network.width=6",
                "train.steps=5",
                "train.sharpnessEvery=0",
                "arms.rates=[0.1]",
                "arms.polyak=[]",
                "arms.nesterov=[]",
                "arms.crossEntropy=[]",
                "seeds=1",
                "--out",
                edge);
        assertThat(told(
                        0,
                        "measure",
                        "--run",
                        edge,
                        "--metrics",
                        "samples,sharpness",
                        "--out",
                        directory.resolve("of-edge")))
                .contains("coherence/m", "eta_sharpness");
        Path gram = directory.resolve("gram");
        told(0, "gram", "--data", "synthetic", "--samples", 8, "--model", "mlp:4", "--out", gram);
        assertThat(told(2, "measure", "--run", gram, "--metrics", "loss")).contains("which trains no network");
    }
}
