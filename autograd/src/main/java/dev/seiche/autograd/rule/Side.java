package dev.seiche.autograd.rule;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;

/**
 * One side of the outer products that make up a per-sample gradient: for each sample, position and group, a vector.
 *
 * @param <T> what the tape computes with
 */
public sealed interface Side<T extends Value> {
    int samples();

    /** Positions (tokens, pixels, uses in time) of one sample. */
    int positions();

    int groups();

    /** Length of the vector of one group. */
    int size();

    /**
     * Vectors that are there.
     *
     * @param value [B, T, groups * size], the groups one after the other
     */
    record Dense<T extends Value>(T value, int groups) implements Side<T> {
        public Dense {
            if (value.shape().rank() != 3 || value.shape().dim(2) % groups != 0) {
                throw new IllegalArgumentException(
                        "factor: " + value.describe() + " is not [B, T, size] in " + groups + " groups");
            }
        }

        @Override
        public int samples() {
            return value.shape().dim(0);
        }

        @Override
        public int positions() {
            return value.shape().dim(1);
        }

        @Override
        public int size() {
            return value.shape().dim(2) / groups;
        }
    }

    /**
     * The patches of an image under a convolution's window, which nobody builds until they are asked for: the vector at a
     * position has one element per tap and channel of the group, taps outside.
     *
     * @param x [B, H, W, C], zeros outside
     */
    record Patches<T extends Value>(T x, ConvGeometry geometry, int kernelH, int kernelW) implements Side<T> {
        @Override
        public int samples() {
            return x.shape().dim(0);
        }

        public int outputH() {
            return geometry.outputH(x.shape().dim(1), kernelH);
        }

        public int outputW() {
            return geometry.outputW(x.shape().dim(2), kernelW);
        }

        /** Channels of one group. */
        public int channels() {
            return x.shape().dim(3) / geometry.groups();
        }

        @Override
        public int positions() {
            return outputH() * outputW();
        }

        @Override
        public int groups() {
            return geometry.groups();
        }

        @Override
        public int size() {
            return kernelH * kernelW * channels();
        }
    }

    /**
     * Rows of a unit matrix: 1 at the id, else 0.
     *
     * @param ids I32 [B, T], in 0..count-1
     */
    record Ids<T extends Value>(T ids, int count) implements Side<T> {
        public Ids {
            Shape shape = ids.shape();
            if (shape.rank() != 2) {
                throw new IllegalArgumentException("factor: ids " + ids.describe() + " are not [B, T]");
            }
        }

        @Override
        public int samples() {
            return ids.shape().dim(0);
        }

        @Override
        public int positions() {
            return ids.shape().dim(1);
        }

        @Override
        public int groups() {
            return 1;
        }

        @Override
        public int size() {
            return count;
        }
    }
}
