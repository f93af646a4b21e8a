package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of tensors in one pass over memory, in pieces of a fixed size that threads share. Steps have the bits of the
 * composed ops; an inner product adds up its pieces in order. Gradient descent is as fast op by op.
 */
final class CpuMultiTensor implements MultiTensor {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 15;

    private final CpuMachine machine;
    private final StepLoops f32 = new F32StepLoops();
    private final StepLoops f64 = new F64StepLoops();

    CpuMultiTensor(CpuMachine machine) {
        this.machine = machine;
    }

    @Override
    public void adam(
            AdamStep step, List<Tensor> weights, List<Tensor> gradients, List<Tensor> first, List<Tensor> second) {
        each(
                "adam",
                List.of(weights, gradients, first, second),
                (loops, at, n) -> loops.adam(step, at[0], at[1], at[2], at[3], n));
    }

    @Override
    public double[] dots(List<Tensor> a, List<Tensor> b) {
        List<List<Tensor>> lists = List.of(a, b);
        List<Piece> pieces = pieces("dots", lists);
        double[] parts = new double[pieces.size()];
        share(pieces, i -> {
            Piece piece = pieces.get(i);
            Lanes lanes = machine.lanes(piece.dtype(a));
            MemorySegment[] at = piece.in(lists);
            parts[i] = lanes.wideDot(at[0], at[1], piece.size());
        });
        double[] dots = new double[a.size()];
        for (int i = 0; i < parts.length; i++) {
            dots[pieces.get(i).tensor()] += parts[i];
        }
        return dots;
    }

    /** What is done to one piece of each list. */
    private interface Step {
        void run(StepLoops loops, MemorySegment[] at, int n);
    }

    private interface Task {
        void run(int piece);
    }

    /** Up to {@link Lanes#BLOCK} elements of the tensors in one place of the lists. */
    private record Piece(int tensor, long start, int size) {
        DType dtype(List<Tensor> list) {
            return list.get(tensor).dtype();
        }

        MemorySegment[] in(List<List<Tensor>> lists) {
            MemorySegment[] at = new MemorySegment[lists.size()];
            for (int k = 0; k < at.length; k++) {
                Tensor t = lists.get(k).get(tensor);
                at[k] = CpuMachine.elements(t)
                        .asSlice(
                                start * t.dtype().bytes(),
                                (long) size * t.dtype().bytes());
            }
            return at;
        }
    }

    private void each(String name, List<List<Tensor>> lists, Step step) {
        List<Piece> pieces = pieces(name, lists);
        share(pieces, i -> {
            Piece piece = pieces.get(i);
            DType dtype = piece.dtype(lists.get(0));
            StepLoops loops = dtype == DType.F32 ? f32 : f64;
            MemorySegment[] at = piece.in(lists);
            int rest = piece.size() % loops.width();
            int whole = piece.size() - rest;
            step.run(loops, at, whole);
            if (rest > 0) {
                machine.scratch().lend(lent -> rest(loops, step, at, lent, (long) whole * dtype.bytes()));
            }
        });
    }

    /** The elements behind the last whole vector, as a vector of their own in scratch memory. */
    private static void rest(StepLoops loops, Step step, MemorySegment[] at, MemorySegment lent, long from) {
        MemorySegment[] edge = new MemorySegment[at.length];
        for (int k = 0; k < at.length; k++) {
            edge[k] = Scratch.edge(lent, k);
            MemorySegment.copy(at[k], from, edge[k], 0, at[k].byteSize() - from);
        }
        step.run(loops, edge, loops.width());
        for (int k = 0; k < at.length; k++) {
            MemorySegment.copy(edge[k], 0, at[k], from, at[k].byteSize() - from);
        }
    }

    private static List<Piece> pieces(String name, List<List<Tensor>> lists) {
        MultiTensor.requireAlike(name, lists);
        List<Piece> pieces = new ArrayList<>();
        List<Tensor> like = lists.get(0);
        for (int k = 0; k < like.size(); k++) {
            long n = like.get(k).shape().size();
            for (long start = 0; start < n; start += Lanes.BLOCK) {
                pieces.add(new Piece(k, start, (int) Math.min(Lanes.BLOCK, n - start)));
            }
        }
        return pieces;
    }

    private void share(List<Piece> pieces, Task task) {
        long elements = pieces.stream().mapToLong(Piece::size).sum();
        int chunks = Math.clamp(pieces.size(), 1, WorkerPool.chunks(elements, CHUNK, 1024));
        machine.pool().run(chunks, c -> {
            int end = (int) WorkerPool.chunkStart(pieces.size(), chunks, c + 1);
            for (int i = (int) WorkerPool.chunkStart(pieces.size(), chunks, c); i < end; i++) {
                task.run(i);
            }
        });
    }
}
