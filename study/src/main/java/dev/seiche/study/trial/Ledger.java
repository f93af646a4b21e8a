package dev.seiche.study.trial;

import dev.seiche.study.ArrayData;
import dev.seiche.study.Checkpoint;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outcomes so far, and how they are kept in a checkpoint. */
final class Ledger {
    /** More steps than a trial has: the steps of one trial come before those of the next. */
    private static final long STRIDE = 1_000_000_000L;

    private static final String TRAINER = "trainer/";
    private static final String FAILED = "failed\n";

    private final List<Trial> trials;
    private final List<Outcome> finished = new ArrayList<>();

    Ledger(List<Trial> trials) {
        this.trials = List.copyOf(trials);
    }

    List<Outcome> finished() {
        return List.copyOf(finished);
    }

    void finish(Outcome outcome) {
        finished.add(outcome);
    }

    /** Between two trials. */
    Checkpoint between() {
        return new Checkpoint(finished.size() * STRIDE, Map.of(), state());
    }

    /** Within a trial. */
    Checkpoint within(long step, Map<String, Double> numbers, Map<String, ArrayData> trainer) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        trainer.forEach((name, array) -> arrays.put(TRAINER + name, array));
        Map<String, String> state = state();
        state.put("current", text(numbers));
        return new Checkpoint(finished.size() * STRIDE + step, arrays, state);
    }

    /** Takes over the finished trials of a checkpoint. */
    void read(Checkpoint from) {
        String text = from.state().get(key(0));
        for (int i = 0; text != null; i++, text = from.state().get(key(i))) {
            boolean failed = text.startsWith(FAILED);
            String[] parts = failed ? text.split("\n", 3) : new String[0];
            Trial trial = trials.get(i);
            finished.add(new Outcome(
                    trial.arm(),
                    trial.settings(),
                    trial.seed(),
                    numbers(failed ? parts[2] : text),
                    failed ? parts[1] : null));
        }
    }

    static Map<String, Double> current(Checkpoint from) {
        return numbers(from.state().getOrDefault("current", ""));
    }

    /** What a trainer captured in the trial that was under way; empty between two trials. */
    static Map<String, ArrayData> trainer(Checkpoint from) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        from.arrays().forEach((name, array) -> {
            if (name.startsWith(TRAINER)) {
                arrays.put(name.substring(TRAINER.length()), array);
            }
        });
        return arrays;
    }

    private Map<String, String> state() {
        Map<String, String> state = new LinkedHashMap<>();
        for (int i = 0; i < finished.size(); i++) {
            Outcome outcome = finished.get(i);
            String why = outcome.failed();
            state.put(key(i), (why == null ? "" : FAILED + why.replace('\n', ' ') + "\n") + text(outcome.numbers()));
        }
        return state;
    }

    private static String key(int trial) {
        return "trial/" + trial;
    }

    /** A line each; the shortest text that gives the same double. */
    private static String text(Map<String, Double> numbers) {
        StringBuilder text = new StringBuilder();
        numbers.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    private static Map<String, Double> numbers(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int equals = line.lastIndexOf('=');
            numbers.put(line.substring(0, equals), Double.valueOf(line.substring(equals + 1)));
        });
        return numbers;
    }
}
