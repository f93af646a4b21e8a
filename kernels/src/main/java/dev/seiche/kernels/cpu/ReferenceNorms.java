package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.util.List;
import java.util.stream.IntStream;

/** Mean and variance over axes, zero mean and unit variance, and its gradient. Sums go in row-major order, in double. */
final class ReferenceNorms {
    private ReferenceNorms() {}

    /** One tensor as groups of elements that are standardised together. */
    private static final class Groups {
        final Cells cells;
        final Walk kept;
        final Walk along;

        Groups(Tensor tensor, List<Integer> axes) {
            this.cells = Cells.of(tensor);
            Layout layout = cells.layout;
            this.kept = Walk.along(
                    layout,
                    IntStream.range(0, layout.shape().rank())
                            .filter(axis -> !axes.contains(axis))
                            .toArray());
            this.along =
                    Walk.along(layout, axes.stream().mapToInt(Integer::intValue).toArray());
        }

        /** The elements of the present group. */
        double[] read() {
            double[] elements = new double[Math.toIntExact(along.size())];
            for (int i = 0; i < elements.length; i++, along.step()) {
                elements[i] = cells.get(cells.layout.offset() + kept.place(0) + along.place(0));
            }
            return elements;
        }

        void write(double[] elements) {
            for (double element : elements) {
                cells.set(cells.layout.offset() + kept.place(0) + along.place(0), element);
                along.step();
            }
        }
    }

    static void moments(Moments op, List<Tensor> in, Tensor out) {
        Groups x = new Groups(in.get(0), op.axes());
        Cells y = Cells.of(out);
        long groups = x.kept.size();
        for (long group = 0; group < groups; group++, x.kept.step()) {
            double[] elements = x.read();
            y.set(y.layout.offset() + group, mean(elements));
            y.set(y.layout.offset() + groups + group, variance(centred(elements)));
        }
    }

    static void standardise(Standardise op, List<Tensor> in, Tensor out) {
        Groups x = new Groups(in.get(0), op.axes());
        Groups y = new Groups(out, op.axes());
        for (long group = 0; group < x.kept.size(); group++, x.kept.step(), y.kept.step()) {
            double[] elements = centred(x.read());
            double deviation = deviation(elements, op.eps());
            y.write(map(elements, i -> elements[i] / deviation));
        }
    }

    static void standardiseGrad(StandardiseGrad op, List<Tensor> in, Tensor out) {
        Groups x = new Groups(in.get(0), op.axes());
        Groups dy = new Groups(in.get(1), op.axes());
        Groups dx = new Groups(out, op.axes());
        for (long group = 0; group < x.kept.size(); group++, x.kept.step(), dy.kept.step(), dx.kept.step()) {
            double[] elements = centred(x.read());
            double deviation = deviation(elements, op.eps());
            double[] slopes = centred(dy.read());
            double along = 0;
            for (int i = 0; i < elements.length; i++) {
                along += slopes[i] * elements[i] / deviation;
            }
            double mean = along / elements.length;
            dx.write(map(elements, i -> (slopes[i] - elements[i] / deviation * mean) / deviation));
        }
    }

    private interface Element {
        double at(int i);
    }

    private static double[] map(double[] like, Element element) {
        double[] out = new double[like.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = element.at(i);
        }
        return out;
    }

    private static double mean(double[] elements) {
        double sum = 0;
        for (double element : elements) {
            sum += element;
        }
        return sum / elements.length;
    }

    private static double[] centred(double[] elements) {
        double mean = mean(elements);
        return map(elements, i -> elements[i] - mean);
    }

    private static double variance(double[] centred) {
        double squares = 0;
        for (double each : centred) {
            squares += each * each;
        }
        return squares / centred.length;
    }

    private static double deviation(double[] centred, double eps) {
        return Math.sqrt(variance(centred) + eps);
    }
}
