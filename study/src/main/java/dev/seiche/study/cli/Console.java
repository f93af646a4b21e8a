package dev.seiche.study.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * The terminal, or what stands in for it.
 *
 * @param out         what was asked for
 * @param err         progress and errors
 * @param interactive whether a person watches, so that a line may be drawn over
 * @param nanos       a clock that runs evenly
 */
public record Console(PrintStream out, PrintStream err, boolean interactive, LongSupplier nanos) {
    /** This process's own. */
    @SuppressWarnings("SystemConsoleNull") // A JVM without the module jdk.internal.le has none.
    public static Console system() {
        java.io.Console terminal = System.console();
        return new Console(System.out, System.err, terminal != null && terminal.isTerminal(), System::nanoTime);
    }
}
