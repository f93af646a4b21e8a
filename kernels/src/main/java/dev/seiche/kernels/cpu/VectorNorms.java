package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mean and variance over axes, zero mean and unit variance, and its gradient: down columns ({@link ColumnNorms}), or along
 * rows; other axes are moved to the end and back.
 */
final class VectorNorms {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 14;

    private final CpuMachine machine;

    VectorNorms(CpuMachine machine) {
        this.machine = machine;
    }

    /** Where there are no columns the plain loops: nothing asks for moments of rows. */
    void moments(Moments op, List<Tensor> in, Tensor out) {
        ColumnNorms columns = columns(in.get(0), op.axes());
        if (columns == null) {
            ReferenceNorms.moments(op, in, out);
        } else {
            columns.moments(in.get(0), out);
        }
    }

    private @Nullable ColumnNorms columns(Tensor x, List<Integer> axes) {
        return ColumnNorms.of(machine, x.dtype(), x.shape(), axes);
    }

    void standardise(Standardise op, List<Tensor> in, Tensor out) {
        ColumnNorms columns = columns(out, op.axes());
        if (columns != null) {
            columns.standardise(in.get(0), op.eps(), out);
            return;
        }
        Lanes lanes = machine.lanes(out.dtype());
        int n = AlongRows.count(out.shape(), op.axes());
        AlongRows.run(machine, op, op.axes(), in, out, CHUNK, (x, same, y) -> {
            centre(lanes, x, y, n);
            lanes.scale(y, 1 / deviation(lanes, y, n, op.eps()), y, n);
        });
    }

    void standardiseGrad(StandardiseGrad op, List<Tensor> in, Tensor out) {
        ColumnNorms columns = columns(out, op.axes());
        if (columns != null) {
            columns.standardiseGrad(in.get(0), in.get(1), op.eps(), out);
            return;
        }
        Lanes lanes = machine.lanes(out.dtype());
        int n = AlongRows.count(out.shape(), op.axes());
        AlongRows.run(machine, op, op.axes(), in, out, CHUNK, (x, dy, dx) -> {
            centre(lanes, x, dx, n);
            double deviation = deviation(lanes, dx, n, op.eps());
            double along = AlongRows.dot(lanes, dx, dy, n) / n / deviation / deviation;
            double mean = AlongRows.sum(lanes, dy, n) / n;
            lanes.scale(dx, -along, dx, n);
            lanes.add(dy, dx, n);
            lanes.minus(dx, mean, 0, dx, n);
            lanes.scale(dx, 1 / deviation, dx, n);
        });
    }

    private static void centre(Lanes lanes, MemorySegment x, MemorySegment y, int n) {
        lanes.minus(x, AlongRows.sum(lanes, x, n) / n, 0, y, n);
    }

    private static double deviation(Lanes lanes, MemorySegment centred, int n, double eps) {
        return Math.sqrt(AlongRows.dot(lanes, centred, centred, n) / n + eps);
    }
}
