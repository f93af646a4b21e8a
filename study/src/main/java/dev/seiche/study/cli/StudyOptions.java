package dev.seiche.study.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that run a study by its configuration. */
final class StudyOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML with values, below KEY=VALUE.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the data sets are.")
    private @Nullable Path data;

    @Mixin
    private LaunchOptions launch = new LaunchOptions();

    /**
     * Runs a study with these values on top of its own.
     *
     * @param usual where the data sets are, unless {@code --data} says something else; null for the usual places
     */
    int run(Studies.Choice choice, @Nullable Path usual, List<String> overrides, Execution execution) {
        return launch.launch(data == null ? usual : data).run(choice, config, overrides, execution);
    }
}
