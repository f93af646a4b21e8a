package dev.seiche.study.cli;

import dev.seiche.study.run.RunDirectory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code seiche report}: draws a run again. */
@Command(name = "report", description = "Draws the report of a run again, also of one that did not end.")
final class ReportCommand implements Callable<Integer> {
    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Parameters(index = "0", paramLabel = "RUN", description = "Directory of a run.")
    private Path directory = Path.of("");

    ReportCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        RunDirectory run = RunDirectory.read(directory);
        new Execution(console, stop).draw(studies.study(run.record().study()).report(), directory);
        return 0;
    }
}
