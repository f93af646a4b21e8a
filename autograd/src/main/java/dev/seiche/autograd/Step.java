package dev.seiche.autograd;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.SampleAxis;
import dev.seiche.autograd.rule.SampleFlow;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One op that a {@link Tape} recorded, with its rule. For those who go over a {@link Trace} in another way than backward.
 *
 * @param <T> what the interpreter under the tape computes with
 */
public interface Step<T extends Value> {
    Op op();

    /** Values of all inputs. */
    List<T> in();

    T out();

    /** The number in the trace of the variable that an input came from; {@link Trace#CONSTANT} where no derivative flows. */
    int source(int input);

    /** The cotangent of one input, of its type, for a cotangent of the result. */
    T vjp(Ops<T> ops, int input, T dy);

    /** The cotangents [B, in...] of one input for cotangents [B, out...] of the result. */
    T vjpRows(Ops<T> ops, int input, T dy);

    /** The tangent of the result for tangents of the inputs; null is an exact zero. */
    @Nullable
    T jvp(Ops<T> ops, List<@Nullable T> tangents);

    /** Where samples that the result holds at {@code at} lie in an input. */
    SampleFlow samples(SampleAxis at, int input);

    /** What this op adds to each sample's gradient with respect to an input that all samples share. */
    Factors<T> factors(Ops<T> ops, int input, SampleAxis at, T dy);
}
