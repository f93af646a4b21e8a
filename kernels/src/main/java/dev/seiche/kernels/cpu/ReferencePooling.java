package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.PoolGeometry;
import java.util.List;

/** Pooling window by window over NHWC. A window that holds no input at all (height or width 0) has maximum -infinity. */
final class ReferencePooling {
    private ReferencePooling() {}

    private interface PerWindow {
        void visit(int b, int i, int j, int c, PoolWindow window);
    }

    static void max(MaxPool2d op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells y = Cells.of(out);
        visit(op.geometry(), y, x, (b, i, j, c, window) -> {
            long winner = winner(x, b, c, window);
            y.put(b, i, j, c, winner < 0 ? Double.NEGATIVE_INFINITY : x.get(winnerPlace(x, b, c, winner)));
        });
    }

    static void maxGather(MaxPool2dGather op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells t = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        visit(op.geometry(), y, x, (b, i, j, c, window) -> {
            long winner = winner(x, b, c, window);
            y.put(b, i, j, c, winner < 0 ? 0 : t.get(winnerPlace(t, b, c, winner)));
        });
    }

    static void maxScatter(MaxPool2dScatter op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells dy = Cells.of(in.get(1));
        Cells dx = Cells.of(out);
        double[] sums = new double[Math.toIntExact(out.shape().size())];
        visit(op.geometry(), dy, x, (b, i, j, c, window) -> {
            long winner = winner(x, b, c, window);
            if (winner >= 0) {
                sums[(int) (winnerPlace(dx, b, c, winner) - dx.layout.offset())] += dy.at(b, i, j, c);
            }
        });
        store(sums, dx);
    }

    static void average(AvgPool2d op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells y = Cells.of(out);
        visit(op.geometry(), y, x, (b, i, j, c, window) -> {
            double sum = 0;
            for (int h = window.top(); h < window.bottom(); h++) {
                for (int l = window.left(); l < window.right(); l++) {
                    sum += x.at(b, h, l, c);
                }
            }
            y.put(b, i, j, c, sum / window.divisor(op.geometry(), op.countPadding()));
        });
    }

    static void averageInput(AvgPool2dInput op, List<Tensor> in, Tensor out) {
        Cells dy = Cells.of(in.get(0));
        Cells dx = Cells.of(out);
        double[] sums = new double[Math.toIntExact(out.shape().size())];
        visit(op.geometry(), dy, dx, (b, i, j, c, window) -> {
            double share = dy.at(b, i, j, c) / window.divisor(op.geometry(), op.countPadding());
            for (int h = window.top(); h < window.bottom(); h++) {
                for (int l = window.left(); l < window.right(); l++) {
                    sums[(int) (dx.place(b, h, l, c) - dx.layout.offset())] += share;
                }
            }
        });
        store(sums, dx);
    }

    private static void visit(PoolGeometry g, Cells pooled, Cells input, PerWindow each) {
        for (int b = 0; b < pooled.dim(0); b++) {
            for (int i = 0; i < pooled.dim(1); i++) {
                for (int j = 0; j < pooled.dim(2); j++) {
                    PoolWindow window = PoolWindow.at(g, i, j, input.dim(1), input.dim(2));
                    for (int c = 0; c < pooled.dim(3); c++) {
                        each.visit(b, i, j, c, window);
                    }
                }
            }
        }
    }

    /** {@code row * width + column} of the largest element, the first of equals or the first NaN; -1 without any. */
    private static long winner(Cells x, int b, int c, PoolWindow window) {
        long winner = -1;
        double top = 0;
        for (int h = window.top(); h < window.bottom(); h++) {
            for (int l = window.left(); l < window.right(); l++) {
                double value = x.at(b, h, l, c);
                if (winner < 0 || value > top || (Double.isNaN(value) && !Double.isNaN(top))) {
                    winner = (long) h * x.dim(2) + l;
                    top = value;
                }
            }
        }
        return winner;
    }

    private static long winnerPlace(Cells cells, int b, int c, long winner) {
        int width = cells.dim(2);
        return cells.place(b, (int) (winner / width), (int) (winner % width), c);
    }

    private static void store(double[] values, Cells into) {
        for (int i = 0; i < values.length; i++) {
            into.set(into.layout.offset() + i, values[i]);
        }
    }
}
