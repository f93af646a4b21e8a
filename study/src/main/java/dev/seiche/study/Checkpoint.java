package dev.seiche.study;

import java.util.Map;

/**
 * A state that a study can go on from and end with the same bits as if it had never stopped.
 *
 * @param step   the study's own count of finished steps, growing over a run
 * @param arrays parameters, optimizer state, the last gradient and the like, by name
 * @param state  everything else, as text
 */
public record Checkpoint(long step, Map<String, ArrayData> arrays, Map<String, String> state) {
    public Checkpoint {
        if (step < 0) {
            throw new IllegalArgumentException("checkpoint: step must be at least 0, got " + step);
        }
        arrays = Map.copyOf(arrays);
        state = Map.copyOf(state);
    }
}
