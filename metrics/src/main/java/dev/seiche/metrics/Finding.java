package dev.seiche.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The verdict on one claim, as data: a report prints it and adds nothing.
 *
 * @param id        short and stable, as in {@code P1.1}
 * @param statement the claim, with the thresholds that decide it
 * @param verdict   what the measurements say
 * @param reason    one sentence: which numbers decided, or what was missing
 * @param numbers   what the verdict is based on, by name, in a fixed order; values may be NaN
 */
public record Finding(String id, String statement, Verdict verdict, String reason, Map<String, Double> numbers) {
    public Finding {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    }
}
