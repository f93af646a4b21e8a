package dev.seiche.study.cli;

import dev.seiche.study.UserException;
import dev.seiche.study.measure.MeasureExperiment;
import dev.seiche.study.measure.StoredRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche measure}: the study of that name, with its metrics as options. */
@Command(
        name = "measure",
        description = {
            "Trains a network and measures what is asked for, at every step that it asks,",
            "or measures at weights that a run wrote: --run DIR.",
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

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "Begins with weights of this run, on its data, with its network and loss, full batches and one"
                            + " step; KEY=VALUE as ever.")
    private @Nullable Path run;

    @Option(
            names = "--step",
            paramLabel = "N",
            description = "Of the run: the weights after so many steps of a training.")
    private @Nullable Long step;

    @Option(
            names = "--weights",
            paramLabel = "NAME",
            description = "Of the run: the weights in this file of its arrays or checkpoints.")
    private String weights = "";

    @Mixin
    private StudyOptions options = new StudyOptions();

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
        Studies.Choice choice = studies.choose(new MeasureExperiment().name());
        Execution execution = new Execution(console, stop);
        if (run == null) {
            if (step != null || !weights.isEmpty()) {
                throw new UserException("--step and --weights say which weights of a run; give it with --run DIR");
            }
            return options.run(choice, null, words, execution);
        }
        StoredRun stored = StoredRun.read(run, weights, step);
        return options.run(choice.under(stored.values()), stored.data().orElse(null), words, execution);
    }
}
