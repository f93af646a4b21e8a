package dev.seiche.study.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with values, below KEY=VALUE.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the data sets are.")
    private @Nullable Path data;

    @Mixin
    private LaunchOptions options = new LaunchOptions();

    RunCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        return options.launch(data).run(studies.choose(name), config, overrides, new Execution(console, stop));
    }
}
