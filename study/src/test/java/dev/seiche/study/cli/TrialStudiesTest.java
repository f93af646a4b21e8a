package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.Verdict;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.trial.TrialResults;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped studies of arms and seeds, run so small that they say little, from the command line on the shipped images. */
class TrialStudiesTest {
    @TempDir
    private Path directory = Path.of("");

    private TrialResults run(String study, String... words) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(told, true, StandardCharsets.UTF_8);
        Path out = directory.resolve(study);
        List<String> all = new ArrayList<>(List.of("run", study, "--threads", "1", "--out", out.toString()));
        all.addAll(List.of(words));
        int code = SeicheCli.execute(
                all.toArray(new String[0]), SeicheCli.shipped(), new Console(to, to, false, System::nanoTime));
        assertThat(code).as(told.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        return RunDirectory.read(out).results(TrialResults.class).orElseThrow();
    }

    private static Finding finding(TrialResults results, String id) {
        return results.findings().stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theEdgeOfStabilityIsMetAtALargeRateOnly() {
        TrialResults results = run(
                "edge-of-stability",
                "data.samples=60",
                "data.shrink=4",
                "network.depth=2",
                "network.width=16",
                "train.steps=240",
                "arms.rates=[0.02,0.6]",
                "arms.polyak=[]",
                "arms.nesterov=[]",
                "arms.crossEntropy=[]",
                "seeds=1");

        assertThat(results.findings()).extracting(Finding::id).contains("P1.1", "P1.2", "P1.3", "P1.7", "E1", "E2");
        assertThat(results.outcomes().get(0).number("min_cos")).isPositive();
        assertThat(results.outcomes().get(1).number("crossing")).isNotNaN();
        assertThat(finding(results, "P1.7").verdict()).isEqualTo(Verdict.NOT_TESTED);
    }

    @Test
    void theLinearModelOfOpposingSignalsBehavesAsItsTheorySays() {
        TrialResults results = run(
                "opposing-signals",
                "data.samples=60",
                "data.shrink=4",
                "network.depth=2",
                "network.width=16",
                "train.steps=160",
                "rates=[0.6]",
                "groups.gradientsEvery=40",
                "groups.stepsWithout=5",
                "seeds=1");

        Finding toy = finding(results, "KAT2.5");
        assertThat(toy.verdict()).as(toy.numbers().toString()).isEqualTo(Verdict.HOLDS);
        assertThat(results.findings())
                .extracting(Finding::id)
                .containsExactly(
                        "P2.1a", "P2.1b", "P2.2", "P2.3", "P2.4", "P2.5", "P2.6", "P2.7", "P2.8", "P2.9", "P2.10",
                        "P2.11", "C1", "C2", "KAT2.5");
    }

    @Test
    void aTrainingEndsWhereItsTimeIsOver() {
        TrialResults results = run(
                "opposing-signals",
                "data.samples=40",
                "data.shrink=4",
                "network.width=8",
                "train.minutes=1e-9",
                "rates=[0.1]",
                "toy.rates=[]",
                "seeds=1");

        assertThat(results.outcomes().get(0).number("steps")).isEqualTo(4); // the fewest that it ends after
        assertThat(results.outcomes().get(0).number("minutes")).isGreaterThan(1e-9);
        assertThat(finding(results, "P2.1a").verdict()).isEqualTo(Verdict.NOT_TESTED);
    }

    @Test
    void theTailIndexIsGivenPublishedAndCorrected() {
        TrialResults results = run(
                "tail-index",
                "data.samples=120",
                "data.shrink=4",
                "network.width=8",
                "train.steps=30",
                "train.batch=20",
                "arms.widths=[4,16]",
                "arms.depths=[]",
                "arms.losses=[]",
                "measure.batches=[10,50]",
                "measure.draws=64",
                "measure.nulls=1",
                "measure.times=2",
                "iterates.runs=40",
                "iterates.samples=100",
                "iterates.dimensions=5",
                "iterates.steps=60",
                "iterates.rates=[0.02,0.2]",
                "iterates.batches=[1,4]",
                "seeds=1");

        assertThat(results.outcomes()).hasSize(3 + 4);
        assertThat(results.outcomes().get(0).number("b=10/official@init")).isBetween(0.3, 2.2);
        assertThat(results.outcomes().get(0).number("b=50/corrected@end")).isBetween(1.0, 2.5);
        assertThat(finding(results, "P3.7").verdict()).isEqualTo(Verdict.NOT_TESTED);
        assertThat(finding(results, "P3.6").numbers()).containsKey("rank_correlation");
        assertThat(finding(results, "P3.1").verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(finding(results, "F4").verdict()).isNotEqualTo(Verdict.NOT_TESTED);
        assertThat(finding(results, "F5").verdict()).isEqualTo(Verdict.NOT_TESTED); // of too few measurements
        assertThat(finding(results, "F5").numbers()).containsKey("accuracy@lowest");
    }

    @Test
    void theLinearPartsOfConfusionAreExact() {
        TrialResults results = run(
                "confusion",
                "data.samples=60",
                "data.shrink=4",
                "network.width=8",
                "train.rates=[0.01,0.1,1e30]",
                "train.convolutionalRates=[0.02,0.1]",
                "train.epochs=2",
                "train.convolutionalEpochs=1",
                "arms.widths=[4,16]",
                "arms.depths=[]",
                "arms.convolutionalDepths=[10]",
                "arms.linearDepths=[2,8]",
                "measure.pairs=6",
                "measure.batch=10",
                "measure.samples=40",
                "measure.times=2",
                "regression.steps=20000",
                "seeds=2");

        assertThat(finding(results, "P4.5").verdict()).isEqualTo(Verdict.HOLDS);
        Finding regression = finding(results, "P4.4, ours");
        assertThat(regression.verdict()).as(regression.numbers().toString()).isEqualTo(Verdict.HOLDS);
        assertThat(finding(results, "P4.4").numbers()).isEqualTo(regression.numbers());
        assertThat(finding(results, "P4.3").verdict()).isNotEqualTo(Verdict.NOT_TESTED);
        assertThat(finding(results, "P4.1b").verdict()).isEqualTo(Verdict.NOT_TESTED);
        assertThat(finding(results, "P4.7").verdict()).isEqualTo(Verdict.NOT_TESTED);
        // the first seed tries all rates, the others take what it found
        List<TrialResults.Outcome> wide = results.outcomes().stream()
                .filter(outcome -> outcome.arm().equals("width=16"))
                .toList();
        assertThat(wide.get(0).number("loss@rate=0.1")).isLessThan(wide.get(0).number("loss@rate=0.01"));
        assertThat(wide.get(0).number("loss@rate=1.0E30")).isInfinite();
        assertThat(wide).extracting(outcome -> outcome.number("rate")).containsExactly(0.1, 0.1);
        assertThat(wide.get(1).numbers()).doesNotContainKey("loss@rate=0.1");
        assertThat(wide.get(0).number("loss@end")).isEqualTo(wide.get(0).number("loss@rate=0.1"));
    }

    private static String told(int code, String... words) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(told, true, StandardCharsets.UTF_8);
        assertThat(SeicheCli.execute(words, SeicheCli.shipped(), new Console(to, to, false, System::nanoTime)))
                .as(told.toString(StandardCharsets.UTF_8))
                .isEqualTo(code);
        return told.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anyMetricIsMeasuredByNameAndItsCostIsTold() {
        Path out = directory.resolve("measure");
        String[] small = {"data.samples=40", "data.shrink=4", "network.width=8", "train.batch=0", "train.steps=12"};
        String text = told(
                0,
                Stream.concat(
                                Stream.of(
                                        "measure",
                                        "--preset",
                                        "economy",
                                        "--metrics",
                                        "tail/corrected@10,opposing/stability,kernel,examples/el2n_mean@5",
                                        "--out",
                                        out.toString()),
                                Stream.of(small))
                        .toArray(String[]::new));

        assertThat(text)
                .contains("tail/corrected ", "kernel/alignment", "What they cost", "times as long")
                .doesNotContain("tail/hill");
        var found = RunDirectory.read(out).metrics();
        assertThat(found.names()).contains("training/seed=1/examples/el2n_mean", "training/seed=1/grad/cos/fc1");
        assertThat(found.column("training/seed=1/tail/corrected").orElseThrow().steps())
                .containsExactly(0, 10);
    }

    @Test
    void metricsAreListedAndUnknownOnesAreErrorsThatNameTheKnownOnes() {
        assertThat(told(0, "metrics"))
                .contains("sharpness: every 50 steps by itself; in business, full")
                .contains("lambda_1, largest eigenvalue of H [Cohen et al. 2021]")
                .contains("seiche run opposing-signals");
        assertThat(told(0, "metrics", "tracin"))
                .contains("tracin/self_mean", "Pruthi")
                .doesNotContain("grad/cos");
        Path out = directory.resolve("none");
        assertThat(told(2, "measure", "--metrics", "sharpnes", "--out", out.toString()))
                .contains("there is no metric 'sharpnes'; did you mean 'sharpness'? known: ", "tracin");
        assertThat(out).doesNotExist();
        assertThat(told(2, "measure", "--metrics", "opposing", "--out", out.toString()))
                .contains("train.batch is 50; give train.batch=0");
    }

    @Test
    void allFourAreReadAtOneMoment() {
        TrialResults results = run(
                "four-in-one",
                "data.samples=80",
                "data.shrink=4",
                "network.depth=2",
                "network.width=16",
                "train.steps=120",
                "rates=[0.6]",
                "measure.batch=8",
                "measure.pairs=6",
                "measure.draws=24",
                "measure.nulls=1",
                "seeds=1");

        assertThat(results.findings()).extracting(Finding::id).containsExactly("P6.0", "P6.1", "P6.2", "P6.3");
        assertThat(results.outcomes().get(0).numbers())
                .containsKeys(
                        "cos_now", "J", "C", "all/min_cos", "without_selected/corrected", "without_random/sharpness");
    }
}
