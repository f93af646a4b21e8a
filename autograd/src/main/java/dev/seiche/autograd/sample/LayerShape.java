package dev.seiche.autograd.sample;

import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;

/**
 * What the cost of a parameter's per-sample gradients depends on: T positions, in each of G groups the outer product of a
 * left vector of d and a right vector of p elements. Sizes of one sample; of all uses together where a parameter has
 * several.
 *
 * @param size elements of the parameter, {@code d * G * p} where there are factors
 * @param pixels H*W of a convolution's input, else 0
 * @param channels of one group of a convolution's input, else 0
 * @param taps of a convolution's window, else 0
 * @param dense false for a convolution with a stride, where shifting would work on pixels that no window begins at
 * @param fused true where gradients are formed, or positions multiplied, and read in one pass: one use, no table
 */
public record LayerShape(
        String name,
        Form form,
        long size,
        int positions,
        int left,
        int right,
        int groups,
        int pixels,
        int channels,
        int taps,
        boolean dense,
        boolean fused) {

    /** Positions on one side of a map of products, elements of a tile and of a slab, and rows of a tile, in one pass. */
    private static final int MAP_SIDE = 192;

    private static final int TILE = 1 << 17;
    private static final int SLAB = 1 << 21;
    private static final int FEWEST_ROWS = 32;

    /** What the factors are made of. */
    public enum Form {
        /** No factors: the gradients themselves. */
        ROWS,
        /** Vectors on both sides. */
        VECTORS,
        /** Patches of an image, and vectors. */
        PATCHES,
        /** Ids of rows of a table, and vectors. */
        IDS,
        /** Some uses of the parameter have factors, others have not. */
        MIXED
    }

    /** A bias, a norm's affine map, or whatever has no factors. */
    public static LayerShape rows(String name, long size) {
        return new LayerShape(name, Form.ROWS, size, 1, 1, 1, 1, 0, 0, 0, true, false);
    }

    /** A linear layer with weight [in, out] at {@code positions} positions. */
    public static LayerShape linear(String name, int positions, int in, int out) {
        return new LayerShape(name, Form.VECTORS, (long) in * out, positions, in, out, 1, 0, 0, 0, true, true);
    }

    /** A table [count, features] looked up {@code positions} times. */
    public static LayerShape embedding(String name, int positions, int count, int features) {
        return new LayerShape(
                name, Form.IDS, (long) count * features, positions, count, features, 1, 0, 0, 0, true, false);
    }

    /** A convolution of an h x w image with a square window. */
    public static LayerShape convolution(
            String name, int h, int w, int in, int out, int kernel, ConvGeometry geometry) {
        int positions = geometry.outputH(h, kernel) * geometry.outputW(w, kernel);
        int channels = in / geometry.groups();
        int taps = kernel * kernel;
        return new LayerShape(
                name,
                Form.PATCHES,
                (long) taps * channels * out,
                positions,
                taps * channels,
                out / geometry.groups(),
                geometry.groups(),
                h * w,
                channels,
                taps,
                geometry.strideH() == 1 && geometry.strideW() == 1,
                true);
    }

    /** The routes that answer a question about this parameter, the planner's favourite not known. */
    public List<Route> routes(Question question) {
        if (form == Form.ROWS) {
            return List.of(Route.DIRECT);
        }
        if (question == Question.DOT) {
            return List.of(Route.PROJECT, Route.MATERIALISE);
        }
        boolean contracts =
                form != Form.MIXED && (question != Question.SECOND_MOMENT || (form == Form.VECTORS && positions == 1));
        if (!contracts) {
            return List.of(Route.MATERIALISE);
        }
        boolean shifts = form == Form.PATCHES && taps > 1 && dense && question != Question.SECOND_MOMENT;
        return shifts
                ? List.of(Route.CONTRACT, Route.SHIFT, Route.MATERIALISE)
                : List.of(Route.CONTRACT, Route.MATERIALISE);
    }

    /** Floating-point operations for the inner product of one pair of samples, forming the gradients not counted. */
    public double flopsPerPair(Route route) {
        double t = positions;
        return switch (route) {
            case CONTRACT -> groups * 2 * t * t * ((form == Form.IDS ? 0 : left) + (double) right);
            case SHIFT -> groups * (2.0 * pixels * pixels * channels + t * t * (taps + 2.0 * right));
            default -> 2.0 * size;
        };
    }

    /** Floating-point operations that form one sample's gradient from its factors, as many as its share of a weight gradient. */
    public double flopsToForm() {
        return switch (form) {
            case ROWS -> 0;
            case IDS -> (double) positions * right;
            default -> 2.0 * positions * size;
        };
    }

    /** Elements of one sample's factors. */
    public long factorElements() {
        return switch (form) {
            case ROWS -> size;
            case PATCHES -> (long) groups * ((long) pixels * channels + (long) positions * right);
            case IDS -> positions + (long) positions * right;
            default -> (long) groups * positions * (left + right);
        };
    }

    /** Elements to keep of one sample: its factors or its gradient, whichever is smaller. */
    public long keptElements() {
        return Math.min(factorElements(), size);
    }

    /** What a shifted addition takes beside an operation of a matrix product, which works on data in registers. */
    private static final double SHIFTED_ADDITION = 20;

    /** Operations that a product of two samples' maps takes as long as. */
    double timePerPair(Route route) {
        double shifts = route == Route.SHIFT ? (double) groups * positions * positions * taps : 0;
        return flopsPerPair(route) + (SHIFTED_ADDITION - 1) * shifts;
    }

    /** Elements that one pass works on: maps of some pairs of positions, or tiles, or a slab of all samples. */
    double passElements(Question question, Route route, int rows, int columns) {
        if (route == Route.CONTRACT || route == Route.SHIFT) {
            double grid = Math.max(positions, pixels);
            double side = question == Question.GRAM ? Math.max(grid, MAP_SIDE) : grid;
            boolean copies = form == Form.PATCHES && route == Route.CONTRACT;
            return 2 * side * side + (copies ? 2.0 * side * left : 0);
        }
        double tile = Math.max(TILE, (double) FEWEST_ROWS * right) + Math.max(TILE, (double) FEWEST_ROWS * positions);
        if (question != Question.GRAM && question != Question.DOT) {
            return tile;
        }
        double slab = Math.max(SLAB, (double) FEWEST_ROWS * right * (rows + columns));
        return tile + slab + 3.0 * rows * columns;
    }

    /** Elements that {@code n} samples against {@code n} others, or each against itself, need at once when contracted. */
    double mapElements(Route route, int n, boolean diagonal) {
        double pairs = diagonal ? n : (double) n * n;
        double maps =
                pairs * groups * (3.0 * positions * positions + (route == Route.SHIFT ? 2.0 * pixels * pixels : 0));
        boolean copies = form == Form.PATCHES && route == Route.CONTRACT;
        return maps + (copies ? 4.0 * n * groups * positions * left : 0);
    }

    /** Elements that a slab of {@code coordinates} coordinates of {@code samples} samples needs at once. */
    double slabElements(long coordinates, int samples) {
        double lefts = form == Form.PATCHES ? 3.0 * positions * Math.max(1, coordinates / Math.max(1, right)) : 0;
        return samples * (2.0 * coordinates + lefts);
    }
}
