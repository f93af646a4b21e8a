package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Uniform;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Ops that lay elements out: nothing is computed, memory is the limit. */
final class VectorMovement {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 16;

    private final CpuMachine machine;

    VectorMovement(CpuMachine machine) {
        this.machine = machine;
    }

    /** Does the elements of a range. */
    private interface Range {
        void run(long from, long to);
    }

    private void ranges(long n, Range range) {
        int chunks = WorkerPool.chunks(n, CHUNK, 1024);
        machine.pool()
                .run(
                        chunks,
                        i -> range.run(WorkerPool.chunkStart(n, chunks, i), WorkerPool.chunkStart(n, chunks, i + 1)));
    }

    void copy(Copy op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        Collapsed shape = Collapsed.of(x.shape(), x.layout());
        MemorySegment y = CpuMachine.elements(out);
        int bytes = x.dtype().bytes();
        Transposition transposition = Transposition.of(shape.dims(), shape.strides()[0]);
        if (transposition != null) {
            transposition.run(
                    machine.pool(), CpuBuffer.memory(x).asSlice(x.layout().offset() * bytes), y, bytes);
            return;
        }
        StridedRead from = new StridedRead(x, shape, 0);
        ranges(out.shape().size(), (start, end) -> from.read(start, end - start, y.asSlice(start * bytes)));
    }

    void cast(Cast op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        MemorySegment xs = CpuMachine.elements(x);
        MemorySegment ys = CpuMachine.elements(out);
        int from = x.dtype().bytes();
        int to = out.dtype().bytes();
        ranges(
                out.shape().size(),
                (start, end) -> Casts.run(
                        x.dtype(), xs.asSlice(start * from), out.dtype(), ys.asSlice(start * to), (int) (end - start)));
    }

    void fill(Fill op, List<Tensor> in, Tensor out) {
        MemorySegment ys = CpuMachine.elements(out);
        int bytes = out.dtype().bytes();
        ranges(
                out.shape().size(),
                (start, end) -> Casts.fill(out.dtype(), ys.asSlice(start * bytes, (end - start) * bytes), op.value()));
    }

    void bernoulli(Bernoulli op, List<Tensor> in, Tensor out) {
        draws(
                out,
                (part, first) -> op.rng().bernoulliF32(part, first, op.probability()),
                (part, first) -> op.rng().bernoulliF64(part, first, op.probability()));
    }

    void uniform(Uniform op, List<Tensor> in, Tensor out) {
        draws(out, op.rng()::uniformF32, op.rng()::uniformF64);
    }

    void normal(Normal op, List<Tensor> in, Tensor out) {
        draws(out, op.rng()::normalF32, op.rng()::normalF64);
    }

    /** Fills memory with the elements of a stream from the first on. */
    private interface Stream {
        void fill(MemorySegment part, long first);
    }

    private void draws(Tensor out, Stream f32, Stream f64) {
        MemorySegment ys = CpuMachine.elements(out);
        int bytes = out.dtype().bytes();
        Stream stream = out.dtype() == DType.F32 ? f32 : f64;
        ranges(out.shape().size() * 8, (start, end) -> { // a random number is about eight copies
            long first = start / 8;
            stream.fill(ys.asSlice(first * bytes, (end / 8 - first) * bytes), first);
        });
    }

    void concat(Concat op, List<Tensor> in, Tensor out) {
        int bytes = out.dtype().bytes();
        int rank = out.shape().rank();
        long rows = out.shape().slice(0, op.axis()).size();
        long width = out.shape().slice(op.axis(), rank).size();
        MemorySegment y = CpuMachine.elements(out);
        long start = 0;
        for (Tensor x : in) {
            long length = x.shape().slice(op.axis(), rank).size();
            if (length > 0) {
                StridedRead from = new StridedRead(x, Collapsed.of(x.shape(), x.layout()), 0);
                long at = start;
                VectorReductions.share(
                        machine.pool(),
                        rows,
                        length,
                        CHUNK,
                        row -> from.read(row * length, length, y.asSlice((row * width + at) * bytes)));
            }
            start += length;
        }
    }

    void place(Place op, List<Tensor> in, Tensor out) {
        MemorySegment y = CpuMachine.elements(out);
        ranges(y.byteSize(), (start, end) -> y.asSlice(start, end - start).fill((byte) 0));
        Tensor x = in.get(0);
        int last = x.shape().rank() - 1;
        if (x.shape().size() == 0) {
            return;
        }
        if (last < 0 || op.step().get(last) != 1) {
            ReferenceIndexing.placeOver(op, x, out);
            return;
        }
        int bytes = out.dtype().bytes();
        int length = x.shape().dim(last);
        long[] strides = out.shape().contiguousStrides();
        StridedRead from = new StridedRead(x, Collapsed.of(x.shape(), x.layout()), 0);
        VectorReductions.share(machine.pool(), x.shape().size() / length, length, CHUNK, row -> {
            long rest = row;
            long at = op.start().get(last);
            for (int axis = last - 1; axis >= 0; axis--) {
                int dim = x.shape().dim(axis);
                at += (op.start().get(axis) + rest % dim * op.step().get(axis)) * strides[axis];
                rest /= dim;
            }
            from.read(row * length, length, y.asSlice(at * bytes));
        });
    }
}
