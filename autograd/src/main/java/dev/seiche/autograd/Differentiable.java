package dev.seiche.autograd;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * A function of some values, written against the op set, so that every interpreter can run it: to compute it, to
 * differentiate it, and to differentiate its derivative. A generic method of this signature fits as a method reference.
 */
@FunctionalInterface
public interface Differentiable {
    /** The result at {@code in}, computed by {@code ops} alone; the same function at every call. */
    <T extends Value> T apply(Ops<T> ops, List<T> in);
}
