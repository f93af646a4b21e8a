package dev.seiche.study.cli;

import dev.seiche.study.Study;
import dev.seiche.study.StudyException;
import dev.seiche.study.UserException;
import dev.seiche.study.report.HtmlReport;
import dev.seiche.study.report.Page;
import dev.seiche.study.report.PngReport;
import dev.seiche.study.report.RunReport;
import dev.seiche.study.report.TextTable;
import dev.seiche.study.run.ActiveRun;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.run.RunStatus;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;

/** Runs a study in a run directory and draws its report, for {@code run} and {@code resume} alike. */
final class Execution {
    /** With the two blanks in front a little wider than a small terminal, so that few cells wrap. */
    private static final int TABLE_WIDTH = 98;

    private final Console console;
    private final StopSignal stop;

    Execution(Console console, StopSignal stop) {
        this.console = console;
        this.stop = stop;
    }

    /**
     * Runs to an end of whatever kind; the report shows what was measured until then.
     *
     * @param open starts or resumes the run in the surroundings given
     * @return exit code
     */
    <C extends Record> int run(
            Study<C> study, C config, RunReport report, Function<ActiveRun.Surroundings, ActiveRun> open) {
        Progress progress = new Progress(console);
        Path directory;
        StudyException failure = null;
        stop.arm();
        try (ActiveRun run =
                open.apply(new ActiveRun.Surroundings(progress, stop::requested, InstantSource.system()))) {
            directory = run.directory();
            console.err().println("run " + directory);
            try {
                run.execute(study, config);
            } catch (StudyException e) {
                failure = e;
            }
        } finally {
            progress.finish();
        }
        if (failure != null) {
            drawAfter(failure, report, directory);
            throw failure;
        }
        draw(report, directory);
        return 0;
    }

    /** Shows what was measured until then; what went wrong before matters more than what goes wrong here. */
    private void drawAfter(StudyException failure, RunReport report, Path directory) {
        if (failure instanceof UserException) {
            return;
        }
        try {
            draw(report, directory);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Draws the report of a run and prints its tables. */
    void draw(RunReport report, Path directory) {
        RunDirectory run = RunDirectory.read(directory);
        Page page = report.page(run);
        Path html = directory.resolve("report.html");
        HtmlReport.write(page, html);
        for (var table : page.tables()) {
            console.out().println(table.title());
            TextTable.lines(table, TABLE_WIDTH).forEach(line -> console.out().println("  " + line));
            console.out().println();
        }
        if (run.record().status() != RunStatus.COMPLETED) {
            console.out().println("status   " + run.statusInWords());
        }
        console.out().println("report   " + html);
        if (stop.requested()) {
            // Java does not begin to draw while it shuts down.
            console.out().println("'seiche report " + directory + "' draws the pictures");
        } else {
            pictures(page, directory.resolve("png"));
        }
    }

    private void pictures(Page page, Path directory) {
        try {
            PngReport.write(page, directory);
            console.out().println("pictures " + directory);
        } catch (StudyException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Java cannot draw text on a system without fonts; the HTML report does not need them.
            console.err()
                    .println("no PNG pictures: this Java cannot draw here (" + e + "); install fontconfig and a font");
        }
    }
}
