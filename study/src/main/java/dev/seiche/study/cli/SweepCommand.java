package dev.seiche.study.cli;

import dev.seiche.study.Devices;
import dev.seiche.study.Study;
import dev.seiche.study.UserException;
import dev.seiche.study.report.HtmlReport;
import dev.seiche.study.report.Page;
import dev.seiche.study.report.TextTable;
import dev.seiche.study.sweep.Scheduler;
import dev.seiche.study.sweep.SweepAxis;
import dev.seiche.study.sweep.SweepPlan;
import dev.seiche.study.sweep.SweepReport;
import dev.seiche.study.sweep.SweepTable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche sweep}: a study for every combination of some settings. */
@Command(
        name = "sweep",
        description = "Runs a study for every combination of some settings, a process each, and joins the results."
                + " Given the same directory again, it goes on where it was.")
final class SweepCommand implements Callable<Integer> {
    private static final int TABLE_WIDTH = 98;
    private static final int MOST_JOBS = 256;

    /** Some trials failed or diverged; the rest is joined. */
    private static final int SOME_FAILED = 3;

    private static final int STOPPED = 130;

    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Parameters(index = "0", arity = "0..1", paramLabel = "STUDY", description = "A study or a preset.")
    private @Nullable String name;

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=A,B",
            description = "Values to try, a comma between them: network.depth=2,4 seed=0..4. A list stays one value:"
                    + " rates=[0.1,0.2].")
    private List<String> words = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the sweep lies (default: runs/sweep-ID).")
    private @Nullable Path out;

    @Option(names = "--jobs", paramLabel = "N", description = "Processes at a time (default: 1).")
    private int jobs = 1;

    @Option(names = "--gpus", paramLabel = "N", description = "Spreads jobs over this many GPUs (default: none).")
    private int gpus;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the data sets are.")
    private @Nullable Path data;

    @Option(names = "--device", paramLabel = "NAME", description = LaunchOptions.DEVICES)
    private String device = "cpu";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads of each job (default: an equal share).")
    private @Nullable Integer threads;

    SweepCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > MOST_JOBS || gpus < 0) {
            throw new UserException("--jobs must lie between 1 and %d and --gpus be at least 0, got %d and %d"
                    .formatted(MOST_JOBS, jobs, gpus));
        }
        Path directory = out == null ? Path.of("runs", "sweep-" + id()) : out;
        SweepPlan plan = plan(directory);
        stop.arm();
        Scheduler scheduler = new Scheduler(
                plan,
                directory,
                new Scheduler.Options(jobs, gpus, program(), stop::requested),
                line -> console.err().println(line));
        console.err().println("sweep " + directory);
        Map<Integer, String> failed = scheduler.run();
        SweepTable table = SweepTable.read(plan, directory);
        table.write(directory.resolve("table.csv"));
        Page page = SweepReport.page(plan, table);
        HtmlReport.write(page, directory.resolve("report.html"));
        for (var each : page.tables()) {
            console.out().println(each.title());
            TextTable.lines(each, TABLE_WIDTH).forEach(line -> console.out().println("  " + line));
            console.out().println();
        }
        failed.forEach((trial, why) -> console.out().println("trial " + trial + " " + why));
        console.out().println("table    " + directory.resolve("table.csv"));
        console.out().println("report   " + directory.resolve("report.html"));
        if (stop.requested()) {
            console.out().println("stopped; 'seiche sweep --out " + directory + "' goes on");
            return STOPPED;
        }
        boolean all = table.rows().stream().allMatch(row -> row.status().equals("completed"));
        return all ? 0 : SOME_FAILED;
    }

    private SweepPlan plan(Path directory) {
        String study = name;
        if (study == null) {
            if (out == null || !SweepPlan.isIn(directory)) {
                throw new UserException("name a study and what to sweep, as in 'seiche sweep oscillation"
                        + " network.activation=tanh,relu seed=0..2', or the --out DIR of a sweep to go on with");
            }
            return SweepPlan.read(directory);
        }
        Studies.Choice choice = studies.choose(study);
        Collection<String> known = keys(choice, choice.offer().study());
        List<SweepAxis> axes =
                words.stream().map(word -> SweepAxis.read(word, known)).toList();
        Devices.require(device);
        List<String> options = new ArrayList<>(List.of("--device", device));
        int share = threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / jobs) : threads;
        options.addAll(List.of("--threads", Integer.toString(share)));
        if (data != null) {
            options.addAll(List.of("--data", data.toAbsolutePath().toString()));
        }
        SweepPlan plan = SweepPlan.of(study, axes, options);
        if (SweepPlan.isIn(directory)) {
            SweepPlan there = SweepPlan.read(directory);
            if (!there.study().equals(plan.study()) || !there.axes().equals(plan.axes())) {
                throw new UserException("%s holds another sweep, of %s over %s; choose another directory with --out DIR"
                        .formatted(
                                directory,
                                there.study(),
                                there.axes().stream().map(SweepAxis::key).toList()));
            }
            return there;
        }
        plan.write(directory);
        return plan;
    }

    private static <C extends Record> Collection<String> keys(Studies.Choice choice, Study<C> study) {
        return Launch.bind(choice, study, null, List.of()).origins().keySet();
    }

    /** The command that started this process, up to the main class. */
    private static List<String> program() {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), SeicheCli.class.getName()));
        return program;
    }

    private static String id() {
        return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
    }
}
