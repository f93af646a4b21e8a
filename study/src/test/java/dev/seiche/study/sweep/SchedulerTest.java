package dev.seiche.study.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.report.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps of a study without an engine, in real processes. */
class SchedulerTest {
    private static final List<String> PROGRAM = List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.seiche.study.cli.WalkMain");

    /** Eight trials, four of which diverge. */
    private static final SweepPlan PLAN = SweepPlan.of(
            "walk",
            List.of(
                    new SweepAxis("divergeAt", List.of("-1", "12")),
                    new SweepAxis("seed", List.of("1", "2")),
                    new SweepAxis("steps", List.of("30", "40"))),
            List.of("--threads", "1"));

    @TempDir
    private Path directory = Path.of("");

    private final List<String> told = new ArrayList<>();

    private Map<Integer, String> run(Path sweep, int jobs, BooleanSupplier stop) {
        return new Scheduler(PLAN, sweep, new Scheduler.Options(jobs, 0, PROGRAM, stop), told::add).run();
    }

    private static long finished(Path sweep) {
        return PLAN.trials().stream()
                .map(trial -> TrialState.of(trial.directory(sweep)))
                .filter(state -> state == TrialState.COMPLETED || state == TrialState.DIVERGED)
                .count();
    }

    @Test
    void aSweepThatWasStoppedAndKilledEndsWithTheTableOfAnUnbrokenOne() throws IOException, InterruptedException {
        Path whole = directory.resolve("whole");
        Map<Integer, String> failed = run(whole, 2, () -> false);

        // a failed trial is told, and the others go on
        assertThat(failed.keySet()).containsExactly(4, 5, 6, 7);
        assertThat(failed.get(4)).contains("exit code 3").contains("x is NaN at step 12");
        SweepTable table = SweepTable.read(PLAN, whole);
        assertThat(table.rows()).hasSize(8);
        assertThat(table.rows().get(0).numbers()).containsOnlyKeys("last");
        assertThat(table.rows().get(7).status()).isEqualTo("diverged");
        assertThat(table.csv()).startsWith("divergeAt,seed,steps,status,last\n-1,1,30,completed,0.");

        Path broken = directory.resolve("broken");
        run(broken, 2, () -> finished(broken) >= 2);
        assertThat(finished(broken)).isBetween(2L, 7L);
        killOneInTheMiddle(broken);
        run(broken, 1, () -> false);

        assertThat(SweepTable.read(PLAN, broken).csv()).isEqualTo(table.csv());
        told.clear();
        run(broken, 1, () -> false);
        assertThat(told).containsExactly("8 trials, 8 of them finished");
    }

    /** What a power cut leaves: a run directory that says it is being written, and nobody who writes it. */
    private static void killOneInTheMiddle(Path sweep) throws IOException, InterruptedException {
        SweepPlan.Trial trial = PLAN.trials().stream()
                .filter(each -> TrialState.of(each.directory(sweep)) == TrialState.NEW)
                .findFirst()
                .orElseThrow();
        Path hold = Files.createTempFile("hold", "");
        List<String> words = new ArrayList<>(PROGRAM);
        words.addAll(List.of("run", "walk", "--out", trial.directory(sweep).toString(), "--threads", "1"));
        words.addAll(trial.words());
        words.add("holdWhile='" + hold + "'");
        words.add("checkpointEvery=4");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(sweep.resolve("killed.txt").toFile())
                .start();
        Path metrics = trial.directory(sweep).resolve("metrics.jsonl");
        while (process.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 12)) {
            Thread.sleep(5);
        }
        process.destroyForcibly();
        process.waitFor();
        Files.delete(hold);
    }

    @Test
    void theReportCountsVerdictsAndDrawsNumbersOverSettings() {
        List<SweepTable.Row> rows = new ArrayList<>();
        for (String depth : List.of("1", "2")) {
            for (String seed : List.of("0", "1")) {
                double value = Double.parseDouble(depth) + 0.1 * Double.parseDouble(seed);
                rows.add(new SweepTable.Row(
                        Map.of("depth", depth, "seed", seed),
                        "completed",
                        Map.of("loss", value, "constant", 1.0),
                        Map.of("P1 a claim", seed.equals("0") ? "holds" : "does not hold")));
            }
        }
        SweepPlan plan = SweepPlan.of(
                "s",
                List.of(new SweepAxis("depth", List.of("1", "2")), new SweepAxis("seed", List.of("0", "1"))),
                List.of());

        Page page = SweepReport.page(plan, new SweepTable(rows));

        assertThat(page.tables().get(0).rows().get(0).get(1).text()).isEqualTo("2 of 4");
        assertThat(page.sections()).hasSize(1);
        assertThat(page.sections().get(0).figures())
                .hasSize(1)
                .first()
                .satisfies(figure -> assertThat(figure.title()).isEqualTo("loss"));
    }
}
