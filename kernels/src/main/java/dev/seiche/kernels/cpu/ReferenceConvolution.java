package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;

/** The convolution and its two adjoints as the sum in {@link Conv2d}, accumulated in double. */
final class ReferenceConvolution {
    private ReferenceConvolution() {}

    static void forward(Conv2d op, List<Tensor> in, Tensor out) {
        ConvGeometry g = op.geometry();
        Cells x = Cells.of(in.get(0));
        Cells w = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        int channels = w.dim(2);
        int perGroup = w.dim(3) / g.groups();
        for (int b = 0; b < y.dim(0); b++) {
            for (int i = 0; i < y.dim(1); i++) {
                for (int j = 0; j < y.dim(2); j++) {
                    for (int o = 0; o < y.dim(3); o++) {
                        int first = o / perGroup * channels;
                        double sum = 0;
                        for (int u = 0; u < w.dim(0); u++) {
                            for (int v = 0; v < w.dim(1); v++) {
                                int h = row(g, i, u);
                                int l = column(g, j, v);
                                if (h < 0 || h >= x.dim(1) || l < 0 || l >= x.dim(2)) {
                                    continue;
                                }
                                for (int c = 0; c < channels; c++) {
                                    sum += x.at(b, h, l, first + c) * w.at(u, v, c, o);
                                }
                            }
                        }
                        y.put(b, i, j, o, sum);
                    }
                }
            }
        }
    }

    static void input(Conv2dInput op, List<Tensor> in, Tensor out) {
        ConvGeometry g = op.geometry();
        Cells dy = Cells.of(in.get(0));
        Cells w = Cells.of(in.get(1));
        Cells dx = Cells.of(out);
        int channels = w.dim(2);
        int perGroup = w.dim(3) / g.groups();
        for (int b = 0; b < dx.dim(0); b++) {
            for (int h = 0; h < dx.dim(1); h++) {
                for (int l = 0; l < dx.dim(2); l++) {
                    for (int c = 0; c < dx.dim(3); c++) {
                        int first = c / channels * perGroup;
                        double sum = 0;
                        for (int u = 0; u < w.dim(0); u++) {
                            for (int v = 0; v < w.dim(1); v++) {
                                // the output whose tap (u, v) lies on (h, l), if there is one
                                int i = h + g.padTop() - u * g.dilationH();
                                int j = l + g.padLeft() - v * g.dilationW();
                                if (i % g.strideH() != 0 || j % g.strideW() != 0) {
                                    continue;
                                }
                                i /= g.strideH();
                                j /= g.strideW();
                                if (i < 0 || i >= dy.dim(1) || j < 0 || j >= dy.dim(2)) {
                                    continue;
                                }
                                for (int o = 0; o < perGroup; o++) {
                                    sum += dy.at(b, i, j, first + o) * w.at(u, v, c % channels, first + o);
                                }
                            }
                        }
                        dx.put(b, h, l, c, sum);
                    }
                }
            }
        }
    }

    static void weight(Conv2dWeight op, List<Tensor> in, Tensor out) {
        ConvGeometry g = op.geometry();
        Cells x = Cells.of(in.get(0));
        Cells dy = Cells.of(in.get(1));
        Cells dw = Cells.of(out);
        int channels = dw.dim(2);
        int perGroup = dw.dim(3) / g.groups();
        for (int u = 0; u < dw.dim(0); u++) {
            for (int v = 0; v < dw.dim(1); v++) {
                for (int c = 0; c < channels; c++) {
                    for (int o = 0; o < dw.dim(3); o++) {
                        int first = o / perGroup * channels;
                        double sum = 0;
                        for (int b = 0; b < dy.dim(0); b++) {
                            for (int i = 0; i < dy.dim(1); i++) {
                                for (int j = 0; j < dy.dim(2); j++) {
                                    int h = row(g, i, u);
                                    int l = column(g, j, v);
                                    if (h >= 0 && h < x.dim(1) && l >= 0 && l < x.dim(2)) {
                                        sum += x.at(b, h, l, first + c) * dy.at(b, i, j, o);
                                    }
                                }
                            }
                        }
                        dw.put(u, v, c, o, sum);
                    }
                }
            }
        }
    }

    /** The input row under tap u of output row i; may lie in the padding. */
    static int row(ConvGeometry g, int i, int u) {
        return i * g.strideH() + u * g.dilationH() - g.padTop();
    }

    static int column(ConvGeometry g, int j, int v) {
        return j * g.strideW() + v * g.dilationW() - g.padLeft();
    }
}
