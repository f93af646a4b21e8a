package dev.seiche.kernels.cuda;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Place;
import java.util.List;

/** Launches the kernels of {@code movement.cu}. */
final class Movement {
    private final CudaMachine machine;

    Movement(CudaMachine machine) {
        this.machine = machine;
    }

    void copy(Tensor x, Tensor out) {
        copy(x, out, 0, out.layout().strides());
    }

    void fill(Fill op, List<Tensor> in, Tensor out) {
        fill(out, op.value());
    }

    void concat(Concat op, List<Tensor> in, Tensor out) {
        long[] strides = out.layout().strides();
        long start = 0;
        for (Tensor each : in) {
            copy(each, out, start, strides);
            start += each.shape().dim(op.axis()) * strides[op.axis()];
        }
    }

    void place(Place op, List<Tensor> in, Tensor out) {
        fill(out, 0);
        long[] strides = out.layout().strides().clone();
        long start = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            start += op.start().get(axis) * strides[axis];
            strides[axis] *= op.step().get(axis);
        }
        copy(in.get(0), out, start, strides);
    }

    void bernoulli(Bernoulli op, List<Tensor> in, Tensor out) {
        long n = out.shape().size();
        machine.call("bernoulli_fwd_" + out.dtype() + "_v1")
                .tensor(out)
                .count(n)
                .i64(op.rng().key())
                .f64(op.probability())
                .over((n + 1) / 2);
    }

    /** Draws every element from the stream of a distribution; a thread makes two. */
    void draw(String distribution, Rng rng, Tensor out) {
        long n = out.shape().size();
        machine.call(distribution + "_fwd_" + out.dtype() + "_v1")
                .tensor(out)
                .count(n)
                .i64(rng.key())
                .over((n + 1) / 2);
    }

    /** Sets every element. */
    void fill(Tensor out, double value) {
        long n = out.shape().size();
        machine.call("fill_fwd_" + out.dtype() + "_v1")
                .tensor(out)
                .count(n)
                .f64(value)
                .over(n);
    }

    /** Copies all of x to {@code start} elements after the first of {@code out} and on by these strides. */
    private void copy(Tensor x, Tensor out, long start, long[] strides) {
        long n = x.shape().size();
        if (n == 0) {
            return;
        }
        Layout to = new Layout(x.shape(), strides, 0);
        long target = machine.address(out) + start * out.dtype().bytes();
        copy(out.dtype(), machine.address(x), target, Space.of(x.shape(), x.layout(), to), n);
    }

    /** Copies {@code n} elements, the first operand of the space to the second. */
    void copy(DType dtype, long from, long to, Space space, long n) {
        machine.call("copy_fwd_" + dtype + "_v1")
                .address(from)
                .address(to)
                .count(n)
                .structure(space)
                .over(n);
    }
}
