package dev.seiche.bench;

import java.util.Locale;

/**
 * One pass of a 3x3 convolution with stride 1 that keeps height and width.
 *
 * @param size height and width
 */
public record Convolution(int batch, int size, int in, int out, Pass pass) implements Task {
    /** Rows and columns of the kernel. */
    public static final int KERNEL = 3;

    /** Zeros on each side. */
    public static final int PADDING = 1;

    /** What is computed from which two of x, w and dy. */
    public enum Pass {
        /** y from x and w. */
        FORWARD,
        /** dx and dw, as a step of training needs them. */
        BACKWARD,
        /** dx from dy and w. */
        BACKWARD_DATA,
        /** dw from x and dy. */
        BACKWARD_WEIGHTS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Array x() {
        return Array.normal("conv.x", 1, batch, size, size, in);
    }

    public Array w() {
        return Array.normal("conv.w", 1, KERNEL, KERNEL, in, out);
    }

    public Array dy() {
        return Array.normal("conv.dy", 1, batch, size, size, out);
    }

    @Override
    public String name() {
        return "conv-%d-%d@%d-%s".formatted(in, out, size, pass);
    }

    @Override
    public String title() {
        return "conv 3x3 %d to %d, %dx%d, %s".formatted(in, out, size, size, pass);
    }

    @Override
    public double flops() {
        double pass = 2.0 * batch * size * size * in * out * KERNEL * KERNEL;
        return this.pass == Pass.BACKWARD ? 2 * pass : pass;
    }

    @Override
    public long terms() {
        return switch (pass) {
            case FORWARD -> (long) in * KERNEL * KERNEL;
            case BACKWARD_DATA -> (long) out * KERNEL * KERNEL;
            case BACKWARD, BACKWARD_WEIGHTS -> (long) batch * size * size;
        };
    }

    @Override
    public Work in(Session session) {
        return session.convolution(this);
    }
}
