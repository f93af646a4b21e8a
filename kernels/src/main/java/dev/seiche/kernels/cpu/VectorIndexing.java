package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Unpick;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Moving slices and elements by ids, all operands contiguous. */
final class VectorIndexing {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 16;

    /** Columns of a slice that one task adds up; a whole number of vectors. */
    private static final int COLUMNS = 512;

    private final CpuMachine machine;

    VectorIndexing(CpuMachine machine) {
        this.machine = machine;
    }

    void gather(Gather op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        int size = x.shape().dim(op.axis());
        MemorySegment ids = checked(op, in.get(1), size);
        long count = in.get(1).shape().size();
        long slice = x.shape().slice(op.axis() + 1, x.shape().rank()).size();
        long bytes = slice * x.dtype().bytes();
        MemorySegment from = CpuMachine.elements(x);
        MemorySegment to = CpuMachine.elements(out);
        VectorReductions.share(machine.pool(), out.shape().size() / slice, slice, CHUNK, i -> {
            long id = ids.getAtIndex(JAVA_INT, i % count);
            long start = (i / count * size + id) * bytes;
            if (bytes == Integer.BYTES) {
                to.setAtIndex(JAVA_INT, i, from.get(JAVA_INT, start));
            } else {
                MemorySegment.copy(from, start, to, i * bytes, bytes);
            }
        });
    }

    /** Shared among threads by columns, never by ids: an element of the result is summed in the order of the ids. */
    void scatterAdd(ScatterAdd op, List<Tensor> in, Tensor out) {
        Tensor src = in.get(0);
        if (src.dtype() == DType.I32) {
            ReferenceIndexing.scatterAdd(op, in, out);
            return;
        }
        MemorySegment ids = checked(op, in.get(1), op.size());
        long count = in.get(1).shape().size();
        long slice = out.shape().slice(op.axis() + 1, out.shape().rank()).size();
        long outer = out.shape().slice(0, op.axis()).size();
        int bytes = out.dtype().bytes();
        MemorySegment from = CpuMachine.elements(src);
        MemorySegment to = CpuMachine.elements(out);
        Lanes lanes = machine.lanes(out.dtype());
        to.fill((byte) 0);
        long strips = Math.ceilDiv(slice, COLUMNS);
        VectorReductions.share(machine.pool(), outer * strips, count * Math.min(slice, COLUMNS), CHUNK, task -> {
            long o = task / strips;
            long column = task % strips * COLUMNS;
            int n = (int) Math.min(COLUMNS, slice - column);
            for (long i = 0; i < count; i++) {
                long id = ids.getAtIndex(JAVA_INT, i);
                long source = ((o * count + i) * slice + column) * bytes;
                long target = ((o * op.size() + id) * slice + column) * bytes;
                lanes.add(from.asSlice(source), to.asSlice(target), n);
            }
        });
    }

    void pick(Pick op, List<Tensor> in, Tensor out) {
        int classes = in.get(0).shape().dim(-1);
        MemorySegment ids = checked(op, in.get(1), classes);
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment y = CpuMachine.elements(out);
        boolean wide = out.dtype() == DType.F64;
        for (long i = 0, n = out.shape().size(); i < n; i++) {
            move(x, i * classes + ids.getAtIndex(JAVA_INT, i), y, i, wide);
        }
    }

    void unpick(Unpick op, List<Tensor> in, Tensor out) {
        MemorySegment ids = checked(op, in.get(1), op.classes());
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment y = CpuMachine.elements(out);
        boolean wide = out.dtype() == DType.F64;
        y.fill((byte) 0);
        for (long i = 0, n = in.get(0).shape().size(); i < n; i++) {
            move(x, i, y, i * op.classes() + ids.getAtIndex(JAVA_INT, i), wide);
        }
    }

    private static void move(MemorySegment x, long from, MemorySegment y, long to, boolean wide) {
        if (wide) {
            y.setAtIndex(JAVA_LONG, to, x.getAtIndex(JAVA_LONG, from));
        } else {
            y.setAtIndex(JAVA_INT, to, x.getAtIndex(JAVA_INT, from));
        }
    }

    /** The ids, all of them in 0..bound-1. */
    static MemorySegment checked(Op op, Tensor ids, int bound) {
        MemorySegment memory = CpuMachine.elements(ids);
        boolean valid = true;
        for (long i = 0, n = ids.shape().size(); i < n; i++) {
            valid &= Integer.compareUnsigned(memory.getAtIndex(JAVA_INT, i), bound) < 0;
        }
        if (!valid) {
            ReferenceIndexing.checkIds(op, ids, bound); // finds the first and says where it is
        }
        return memory;
    }
}
