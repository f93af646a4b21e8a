package dev.seiche.kernels.cpu;

import static dev.seiche.kernels.cpu.OpCases.terms;

import dev.seiche.kernels.cpu.OpCases.Bound;
import dev.seiche.kernels.cpu.OpCases.Case;
import dev.seiche.kernels.cpu.OpCases.Input;
import dev.seiche.kernels.cpu.OpCases.Maker;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.PoolGeometry;
import java.util.List;
import java.util.Map;

/** Random cases of convolutions and pooling: strides, padding on each side, dilation, groups. */
final class SpatialCases {
    private SpatialCases() {}

    static void addTo(Map<String, Maker> cases) {
        convolutions(cases);
        pooling(cases);
    }

    private record Conv(Shape x, Shape w, Shape y, ConvGeometry geometry) {
        static Conv large() {
            return new Conv(
                    Shape.of(2, 40, 40, 32),
                    Shape.of(3, 3, 16, 4),
                    Shape.of(2, 40, 40, 4),
                    ConvGeometry.of(1, 1).withGroups(2));
        }

        static Conv draw(Draws d) {
            while (true) {
                int groups = 1 + d.below(3);
                ConvGeometry g = new ConvGeometry(
                        1 + d.below(2),
                        1 + d.below(2),
                        d.below(3),
                        d.below(3),
                        d.below(3),
                        d.below(3),
                        1 + d.below(2),
                        1 + d.below(2),
                        groups);
                Shape x = Shape.of(1 + d.below(3), 1 + d.below(9), 1 + d.below(9), groups * (1 + d.below(5)));
                Shape w = Shape.of(1 + d.below(3), 1 + d.below(3), x.dim(3) / groups, groups * (1 + d.below(5)));
                int oh = g.outputH(x.dim(1), w.dim(0));
                int ow = g.outputW(x.dim(2), w.dim(1));
                if (oh > 0 && ow > 0) {
                    return new Conv(x, w, Shape.of(x.dim(0), oh, ow, w.dim(3)), g);
                }
            }
        }
    }

    private static void convolutions(Map<String, Maker> cases) {
        cases.put("conv2d", (d, dtype) -> {
            Conv c = Conv.draw(d);
            return new Case(
                    new Conv2d(c.geometry()),
                    List.of(Input.of(c.x()), Input.of(c.w())),
                    Bound.TERMS,
                    terms(c.w().size()));
        });
        // several slabs of patches, cut within an image
        cases.put("conv2d large", (d, dtype) -> {
            Conv c = Conv.large();
            return new Case(
                    new Conv2d(c.geometry()),
                    List.of(Input.of(c.x()), Input.of(c.w())),
                    Bound.TERMS,
                    terms(c.w().size()));
        });
        cases.put("conv2d_input large", (d, dtype) -> {
            Conv c = Conv.large();
            return new Case(
                    new Conv2dInput(c.geometry(), c.x().dim(1), c.x().dim(2)),
                    List.of(Input.of(c.y()), Input.of(c.w())),
                    Bound.TERMS,
                    terms(c.w().size()));
        });
        cases.put("conv2d_weight large", (d, dtype) -> {
            Conv c = Conv.large();
            return new Case(
                    new Conv2dWeight(c.geometry(), c.w().dim(0), c.w().dim(1)),
                    List.of(Input.of(c.x()), Input.of(c.y())),
                    Bound.TERMS,
                    terms(c.y().size()));
        });
        cases.put("conv2d_input", (d, dtype) -> {
            Conv c = Conv.draw(d);
            return new Case(
                    new Conv2dInput(c.geometry(), c.x().dim(1), c.x().dim(2)),
                    List.of(Input.of(c.y()), Input.of(c.w())),
                    Bound.TERMS,
                    terms(c.w().size()));
        });
        cases.put("conv2d_weight", (d, dtype) -> {
            Conv c = Conv.draw(d);
            return new Case(
                    new Conv2dWeight(c.geometry(), c.w().dim(0), c.w().dim(1)),
                    List.of(Input.of(c.x()), Input.of(c.y())),
                    Bound.TERMS,
                    terms(c.y().size()));
        });
    }

    private record Pool(Shape x, Shape y, PoolGeometry geometry) {
        static Pool draw(Draws d) {
            while (true) {
                int kh = 1 + d.below(3);
                int kw = 1 + d.below(3);
                PoolGeometry g = new PoolGeometry(
                        kh, kw, 1 + d.below(3), 1 + d.below(3), d.below(kh), d.below(kh), d.below(kw), d.below(kw));
                Shape x = Shape.of(1 + d.below(3), 1 + d.below(8), 1 + d.below(8), d.size());
                if (g.outputH(x.dim(1)) > 0 && g.outputW(x.dim(2)) > 0) {
                    return new Pool(x, Shape.of(x.dim(0), g.outputH(x.dim(1)), g.outputW(x.dim(2)), x.dim(3)), g);
                }
            }
        }
    }

    private static void pooling(Map<String, Maker> cases) {
        cases.put("max_pool2d", (d, dtype) -> {
            Pool p = Pool.draw(d);
            return new Case(new MaxPool2d(p.geometry()), List.of(Input.of(p.x())), Bound.EXACT, 0);
        });
        cases.put("max_pool2d_gather", (d, dtype) -> {
            Pool p = Pool.draw(d);
            return new Case(
                    new MaxPool2dGather(p.geometry()), List.of(Input.of(p.x()), Input.of(p.x())), Bound.EXACT, 0);
        });
        cases.put("max_pool2d_scatter", (d, dtype) -> {
            Pool p = Pool.draw(d);
            return new Case(
                    new MaxPool2dScatter(p.geometry()),
                    List.of(Input.of(p.x()).selecting(), Input.of(p.y())),
                    Bound.TERMS,
                    9);
        });
        cases.put("avg_pool2d", (d, dtype) -> {
            Pool p = Pool.draw(d);
            return new Case(
                    new AvgPool2d(p.geometry(), d.below(2) == 0), List.of(Input.of(p.x())), Bound.TERMS, terms(9));
        });
        cases.put("avg_pool2d_input", (d, dtype) -> {
            Pool p = Pool.draw(d);
            return new Case(
                    new AvgPool2dInput(p.geometry(), d.below(2) == 0, p.x().dim(1), p.x().dim(2)),
                    List.of(Input.of(p.y())),
                    Bound.TERMS,
                    terms(9));
        });
    }
}
