package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.util.List;
import java.util.stream.IntStream;

/** Launches the kernels of {@code norm.cu}. All operands are contiguous. */
final class Norms {
    /** As in {@code norm.cu}. */
    private static final int LANES = 128;

    /** Groups up to this size are left to one thread each. */
    private static final int SHORT = 32;

    private final CudaMachine machine;

    Norms(CudaMachine machine) {
        this.machine = machine;
    }

    void standardise(Standardise op, List<Tensor> in, Tensor out) {
        launch("standardise", in, op.axes(), op.eps(), out);
    }

    void standardiseGrad(StandardiseGrad op, List<Tensor> in, Tensor out) {
        launch("standardise_grad", in, op.axes(), op.eps(), out);
    }

    private void launch(String name, List<Tensor> in, List<Integer> axes, double eps, Tensor out) {
        Shape shape = out.shape();
        long n = axes.stream().mapToLong(shape::dim).reduce(1, (a, b) -> a * b);
        int groups = Call.count(name, shape.size() / n);
        List<Integer> others = IntStream.range(0, shape.rank())
                .filter(axis -> !axes.contains(axis))
                .boxed()
                .toList();
        int version = n <= SHORT ? 1 : machine.version(2);
        Call call = machine.call(name + "_fwd_" + out.dtype() + "_v" + version);
        for (Tensor each : in) {
            call.tensor(each);
        }
        call.tensor(out)
                .count(groups)
                .count(n)
                .f64(eps)
                .structure(Space.along(out.layout(), others))
                .structure(Space.along(out.layout(), axes));
        if (version == 2) {
            call.launch(Grid.of(groups, 1, LANES, 1));
        } else {
            call.over(groups);
        }
    }
}
