package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleProducts;
import dev.seiche.tensor.op.SampleSketch;
import java.nio.ByteBuffer;
import java.util.List;

/** Launches the kernels of the files {@code sample_*.cu}. All operands are contiguous. */
final class Samples {
    /** As in {@code sample.cuh}. */
    private static final int SPAN = 64;

    private static final int WORKERS = 256;

    /** Elements of a tile of a gradient. */
    private static final int TILE = SPAN * SPAN;

    /** Blocks that keep a large GPU busy; a batch is cut into parts until there are as many. */
    private static final int BLOCKS = 512;

    /** Parts of the inner axis of a product of slabs. */
    private static final int MOST_PARTS = 16;

    /** Bytes of a slab, which shall stay in the cache between being formed and being multiplied. */
    private static final long SLAB = 16L << 20;

    /** Elements of a gradient that one thread looks through for its bucket. */
    private static final int RUN = 4096;

    private final CudaMachine machine;

    Samples(CudaMachine machine) {
        this.machine = machine;
    }

    /** What the gradients are of, and how they are cut. */
    private record Factors(Tensor x, Tensor dy, Convolutions.Sizes sizes, int tiles) {
        static Factors of(ConvGeometry g, int kernelH, int kernelW, Tensor x, Tensor dy) {
            int channels = x.shape().dim(3) / g.groups();
            int outputs = dy.shape().dim(3);
            Convolutions.Sizes sizes =
                    new Convolutions.Sizes(g, x.shape(), Shape.of(kernelH, kernelW, channels, outputs), dy.shape());
            long tiles = (long) g.groups() * Math.ceilDiv(sizes.rows(), SPAN) * Math.ceilDiv(sizes.outputs(), SPAN);
            return new Factors(x, dy, sizes, Call.count("sample gradients", tiles * TILE * 2) / (TILE * 2));
        }

        int samples() {
            return x.shape().dim(0);
        }

        int positions() {
            return dy.shape().dim(1) * dy.shape().dim(2);
        }

        int pixels() {
            return x.shape().dim(1) * x.shape().dim(2);
        }

        /** Elements of a gradient. */
        long size() {
            return sizes.w().size();
        }

        /** Parts of the batch, so that with so many tiles all of a GPU has work. */
        int parts(int ofTiles) {
            return Math.clamp(Math.ceilDiv(BLOCKS, ofTiles), 1, samples());
        }
    }

    /** {@code struct Fill} of {@code sample_products.cu}. */
    private record Fill(int slots, int here) implements Arguments.Structure {
        static Fill of(Factors f, boolean pixels) {
            int places = pixels ? Math.max(f.positions(), f.pixels()) : f.positions();
            int slots = Math.min(SPAN, places);
            return new Fill(slots, SPAN / slots);
        }

        @Override
        public void pack(ByteBuffer into) {
            into.putInt(slots).putInt(here);
        }
    }

    /** The plain kernels are asked for, or there is nothing to tile. */
    private boolean plain(Factors f) {
        return machine.version(2) == 1 || f.size() == 0 || f.positions() == 0;
    }

    /** Maps of pixels have to fit a block; larger ones are multiplied by patches, which is the same. */
    private static boolean shifts(SampleProducts by, Factors f) {
        return by == SampleProducts.PIXELS && Math.max(f.pixels(), f.positions()) <= SPAN;
    }

    void norms(SampleNorms op, List<Tensor> in, Tensor out) {
        Factors f = Factors.of(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        if (plain(f)) {
            factors("sample_norms_fwd_" + out.dtype() + "_v1", f)
                    .tensor(out)
                    .count(f.samples())
                    .structure(f.sizes)
                    .over(f.samples());
        } else if (op.by() != SampleProducts.GRADIENTS) {
            boolean pixels = shifts(op.by(), f);
            factors("sample_norms_" + (pixels ? "pixels" : "patches") + "_fwd_" + out.dtype() + "_v2", f)
                    .tensor(out)
                    .structure(Fill.of(f, pixels))
                    .structure(f.sizes)
                    .launch(Grid.of(f.samples(), 1, WORKERS, 1));
        } else {
            machine.withScratch((long) f.tiles * f.samples() * Double.BYTES, partial -> {
                factors("sample_norms_tiles_fwd_" + out.dtype() + "_v2", f)
                        .address(partial)
                        .structure(f.sizes)
                        .launch(Grid.of(f.tiles, f.parts(f.tiles), WORKERS, 1));
                addUp(partial, out, f.tiles);
            });
        }
    }

    void gram(SampleGram op, List<Tensor> in, Tensor out) {
        Factors f = Factors.of(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        if (in.size() == 3) {
            dots(f, in.get(2), out);
            return;
        }
        boolean symmetric = in.size() == 2;
        Factors other = symmetric ? f : Factors.of(op.geometry(), op.kernelH(), op.kernelW(), in.get(2), in.get(3));
        if (plain(f)) {
            long n = out.shape().size();
            factors("sample_gram_fwd_" + out.dtype() + "_v1", f)
                    .tensor(other.x)
                    .tensor(other.dy)
                    .tensor(out)
                    .count(n)
                    .count(other.samples())
                    .structure(f.sizes)
                    .over(n);
        } else if (op.by() != SampleProducts.GRADIENTS) {
            boolean pixels = shifts(op.by(), f);
            Fill fill = Fill.of(f, pixels);
            factors("sample_gram_" + (pixels ? "pixels" : "patches") + "_fwd_" + out.dtype() + "_v2", f)
                    .tensor(other.x)
                    .tensor(other.dy)
                    .tensor(out)
                    .count(other.samples())
                    .count(symmetric ? 1 : 0)
                    .structure(fill)
                    .structure(f.sizes)
                    .launch(Grid.of(
                            Math.ceilDiv(f.samples(), fill.here),
                            Math.ceilDiv(other.samples(), fill.here),
                            WORKERS,
                            1));
        } else {
            slabs(f, other, symmetric, out);
        }
    }

    /** Slab after slab of both batches' gradients is formed and multiplied; sums are in f64. */
    private void slabs(Factors f, Factors other, boolean symmetric, Tensor out) {
        int rows = f.samples();
        int columns = other.samples();
        long bytes = (long) TILE * out.dtype().bytes();
        int most = Math.clamp(SLAB / (bytes * (rows + (symmetric ? 0 : columns))), 1, f.tiles);
        int blocks = Math.ceilDiv(rows, SPAN) * Math.ceilDiv(columns, SPAN);
        int parts = Math.clamp(WORKERS / blocks, 1, MOST_PARTS);
        long n = out.shape().size();
        machine.withScratch(n * parts * Double.BYTES, sums -> {
            machine.withScratch((long) rows * most * bytes, mine -> {
                machine.withScratch(symmetric ? bytes : (long) columns * most * bytes, theirs -> {
                    for (int tile = 0; tile < f.tiles; tile += most) {
                        int count = Math.min(most, f.tiles - tile);
                        form(f, mine, tile, count, 0, rows);
                        if (!symmetric) {
                            form(other, theirs, tile, count, 0, columns);
                        }
                        machine.call("sample_gram_slab_fwd_" + out.dtype() + "_v2")
                                .address(mine)
                                .address(symmetric ? mine : theirs)
                                .address(sums)
                                .count(rows)
                                .count(columns)
                                .count((long) count * TILE)
                                .count(symmetric ? 1 : 0)
                                .count(tile == 0 ? 1 : 0)
                                .launch(Grid.of(
                                        Math.ceilDiv(rows, SPAN), Math.ceilDiv(columns, SPAN), parts, WORKERS, 1));
                    }
                });
            });
            machine.call("sample_gram_parts_fwd_" + out.dtype() + "_v2")
                    .address(sums)
                    .tensor(out)
                    .count(n)
                    .count(columns)
                    .count(parts)
                    .count(symmetric ? 1 : 0)
                    .over(n);
        });
    }

    /** Some tiles of some samples' gradients: [samples, tiles, SPAN, SPAN]. */
    private void form(Factors f, long slab, int firstTile, int tiles, int firstSample, int samples) {
        factors("sample_slab_fwd_" + f.x.dtype() + "_v2", f)
                .address(slab)
                .count(firstTile)
                .count(firstSample)
                .count(samples)
                .structure(f.sizes)
                .launch(Grid.of(tiles, Math.min(samples, f.parts(tiles)), WORKERS, 1));
    }

    private void dots(Factors f, Tensor v, Tensor out) {
        int directions = v.shape().dim(0);
        long n = out.shape().size();
        if (plain(f)) {
            factors("sample_dots_fwd_" + out.dtype() + "_v1", f)
                    .tensor(v)
                    .tensor(out)
                    .count(n)
                    .count(directions)
                    .structure(f.sizes)
                    .over(n);
            return;
        }
        machine.withScratch(n * f.tiles * Double.BYTES, partial -> {
            factors("sample_dots_tiles_fwd_" + out.dtype() + "_v2", f)
                    .tensor(v)
                    .address(partial)
                    .count(directions)
                    .structure(f.sizes)
                    .launch(Grid.of(f.tiles, f.parts(f.tiles), WORKERS, 1));
            addUp(partial, out, f.tiles);
        });
    }

    void moments(SampleMoments op, List<Tensor> in, Tensor out) {
        Factors f = Factors.of(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        long centre = in.size() == 3 ? machine.address(in.get(2)) : 0;
        if (plain(f) || f.samples() == 0) {
            factors("sample_moments_fwd_" + out.dtype() + "_v1", f)
                    .address(centre)
                    .tensor(out)
                    .count(f.size())
                    .structure(f.sizes)
                    .over(f.size());
            return;
        }
        int parts = f.parts(f.tiles);
        machine.withScratch(out.shape().size() * parts * Double.BYTES, partial -> {
            factors("sample_moments_tiles_fwd_" + out.dtype() + "_v2", f)
                    .address(centre)
                    .address(partial)
                    .structure(f.sizes)
                    .launch(Grid.of(f.tiles, parts, WORKERS, 1));
            addUp(partial, out, parts);
        });
    }

    private void addUp(long partial, Tensor out, int parts) {
        long n = out.shape().size();
        machine.call("sample_parts_fwd_" + out.dtype() + "_v2")
                .address(partial)
                .tensor(out)
                .count(n)
                .count(parts)
                .over(n);
    }

    void sketch(SampleSketch op, List<Tensor> in, Tensor out) {
        Factors f = Factors.of(op.geometry(), op.kernelH(), op.kernelW(), in.get(0), in.get(1));
        Tensor places = in.get(2);
        if (plain(f)) {
            long n = out.shape().size();
            factors("sample_sketch_fwd_" + out.dtype() + "_v1", f)
                    .tensor(places)
                    .tensor(out)
                    .count(n)
                    .count(op.size())
                    .ids(op, places, 2 * op.size())
                    .structure(f.sizes)
                    .over(n);
            return;
        }
        int runs = Call.count("a sketch", Math.ceilDiv(f.size(), RUN));
        long counts = (long) runs * op.size();
        machine.withScratch((2 * counts + 1) * Integer.BYTES, numbers -> {
            long begins = numbers + counts * Integer.BYTES;
            machine.withScratch(f.size() * Integer.BYTES, order -> {
                sort(op, f, places, runs, numbers, begins, order);
                gather(op, f, runs, begins, order, out);
            });
        });
    }

    /** The elements of each bucket in their order. */
    private void sort(SampleSketch op, Factors f, Tensor places, int runs, long counts, long begins, long order) {
        long n = (long) runs * op.size();
        machine.call("sample_sketch_counts_i32_v2")
                .tensor(places)
                .address(counts)
                .count(n)
                .count(op.size())
                .count(RUN)
                .count(f.size())
                .ids(op, places, 2 * op.size())
                .over(n);
        machine.call("sample_sketch_begins_i32_v2")
                .address(counts)
                .address(begins)
                .count(n)
                .launch(Grid.of(1, 1, WORKERS, 1));
        machine.call("sample_sketch_order_i32_v2")
                .tensor(places)
                .address(begins)
                .address(order)
                .count(n)
                .count(op.size())
                .count(RUN)
                .count(f.size())
                .structure(f.sizes)
                .over(n);
    }

    /** Gradients of as many samples at a time as a slab holds, gathered by bucket. */
    private void gather(SampleSketch op, Factors f, int runs, long begins, long order, Tensor out) {
        long elements = (long) f.tiles * TILE;
        long bytes = elements * out.dtype().bytes();
        int most = Math.clamp(SLAB / bytes, 1, f.samples());
        machine.withScratch(most * bytes, slab -> {
            for (int from = 0; from < f.samples(); from += most) {
                int samples = Math.min(most, f.samples() - from);
                form(f, slab, 0, f.tiles, from, samples);
                long to = machine.address(out)
                        + (long) from * (op.size() + 1) * out.dtype().bytes();
                long n = (long) samples * op.size();
                machine.call("sample_sketch_gather_fwd_" + out.dtype() + "_v2")
                        .address(slab)
                        .address(begins)
                        .address(order)
                        .address(to)
                        .count(n)
                        .count(op.size())
                        .count(runs)
                        .i64(elements)
                        .over(n);
                machine.call("sample_sketch_squares_fwd_" + out.dtype() + "_v2")
                        .address(slab)
                        .address(to)
                        .count(op.size())
                        .i64(elements)
                        .launch(Grid.of(samples, 1, WORKERS, 1));
            }
        });
    }

    private Call factors(String kernel, Factors f) {
        return machine.call(kernel).tensor(f.x).tensor(f.dy);
    }
}
