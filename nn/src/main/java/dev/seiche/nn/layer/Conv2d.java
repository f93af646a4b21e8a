package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;
import org.jspecify.annotations.Nullable;

/**
 * 2-d convolution (cross-correlation) of x[B, H, W, in] with w[kernelH, kernelW, in/groups, out], plus b[out].
 *
 * @param biasInit null for no bias
 */
public record Conv2d(
        int in,
        int out,
        int kernelH,
        int kernelW,
        ConvGeometry geometry,
        Init init,
        @Nullable Init biasInit) implements Module {
    public Conv2d {
        if (in % geometry.groups() != 0 || out % geometry.groups() != 0) {
            throw new IllegalArgumentException("conv2d: " + in + " input and " + out
                    + " output channels must both divide into " + geometry.groups() + " groups");
        }
    }

    /** A square kernel of odd size with stride 1 that keeps height and width; PyTorch's default init. */
    public static Conv2d of(int in, int out, int kernel) {
        if (kernel % 2 == 0) {
            throw new IllegalArgumentException(
                    "conv2d: only an odd kernel keeps height and width, got " + kernel + "; give stride and padding");
        }
        return of(in, out, kernel, 1, kernel / 2);
    }

    /** A square kernel; PyTorch's default init: weight and bias uniform on +-1/sqrt(fan in). */
    public static Conv2d of(int in, int out, int kernel, int stride, int padding) {
        return new Conv2d(
                in, out, kernel, kernel, ConvGeometry.of(stride, padding), Init.uniformFanIn(), Init.uniformFanIn());
    }

    public Conv2d withGeometry(ConvGeometry newGeometry) {
        return new Conv2d(in, out, kernelH, kernelW, newGeometry, init, biasInit);
    }

    public Conv2d withInit(Init weight) {
        return new Conv2d(in, out, kernelH, kernelW, geometry, weight, biasInit);
    }

    public Conv2d withBias(Init bias) {
        return new Conv2d(in, out, kernelH, kernelW, geometry, init, bias);
    }

    public Conv2d withoutBias() {
        return new Conv2d(in, out, kernelH, kernelW, geometry, init, null);
    }

    @Override
    public void declare(Declaration declaration) {
        Shape weight = Shape.of(kernelH, kernelW, in / geometry.groups(), out);
        declaration.parameter("weight", weight, init);
        if (biasInit != null) {
            declaration.parameter("bias", Shape.of(out), biasInit, Fans.of(weight));
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        T y = pass.ops().conv2d(x, pass.parameter("weight"), geometry);
        return biasInit == null ? y : pass.ops().add(y, pass.parameter("bias"));
    }
}
