package dev.seiche.study.gram;

import dev.seiche.autograd.sample.Planner;
import dev.seiche.metrics.gram.ExtremePair;
import dev.seiche.metrics.gram.GramPlan;
import dev.seiche.metrics.gram.NetworkGradients;
import dev.seiche.metrics.gram.PairScreen;
import dev.seiche.nn.Parameter;
import dev.seiche.study.ArrayData;
import dev.seiche.study.Part;
import dev.seiche.study.RunContext;
import dev.seiche.study.StoppedException;
import dev.seiche.study.UserException;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The extreme cosines of all pairs by screening. Sketches of a tile of samples are a part of the run, so that it can go on. */
final class ScreenedGram {
    private final GramConfig config;
    private final GramSetup setup;
    private final NetworkGradients source;
    private final RunContext run;

    ScreenedGram(GramConfig config, GramSetup setup, NetworkGradients source, RunContext run) {
        this.config = config;
        this.setup = setup;
        this.source = source;
        this.run = run;
    }

    /** Sketches as parts of the run, with what they were computed from. */
    private record Parts(RunContext run, Map<String, String> manifest) implements PairScreen.Sketches {
        private static String name(int tile) {
            return "sketch-%05d".formatted(tile);
        }

        @Override
        public float @Nullable [] get(int tile) {
            return run.part(name(tile))
                    .filter(part -> part.about().equals(manifest))
                    .map(part -> part.arrays().get("sketches"))
                    .map(ArrayData::floats)
                    .orElse(null);
        }

        @Override
        public void put(int tile, float[] values) {
            run.part(name(tile), new Part(Map.of("sketches", ArrayData.of(values, values.length)), manifest));
        }
    }

    GramResults run(long budget, Scope scope) {
        if (config.keep().gram() || source.coupled() || source.samples() < 2) {
            throw new UserException(
                    "screen.buckets computes the extremes of pairs alone: it goes with at least two samples, batch norm frozen and"
                            + " no --keep; use 0 for all pairs");
        }
        int buckets = config.screen().buckets();
        long sketches = sketchBytes(buckets);
        if (sketches >= budget) {
            throw new UserException(
                    "sketches of %d numbers of %d samples take %s, but the budget is %s; use fewer, or give more"
                            .formatted(buckets, source.samples(), ByteSize.words(sketches), ByteSize.words(budget)));
        }
        GramPlan plan = GramStudy.plan(source, config, budget - sketches, scope);
        int tile = Math.max(2, plan.tile());
        run.log("%d pairs of %d samples are estimated from sketches of %d numbers, which take %s; %d samples at once"
                .formatted(plan.pairs(), plan.samples(), buckets, ByteSize.words(sketches), tile));
        Map<String, String> manifest = GramStudy.manifest(config, setup, source, plan, run.device());
        manifest.put("buckets", Integer.toString(buckets));
        PairScreen screen = PairScreen.of(
                        source,
                        new PairScreen.Search(buckets, config.screen().deviations(), tile),
                        Planner.standard().withBudget(plan.working()),
                        Rng.seed(run.seed()).fold("gram").fold("sketch"),
                        new Parts(run, manifest),
                        new GramStudy.Steps(run),
                        scope)
                .orElseThrow(() -> new StoppedException("stopped between two tiles; those that are there stay"));
        GramResults.Extreme lowest = extreme("lowest", screen.lowest());
        GramResults.Extreme highest = extreme("highest", screen.highest());
        return new GramResults(
                plan.samples(),
                plan.blocks(),
                List.of("screened by sketches of %d numbers, candidates within %s deviations computed exactly"
                        .formatted(buckets, config.screen().deviations())),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new GramResults.Screening(buckets, config.screen().deviations(), lowest, highest));
    }

    /** Of all sketches, and of the hashes and signs of all parameters. */
    private long sketchBytes(int buckets) {
        long elements = source.weights().parameters().stream()
                .map(Parameter::shape)
                .mapToLong(shape -> shape.size())
                .sum();
        return (long) source.samples() * buckets * Float.BYTES
                + elements * (Integer.BYTES + source.dtype().bytes());
    }

    private GramResults.Extreme extreme(String which, ExtremePair found) {
        GramResults.Extreme extreme = new GramResults.Extreme(
                found.cosine(),
                GramStudy.pair(found.pair(), setup),
                found.screened(),
                found.computed(),
                found.failure());
        run.log(
                "%s cosine %s of samples %s: %d pairs screened, %d computed exactly, missed with a probability of at most %s"
                        .formatted(
                                which,
                                extreme.cosine(),
                                extreme.pair(),
                                extreme.screened(),
                                extreme.computed(),
                                extreme.failure()));
        return extreme;
    }
}
