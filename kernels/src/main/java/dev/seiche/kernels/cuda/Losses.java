package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import java.util.List;

/** Launches the kernels of {@code loss.cu}. All operands are contiguous. */
final class Losses {
    /** As in {@code loss.cu}. */
    private static final int WARP = 32;

    private static final int WARPS = 4;

    private final CudaMachine machine;

    Losses(CudaMachine machine) {
        this.machine = machine;
    }

    void crossEntropy(CrossEntropy op, List<Tensor> in, Tensor out) {
        rows("cross_entropy", op, in, out);
    }

    void crossEntropyGrad(CrossEntropyGrad op, List<Tensor> in, Tensor out) {
        rows("cross_entropy_grad", op, in, out);
    }

    private void rows(String name, Op op, List<Tensor> in, Tensor out) {
        Tensor labels = in.get(1);
        int rows = Call.count(name, labels.shape().size());
        int classes = in.get(0).shape().dim(-1);
        int version = machine.version(2);
        Call call = machine.call(name + "_fwd_" + out.dtype() + "_v" + version);
        for (Tensor each : in) {
            call.tensor(each);
        }
        call.tensor(out).count(rows).count(classes).ids(op, labels, classes);
        if (version == 2) {
            call.launch(Grid.of((rows + WARPS - 1) / WARPS, 1, WARP, WARPS));
        } else {
            call.over(rows);
        }
    }
}
