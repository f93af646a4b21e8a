package dev.seiche.study.trial;

import dev.seiche.nn.train.DivergedException;
import dev.seiche.study.Checkpoint;
import dev.seiche.study.Devices;
import dev.seiche.study.RunContext;
import dev.seiche.study.Study;
import dev.seiche.study.trial.TrialResults.Outcome;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the trials of an experiment one after the other. A trial that diverges is recorded as failed and the others go on;
 * a resumed run skips those that are finished and goes on within the one that was under way.
 */
public final class TrialStudy<C extends Record, S> implements Study<C> {
    private final Experiment<C, S> experiment;

    public TrialStudy(Experiment<C, S> experiment) {
        this.experiment = experiment;
    }

    @Override
    public String name() {
        return experiment.name();
    }

    @Override
    public String description() {
        return experiment.description();
    }

    @Override
    public Class<C> configType() {
        return experiment.configType();
    }

    @Override
    public String defaults() {
        return experiment.defaults();
    }

    @Override
    public TrialResults run(C config, RunContext run) {
        S shared = experiment.prepare(config, run);
        List<Trial> trials = experiment.trials(config, run.seed());
        Ledger ledger = new Ledger(trials);
        Checkpoint from = run.resumedFrom().orElse(null);
        if (from != null) {
            ledger.read(from);
        }
        try (Backend device = Devices.open(run.device(), run.threads())) {
            for (int i = ledger.finished().size(); i < trials.size(); i++) {
                try (Scope scope = Scope.root(device, trials.get(i).name())) {
                    Workbench.Place place = new Workbench.Place(trials.get(i), i, trials.size());
                    Rng rng = Rng.seed(trials.get(i).seed()).fold(experiment.name());
                    Workbench bench = new Workbench(run, ledger, place, scope, rng, from);
                    from = null;
                    ledger.finish(measure(config, shared, trials.get(i), bench));
                }
                run.checkpoint(ledger.between());
                run.progress(
                        1000L * (i + 1), 1000L * trials.size(), trials.get(i).name() + " done");
            }
        }
        Outcomes outcomes = new Outcomes(ledger.finished());
        return new TrialResults(experiment.findings(config, outcomes), outcomes.all());
    }

    private Outcome measure(C config, S shared, Trial trial, Workbench bench) {
        String failed = attempt(config, shared, trial, bench);
        bench.flush();
        return new Outcome(trial.arm(), trial.settings(), trial.seed(), bench.numbers(), failed);
    }

    private @Nullable String attempt(C config, S shared, Trial trial, Workbench bench) {
        try {
            experiment.measure(config, shared, trial, bench);
            return null;
        } catch (DivergedException e) {
            bench.log("diverged: " + e.getMessage());
            return "diverged: " + e.getMessage();
        }
    }
}
