package dev.seiche.study.cli;

import dev.seiche.study.measure.MeasureExperiment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche measure}: the study of that name, with its metrics as options. */
@Command(
        name = "measure",
        description = {
            "Trains a network and measures what is asked for, at every step that it asks.",
            "'seiche metrics' lists what there is, 'seiche show measure' the other settings."
        })
final class MeasureCommand implements Callable<Integer> {
    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Parameters(index = "0..*", paramLabel = "KEY=VALUE", description = "Data, network, training: train.steps=100.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--metrics",
            split = ",",
            paramLabel = "NAME[@STEPS]",
            description = "Names of measures or of their entries; @10 measures at every 10th step.")
    private List<String> metrics = new ArrayList<>();

    @Option(names = "--preset", paramLabel = "NAME", description = "economy, business or full.")
    private @Nullable String preset;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with values, below KEY=VALUE.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the data sets are.")
    private @Nullable Path data;

    @Option(names = "--out", paramLabel = "DIR", description = "A new or empty directory (default: runs/ID).")
    private @Nullable Path out;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "What computes: cpu (default), cuda:0 for the first GPU, or emulated.")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads (default: all processors).")
    private @Nullable Integer threads;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all randomness (default: 1).")
    private long seed = 1;

    MeasureCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        metrics.forEach(MeasureExperiment::requireKnown);
        List<String> words = new ArrayList<>(overrides);
        if (preset != null) {
            words.add("metrics.preset=" + preset);
        }
        if (!metrics.isEmpty()) {
            words.add("metrics.names=['" + String.join("','", metrics) + "']");
        }
        return new Launch(data, out, device, threads, seed)
                .run(studies.choose(new MeasureExperiment().name()), config, words, new Execution(console, stop));
    }
}
