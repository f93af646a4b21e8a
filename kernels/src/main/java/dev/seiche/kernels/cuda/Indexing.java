package dev.seiche.kernels.cuda;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Unpick;
import java.util.List;

/** Launches the kernels of {@code indexing.cu}. All operands are contiguous. */
final class Indexing {
    /** From this many slots on, following chains beats every slot looking through all ids. */
    private static final int MANY_SLOTS = 4;

    private final CudaMachine machine;

    Indexing(CudaMachine machine) {
        this.machine = machine;
    }

    void gather(Gather op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        Tensor ids = in.get(1);
        long n = out.shape().size();
        int size = x.shape().dim(op.axis());
        machine.call("gather_fwd_" + x.dtype() + "_v1")
                .tensor(x)
                .tensor(ids)
                .tensor(out)
                .count(n)
                .count(size)
                .count(ids.shape().size())
                .count(after(x.shape(), op.axis() + 1))
                .ids(op, ids, size)
                .over(n);
    }

    void scatterAdd(ScatterAdd op, List<Tensor> in, Tensor out) {
        Tensor src = in.get(0);
        Tensor ids = in.get(1);
        long inner = after(out.shape(), op.axis() + 1);
        if (op.size() < MANY_SLOTS || ids.shape().size() == 0 || machine.version(2) == 1) {
            long n = out.shape().size();
            machine.call("scatter_add_fwd_" + src.dtype() + "_v1")
                    .tensor(src)
                    .tensor(ids)
                    .tensor(out)
                    .count(n)
                    .count(op.size())
                    .count(ids.shape().size())
                    .count(inner)
                    .ids(op, ids, op.size())
                    .over(n);
            return;
        }
        chained(op, src, ids, out, inner);
    }

    private void chained(ScatterAdd op, Tensor src, Tensor ids, Tensor out, long inner) {
        long m = ids.shape().size();
        long n = src.shape().size();
        new Movement(machine).fill(out, 0);
        machine.withScratch(2 * m * Integer.BYTES, next -> {
            long first = next + m * Integer.BYTES;
            machine.call("scatter_add_chains_i32_v2")
                    .tensor(ids)
                    .address(next)
                    .address(first)
                    .count(m)
                    .count(op.size())
                    .ids(op, ids, op.size())
                    .over(m);
            machine.call("scatter_add_fwd_" + src.dtype() + "_v2")
                    .tensor(src)
                    .tensor(ids)
                    .address(next)
                    .address(first)
                    .tensor(out)
                    .count(n)
                    .count(op.size())
                    .count(m)
                    .count(inner)
                    .over(n);
        });
    }

    void pick(Pick op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        rows("pick", op, x, in.get(1), out, out.shape().size(), x.shape().dim(-1));
    }

    void unpick(Unpick op, List<Tensor> in, Tensor out) {
        rows("unpick", op, in.get(0), in.get(1), out, out.shape().size(), op.classes());
    }

    private void rows(String name, Op op, Tensor x, Tensor ids, Tensor out, long n, int classes) {
        machine.call(name + "_fwd_" + x.dtype() + "_v1")
                .tensor(x)
                .tensor(ids)
                .tensor(out)
                .count(n)
                .count(classes)
                .ids(op, ids, classes)
                .over(n);
    }

    private static long after(Shape shape, int axis) {
        return shape.slice(axis, shape.rank()).size();
    }
}
