package dev.seiche.study.setup;

import dev.seiche.nn.Loss;
import java.util.Locale;

/** Losses by the names that configurations use. */
public final class Losses {
    private Losses() {}

    /** {@code cross-entropy}, {@code half-squared-error}, {@code mean-squared-error} or {@code hinge}. */
    public static Loss of(String name) {
        return Loss.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
