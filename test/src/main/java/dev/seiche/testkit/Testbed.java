package dev.seiche.testkit;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Scope;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs a test body in a scope of a fresh device and checks that it gave all memory back. */
public final class Testbed {
    private Testbed() {}

    /** What the body computes from a scope on a device of {@code open}; throws if memory is live after the scope closes. */
    public static <R> R compute(Supplier<? extends Backend> open, Function<Scope, R> body) {
        try (Backend device = open.get()) {
            R result;
            try (Scope scope = Scope.root(device, "test")) {
                result = body.apply(scope);
            }
            if (device.liveBytes() != 0) {
                throw new AssertionError(device.liveBytes() + " bytes are still live on '" + device.name()
                        + "' after the test's scope closed");
            }
            return result;
        }
    }

    /** Runs the body in a scope on a device of {@code open}; throws if memory is live after the scope closes. */
    public static void run(Supplier<? extends Backend> open, Consumer<Scope> body) {
        compute(open, scope -> {
            body.accept(scope);
            return 0;
        });
    }
}
