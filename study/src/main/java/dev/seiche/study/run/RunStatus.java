package dev.seiche.study.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a run ended, or that it has not. */
public enum RunStatus {
    /** It is being written; or its process died without a word, which {@link RunDirectory} tells apart. */
    RUNNING,
    /** It came to its end. */
    COMPLETED,
    /** It was asked to stop, and can be resumed. */
    INTERRUPTED,
    /** A measured value left the finite numbers or its bound. */
    DIVERGED,
    /** It could not go on: bad input, a full disk, a bug. */
    FAILED;

    /** The word in {@code run.json}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word back. */
    @JsonCreator
    static RunStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
