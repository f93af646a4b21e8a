package dev.seiche.study.cli;

import dev.seiche.study.Study;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche show}: the configuration in force, as a file that {@code --config} takes. */
@Command(name = "show", description = "Prints the configuration that a run would have.")
final class ShowCommand implements Callable<Integer> {
    private final Studies studies;
    private final Console console;

    @Parameters(index = "0", paramLabel = "STUDY", description = "A study or a preset; see 'seiche list'.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Values on top of the study's own.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with values, below KEY=VALUE.")
    private @Nullable Path config;

    ShowCommand(Studies studies, Console console) {
        this.studies = studies;
        this.console = console;
    }

    @Override
    public Integer call() {
        Studies.Choice choice = studies.choose(name);
        show(choice, choice.offer().study());
        return 0;
    }

    private <C extends Record> void show(Studies.Choice choice, Study<C> study) {
        String yaml = Launch.bind(choice, study, config, overrides).resolved();
        console.out().println("# " + choice.name() + ": " + study.description());
        console.out().print(yaml);
    }
}
