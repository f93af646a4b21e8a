package dev.seiche.study.cli;

import dev.seiche.study.Devices;
import dev.seiche.study.Study;
import dev.seiche.study.config.Config;
import dev.seiche.study.run.ActiveRun;
import dev.seiche.study.run.Platform;
import dev.seiche.study.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code seiche resume}: goes on with a run that was interrupted. */
@Command(name = "resume", description = "Goes on with an interrupted run and ends with the same bits.")
final class ResumeCommand implements Callable<Integer> {
    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Parameters(index = "0", paramLabel = "RUN", description = "Directory of a run.")
    private Path directory = Path.of("");

    ResumeCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        RunDirectory before = RunDirectory.read(directory);
        Studies.Offer offer = studies.study(before.record().study());
        return resume(offer, offer.study(), before);
    }

    private <C extends Record> int resume(Studies.Offer offer, Study<C> study, RunDirectory before) {
        Platform then = before.record().platform();
        Devices.require(then.device());
        Platform now = Platform.here(then.device(), then.threads());
        if (!now.equals(then)) {
            console.err().println("note: the run began on another build or machine; its bits may differ from here on");
        }
        Config<C> config =
                Config.bind(study.configType(), List.of(Config.Layer.file("run.json", before.configText())), List.of());
        return new Execution(console, stop)
                .run(study, config.value(), offer.report(), around -> ActiveRun.resume(directory, now, around));
    }
}
