package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Sum;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums and maxima over any axes. Neighbouring axes that are reduced, or kept, count as one; then the innermost reduced
 * axis goes first: along rows where it is the last axis, else down columns. Sums between passes are kept in double. The
 * order of a sum depends on sizes only.
 */
final class VectorReductions {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 16;

    /** Rows that one partial sum of a column is made of, at least; and how many partial sums there are at most. */
    private static final int PART_ROWS = 4 * Lanes.ROWS;

    private static final int MOST_PARTS = 64;

    private final CpuMachine machine;

    VectorReductions(CpuMachine machine) {
        this.machine = machine;
    }

    Kernel<Sum> sum() {
        return (op, in, out) -> reduce(in.get(0), op.axes(), out, true);
    }

    Kernel<Max> max() {
        return (op, in, out) -> reduce(in.get(0), op.axes(), out, false);
    }

    /** Elements of one type that are passed from one pass to the next. */
    private record Data(MemorySegment memory, DType dtype) {}

    private void reduce(Tensor x, List<Integer> axes, Tensor out, boolean sum) {
        Data result = new Data(CpuMachine.elements(out), out.dtype());
        if (x.shape().size() == 0) {
            result.memory().fill((byte) 0); // only a sum may be empty
            return;
        }
        reduce(new Data(CpuMachine.elements(x), x.dtype()), groups(x.shape(), axes), result, sum);
    }

    /** Sizes of runs of axes, alternately kept and reduced, from a kept one (perhaps of size 1) on. */
    static List<Long> groups(Shape shape, List<Integer> axes) {
        List<Long> groups = new ArrayList<>(List.of(1L));
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.dim(axis) == 1) {
                continue;
            }
            boolean reduced = axes.contains(axis);
            if (reduced != (groups.size() % 2 == 0)) {
                groups.add(1L);
            }
            groups.set(groups.size() - 1, groups.getLast() * shape.dim(axis));
        }
        return groups;
    }

    private void reduce(Data x, List<Long> groups, Data out, boolean sum) {
        if (groups.size() == 1) {
            convert(x, groups.get(0), out);
            return;
        }
        int at = groups.size() % 2 == 0 ? groups.size() - 1 : groups.size() - 2;
        long outer = groups.subList(0, at).stream().reduce(1L, (a, b) -> a * b);
        long inner = at == groups.size() - 1 ? 1 : groups.get(at + 1);
        if (at == 1) {
            pass(x, outer, groups.get(at), inner, out, sum);
            return;
        }
        List<Long> rest = new ArrayList<>(groups.subList(0, at));
        rest.set(at - 1, rest.get(at - 1) * inner);
        DType between = sum ? DType.F64 : x.dtype();
        machine.withMemory(outer * inner * between.bytes(), memory -> {
            Data partial = new Data(memory, between);
            pass(x, outer, groups.get(at), inner, partial, sum);
            reduce(partial, rest, out, sum);
        });
    }

    /** x[outer, n, inner] to y[outer, inner]. */
    private void pass(Data x, long outer, long n, long inner, Data y, boolean sum) {
        if (inner == 1 && sum) {
            sumRows(x, outer, n, y);
        } else if (inner == 1) {
            maxRows(x, outer, n, y);
        } else if (sum) {
            sumColumns(x, outer, n, Math.toIntExact(inner), y);
        } else {
            maxColumns(x, outer, n, Math.toIntExact(inner), y);
        }
    }

    private void sumRows(Data x, long rows, long n, Data y) {
        Lanes lanes = machine.lanes(x.dtype());
        int bytes = x.dtype().bytes();
        int blocks = Math.toIntExact(Math.ceilDiv(n, Lanes.BLOCK));
        machine.withMemory(rows * blocks * JAVA_DOUBLE.byteSize(), partial -> {
            share(rows * blocks, Math.min(n, Lanes.BLOCK), i -> {
                long start = i % blocks * Lanes.BLOCK;
                int size = (int) Math.min(Lanes.BLOCK, n - start);
                partial.setAtIndex(
                        JAVA_DOUBLE, i, lanes.sum(x.memory().asSlice((i / blocks * n + start) * bytes), size));
            });
            for (long row = 0; row < rows; row++) {
                double sum = 0;
                for (int b = 0; b < blocks; b++) {
                    sum += partial.getAtIndex(JAVA_DOUBLE, row * blocks + b);
                }
                set(y, row, sum);
            }
        });
    }

    private void sumColumns(Data x, long outer, long n, int columns, Data y) {
        Lanes lanes = machine.lanes(x.dtype());
        int bytes = x.dtype().bytes();
        int parts = Math.clamp(n / PART_ROWS, 1, MOST_PARTS);
        int padded = Lanes.padded(columns);
        long partBytes = padded * JAVA_DOUBLE.byteSize();
        machine.withMemory(outer * parts * partBytes, partial -> {
            share(outer * parts, n / parts * columns, i -> {
                MemorySegment sums = partial.asSlice(i * partBytes, partBytes);
                sums.fill((byte) 0);
                int part = (int) (i % parts);
                long end = WorkerPool.chunkStart(n, parts, part + 1);
                for (long row = WorkerPool.chunkStart(n, parts, part); row < end; row += Lanes.ROWS) {
                    int rows = (int) Math.min(Lanes.ROWS, end - row);
                    MemorySegment from = x.memory().asSlice((i / parts * n + row) * columns * bytes);
                    lanes.addColumns(from, rows, columns, columns, sums);
                }
            });
            for (long o = 0; o < outer; o++) {
                for (int c = 0; c < columns; c++) {
                    double sum = 0;
                    for (int part = 0; part < parts; part++) {
                        sum += partial.getAtIndex(JAVA_DOUBLE, (o * parts + part) * padded + c);
                    }
                    set(y, o * columns + c, sum);
                }
            }
        });
    }

    private void maxRows(Data x, long rows, long n, Data y) {
        Lanes lanes = machine.lanes(x.dtype());
        int bytes = x.dtype().bytes();
        share(rows, n, row -> {
            double top = Double.NEGATIVE_INFINITY;
            for (long start = 0; start < n; start += Lanes.BLOCK) {
                int size = (int) Math.min(Lanes.BLOCK, n - start);
                top = Math.max(top, lanes.max(x.memory().asSlice((row * n + start) * bytes), size));
            }
            set(y, row, top);
        });
    }

    private void maxColumns(Data x, long outer, long n, int columns, Data y) {
        Lanes lanes = machine.lanes(x.dtype());
        int bytes = x.dtype().bytes();
        int rows = Math.toIntExact(n);
        share(outer, n * columns, o -> {
            MemorySegment from = x.memory().asSlice(o * n * columns * bytes);
            lanes.maxColumns(from, rows, columns, columns, y.memory().asSlice(o * columns * bytes));
        });
    }

    /** One of many equal tasks. */
    interface Task {
        void run(long i);
    }

    private void share(long count, long workEach, Task task) {
        share(machine.pool(), count, workEach, CHUNK, task);
    }

    /** Runs tasks 0 to count - 1, neighbours together until their work is worth another thread. */
    static void share(WorkerPool pool, long count, long workEach, int chunk, Task task) {
        int chunks = (int) Math.min(count, WorkerPool.chunks(count * workEach, chunk, 1024));
        pool.run(chunks, c -> {
            long end = WorkerPool.chunkStart(count, chunks, c + 1);
            for (long i = WorkerPool.chunkStart(count, chunks, c); i < end; i++) {
                task.run(i);
            }
        });
    }

    private static void convert(Data x, long n, Data y) {
        if (x.dtype() == y.dtype()) {
            MemorySegment.copy(x.memory(), 0, y.memory(), 0, n * x.dtype().bytes());
        } else {
            for (long i = 0; i < n; i++) {
                set(y, i, x.memory().getAtIndex(JAVA_DOUBLE, i));
            }
        }
    }

    private static void set(Data y, long i, double value) {
        if (y.dtype() == DType.F32) {
            y.memory().setAtIndex(JAVA_FLOAT, i, (float) value);
        } else {
            y.memory().setAtIndex(JAVA_DOUBLE, i, value);
        }
    }
}
