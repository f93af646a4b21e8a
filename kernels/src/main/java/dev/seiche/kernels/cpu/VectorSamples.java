package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleProducts;
import dev.seiche.tensor.op.SampleSketch;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Ops on per-sample gradients of a convolution's weight, all operands contiguous. A tile of a gradient is formed by a matrix
 * product, read while it is in the cache, and dropped; inner products of pairs of samples come from {@link SlabGram}, or
 * without gradients from {@link SampleMaps}. Tiles depend on sizes only.
 */
final class VectorSamples {
    /** Elements of a tile of which sums over samples are kept in the cache too. */
    private static final int SUMMED_TILE = 1 << 14;

    private final CpuMachine machine;
    private final Gemm gemm;
    private final SampleLoops f32 = new F32SampleLoops();
    private final SampleLoops f64 = new F64SampleLoops();
    private final TileLoops f32Tiles = new F32TileLoops();
    private final TileLoops f64Tiles = new F64TileLoops();

    VectorSamples(CpuMachine machine, Gemm gemm) {
        this.machine = machine;
        this.gemm = gemm;
    }

    void norms(SampleNorms op, List<Tensor> in, Tensor out) {
        Patches s = sizes(op.geometry(), op.kernelH(), op.kernelW(), in);
        MemorySegment y = CpuMachine.elements(out);
        if (nothing(s)) {
            y.fill((byte) 0);
            return;
        }
        SampleLoops loops = loops(s.dtype());
        if (op.by() != SampleProducts.GRADIENTS) {
            maps(s, op.by()).norms(CpuMachine.elements(in.get(0)), CpuMachine.elements(in.get(1)), y);
            return;
        }
        eachSample(s, in, (sample, tiles, tile) -> {
            double sum = 0;
            for (int group = 0; group < s.groups(); group++) {
                for (int t = 0; t < tiles.perGroup(); t++) {
                    tiles.form(sample, group, t, tile);
                    sum += loops.squares(tile, (long) tiles.rows(t) * s.filtersPerGroup());
                }
            }
            loops.set(y, sample, sum);
        });
    }

    void gram(SampleGram op, List<Tensor> in, Tensor out) {
        Patches s = sizes(op.geometry(), op.kernelH(), op.kernelW(), in);
        MemorySegment y = CpuMachine.elements(out);
        if (nothing(s) || out.shape().size() == 0) {
            y.fill((byte) 0);
            return;
        }
        List<MemorySegment> operands = in.stream().map(CpuMachine::elements).toList();
        int columns = out.shape().dim(1);
        if (op.by() == SampleProducts.GRADIENTS) {
            new SlabGram(machine, tiles(s.dtype()), loops(s.dtype()), s, columns).run(operands, y);
        } else {
            maps(s, op.by()).gram(operands, columns, y);
        }
    }

    void moments(SampleMoments op, List<Tensor> in, Tensor out) {
        Patches s = sizes(op.geometry(), op.kernelH(), op.kernelW(), in);
        MemorySegment sums = CpuMachine.elements(out);
        sums.fill((byte) 0);
        if (nothing(s)) {
            return;
        }
        SampleLoops loops = loops(s.dtype());
        MemorySegment centre = in.size() == 3 ? CpuMachine.elements(in.get(2)) : MemorySegment.NULL;
        GradientTiles tiles = GradientTiles.of(
                s, tiles(s.dtype()), CpuMachine.elements(in.get(0)), CpuMachine.elements(in.get(1)), SUMMED_TILE);
        long bytes = s.dtype().bytes();
        long third = out.type().bytes() / 3;
        int width = s.filtersPerGroup();
        int chunks = s.groups() * tiles.perGroup();
        eachTile(tiles, chunks, (chunk, tile) -> {
            int group = chunk / tiles.perGroup();
            int t = chunk % tiles.perGroup();
            // with one group, the rows of a tile lie side by side in the weight too
            int runs = s.groups() == 1 ? 1 : tiles.rows(t);
            int n = tiles.rows(t) / runs * width;
            for (int sample = 0; sample < s.x().dim(0); sample++) {
                tiles.form(sample, group, t, tile);
                for (int run = 0; run < runs; run++) {
                    long at = ((long) (tiles.firstRow(t) + run) * s.filters() + (long) group * width) * bytes;
                    loops.moments(
                            tile.asSlice((long) run * n * bytes),
                            centre.byteSize() == 0 ? centre : centre.asSlice(at),
                            sums.asSlice(at),
                            sums.asSlice(third + at),
                            sums.asSlice(2 * third + at),
                            n);
                }
            }
        });
    }

    void sketch(SampleSketch op, List<Tensor> in, Tensor out) {
        Patches s = sizes(op.geometry(), op.kernelH(), op.kernelW(), in);
        MemorySegment places = VectorIndexing.checked(op, in.get(2), 2 * op.size());
        MemorySegment y = CpuMachine.elements(out);
        y.fill((byte) 0);
        if (nothing(s)) {
            return;
        }
        SampleLoops loops = loops(s.dtype());
        long bytes = s.dtype().bytes();
        int width = s.filtersPerGroup();
        eachSample(s, in, (sample, tiles, tile) -> {
            MemorySegment row = y.asSlice((long) sample * (op.size() + 1) * bytes);
            double sum = 0;
            for (int group = 0; group < s.groups(); group++) {
                for (int t = 0; t < tiles.perGroup(); t++) {
                    tiles.form(sample, group, t, tile);
                    sum += loops.squares(tile, (long) tiles.rows(t) * width);
                    int runs = s.groups() == 1 ? 1 : tiles.rows(t);
                    int n = tiles.rows(t) / runs * width;
                    for (int run = 0; run < runs; run++) {
                        long at = (long) (tiles.firstRow(t) + run) * s.filters() + (long) group * width;
                        loops.sketch(tile.asSlice((long) run * n * bytes), places.asSlice(at * Integer.BYTES), row, n);
                    }
                }
            }
            loops.set(row, op.size(), sum);
        });
    }

    private interface OfSample {
        void run(int sample, GradientTiles tiles, MemorySegment tile);
    }

    private interface OfTile {
        void run(int chunk, MemorySegment tile);
    }

    private void eachSample(Patches s, List<Tensor> in, OfSample chunk) {
        GradientTiles tiles = GradientTiles.of(
                s,
                tiles(s.dtype()),
                CpuMachine.elements(in.get(0)),
                CpuMachine.elements(in.get(1)),
                GradientTiles.TILE);
        eachTile(tiles, s.x().dim(0), (sample, tile) -> chunk.run(sample, tiles, tile));
    }

    private void eachTile(GradientTiles tiles, int chunks, OfTile body) {
        Workspaces.with(
                machine,
                tiles.tileBytes(),
                pieces -> machine.pool().run(chunks, chunk -> pieces.lend(tile -> body.run(chunk, tile))));
    }

    private SampleMaps maps(Patches s, SampleProducts by) {
        return SampleMaps.of(machine, gemm, loops(s.dtype()), s, by == SampleProducts.PIXELS);
    }

    private SampleLoops loops(DType dtype) {
        return dtype == DType.F32 ? f32 : f64;
    }

    private TileLoops tiles(DType dtype) {
        return dtype == DType.F32 ? f32Tiles : f64Tiles;
    }

    /** True where all gradients are zeros. */
    private static boolean nothing(Patches s) {
        return s.positions() == 0 || s.patch() == 0 || s.filters() == 0;
    }

    private static Patches sizes(ConvGeometry geometry, int kernelH, int kernelW, List<Tensor> in) {
        Shape x = in.get(0).shape();
        Shape dy = in.get(1).shape();
        Shape w = Shape.of(kernelH, kernelW, x.dim(3) / geometry.groups(), dy.dim(3));
        return new Patches(geometry, x, w, dy, in.get(0).dtype());
    }
}
