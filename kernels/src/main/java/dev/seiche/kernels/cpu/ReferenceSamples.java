package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleSketch;
import java.util.List;

/** Ops on the gradients of each sample, which are formed one after the other as {@link Conv2dWeight} defines them, in double. */
final class ReferenceSamples {
    private ReferenceSamples() {}

    static void norms(SampleNorms op, List<Tensor> in, Tensor out) {
        Gradients g = new Gradients(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        Cells y = Cells.of(out);
        for (int i = 0; i < g.samples(); i++) {
            double[] row = g.row(i);
            y.set(y.layout.offset() + i, dot(row, row));
        }
    }

    static void gram(SampleGram op, List<Tensor> in, Tensor out) {
        Gradients g = new Gradients(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        double[][] rows = g.rows();
        double[][] columns = rows;
        if (in.size() == 4) {
            columns = new Gradients(op.geometry(), op.kernelH(), op.kernelW(), in.get(2), in.get(3)).rows();
        } else if (in.size() == 3) {
            columns = directions(in.get(2));
        }
        Cells y = Cells.of(out);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                y.set(y.layout.offset() + (long) i * columns.length + j, dot(rows[i], columns[j]));
            }
        }
    }

    static void moments(SampleMoments op, List<Tensor> in, Tensor out) {
        Gradients g = new Gradients(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        double[] centre = in.size() == 3 ? values(in.get(2)) : new double[g.size()];
        double[] sums = new double[3 * g.size()];
        for (int i = 0; i < g.samples(); i++) {
            double[] row = g.row(i);
            for (int c = 0; c < row.length; c++) {
                double apart = row[c] - centre[c];
                sums[c] += apart;
                sums[row.length + c] += apart * apart;
                sums[2 * row.length + c] += Math.signum(row[c]);
            }
        }
        Cells y = Cells.of(out);
        for (int c = 0; c < sums.length; c++) {
            y.set(y.layout.offset() + c, sums[c]);
        }
    }

    static void sketch(SampleSketch op, List<Tensor> in, Tensor out) {
        ReferenceIndexing.checkIds(op, in.get(2), 2 * op.size());
        Gradients g = new Gradients(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        double[] places = values(in.get(2));
        Cells y = Cells.of(out);
        for (int i = 0; i < g.samples(); i++) {
            double[] row = g.row(i);
            double[] buckets = new double[op.size() + 1];
            for (int c = 0; c < row.length; c++) {
                int place = (int) places[c];
                buckets[place / 2] += place % 2 == 0 ? row[c] : -row[c];
            }
            buckets[op.size()] = dot(row, row);
            for (int k = 0; k < buckets.length; k++) {
                y.set(y.layout.offset() + (long) i * buckets.length + k, buckets[k]);
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }

    private static double[][] directions(Tensor v) {
        double[] all = values(v);
        int count = v.shape().dim(0);
        double[][] rows = new double[count][count == 0 ? 0 : all.length / count];
        for (int k = 0; k < count; k++) {
            System.arraycopy(all, k * rows[k].length, rows[k], 0, rows[k].length);
        }
        return rows;
    }

    private static double[] values(Tensor x) {
        Cells cells = Cells.of(x);
        Walk walk = Walk.over(x.shape(), cells.layout);
        double[] values = new double[Math.toIntExact(x.shape().size())];
        for (int i = 0; i < values.length; i++, walk.step()) {
            values[i] = cells.get(walk.place(0));
        }
        return values;
    }

    /** The gradients of all samples, each formed when it is asked for. */
    private record Gradients(ConvGeometry geometry, int kernelH, int kernelW, Tensor x, Tensor dy) {
        int samples() {
            return x.shape().dim(0);
        }

        int channels() {
            return x.shape().dim(3) / geometry.groups();
        }

        int size() {
            return kernelH * kernelW * channels() * dy.shape().dim(3);
        }

        double[][] rows() {
            double[][] rows = new double[samples()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row(i);
            }
            return rows;
        }

        double[] row(int sample) {
            Cells a = Cells.of(x);
            Cells b = Cells.of(dy);
            double[] row = new double[size()];
            int outputs = b.dim(3);
            int perGroup = outputs / geometry.groups();
            for (int i = 0; i < b.dim(1); i++) {
                for (int j = 0; j < b.dim(2); j++) {
                    for (int tap = 0; tap < kernelH * kernelW; tap++) {
                        int h = ReferenceConvolution.row(geometry, i, tap / kernelW);
                        int w = ReferenceConvolution.column(geometry, j, tap % kernelW);
                        if (h < 0 || h >= a.dim(1) || w < 0 || w >= a.dim(2)) {
                            continue;
                        }
                        for (int c = 0; c < channels(); c++) {
                            for (int o = 0; o < outputs; o++) {
                                int first = o / perGroup * channels();
                                row[(tap * channels() + c) * outputs + o] +=
                                        a.at(sample, h, w, first + c) * b.at(sample, i, j, o);
                            }
                        }
                    }
                }
            }
            return row;
        }
    }
}
