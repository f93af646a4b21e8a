package dev.seiche.study.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.metrics.Verdict;
import dev.seiche.study.StoppedException;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Page;
import dev.seiche.study.run.ActiveRun;
import dev.seiche.study.run.Platform;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.run.RunListener;
import dev.seiche.study.run.RunRecord;
import dev.seiche.study.run.RunStatus;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialStudyTest {
    private static final StrideExperiment.Config CONFIG = new StrideExperiment.Config(List.of(0.05, 1e200), 10, 2);

    private static final TrialStudy<StrideExperiment.Config, ?> STUDY = new TrialStudy<>(new StrideExperiment());

    @TempDir
    private Path directory = Path.of("");

    private static ActiveRun.Surroundings around(BooleanSupplier stop) {
        return new ActiveRun.Surroundings(RunListener.silent(), stop, InstantSource.system());
    }

    private RunDirectory run(String name, BooleanSupplier stop) {
        RunRecord record = new RunRecord(
                RunRecord.FORMAT,
                name,
                "stride",
                null,
                RunStatus.RUNNING,
                null,
                "2026-01-01T00:00:00Z",
                null,
                7,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                Platform.here("cpu", 1),
                List.of(),
                null);
        try (ActiveRun run = ActiveRun.start(directory.resolve(name), record, around(stop))) {
            run.execute(STUDY, CONFIG);
        }
        return RunDirectory.read(directory.resolve(name));
    }

    @Test
    void everyTrialIsMeasuredAndOneThatDivergesDoesNotStopTheOthers() {
        RunDirectory run = run("whole", () -> false);

        TrialResults results = run.results(TrialResults.class).orElseThrow();

        assertThat(results.outcomes()).hasSize(4);
        assertThat(results.outcomes()).extracting(TrialResults.Outcome::seed).containsExactly(7L, 8L, 7L, 8L);
        assertThat(results.outcomes().get(0).failed()).isNull();
        assertThat(results.outcomes().get(2).failed()).contains("diverged");
        assertThat(results.findings())
                .extracting(finding -> finding.verdict())
                .containsExactly(Verdict.HOLDS, Verdict.NOT_TESTED);
        assertThat(run.metrics().names()).contains("rate=0.05/seed=7/norm", "rate=0.05/seed=8/loss");
    }

    @Test
    void aRunThatWasStoppedWithinATrialEndsWithTheBitsOfAnUnbrokenOne() throws Exception {
        RunDirectory whole = run("whole", () -> false);
        AtomicInteger asked = new AtomicInteger();
        // within the second trial, between two checkpoints
        assertThatThrownBy(() -> run("broken", () -> asked.incrementAndGet() > 16))
                .isInstanceOf(StoppedException.class);
        Path broken = directory.resolve("broken");

        try (ActiveRun run = ActiveRun.resume(broken, Platform.here("cpu", 1), around(() -> false))) {
            run.execute(STUDY, CONFIG);
        }

        assertThat(broken.resolve("metrics.jsonl"))
                .hasSameBinaryContentAs(directory.resolve("whole").resolve("metrics.jsonl"));
        assertThat(RunDirectory.read(broken).record().results())
                .isEqualTo(whole.record().results());
    }

    @Test
    void theReportShowsVerdictsArmsAndBandsOverSeeds() {
        Page page = new TrialReport(new StrideExperiment()).page(run("whole", () -> false));

        assertThat(page.tables()).extracting(Figure.Table::id).containsExactly("verdicts", "arms");
        Figure.Table arms = page.tables().get(1);
        assertThat(arms.headings()).extracting(Figure.Heading::title).containsExactly("arm", "seeds", "last loss");
        assertThat(arms.rows().get(0).get(2).text()).contains("\u00b1");
        assertThat(arms.rows().get(1).get(0).detail()).isEqualTo("2 diverged");
        Figure.LineChart chart =
                (Figure.LineChart) page.sections().get(0).figures().get(0);
        assertThat(chart.bands()).isNotEmpty();
        assertThat(chart.series().get(0).x()).hasSize(10);
    }
}
