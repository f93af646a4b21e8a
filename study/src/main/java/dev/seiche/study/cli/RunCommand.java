package dev.seiche.study.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code seiche run}: a new run of a study. */
@Command(name = "run", description = "Runs a study and draws its report.")
final class RunCommand implements Callable<Integer> {
    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Parameters(index = "0", paramLabel = "STUDY", description = "A study or a preset; see 'seiche list'.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Values on top of the study's own.")
    private List<String> overrides = new ArrayList<>();

    @Mixin
    private StudyOptions options = new StudyOptions();

    RunCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        return options.run(studies.choose(name), null, overrides, new Execution(console, stop));
    }
}
