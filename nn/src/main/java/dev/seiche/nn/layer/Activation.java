package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;

/** Elementwise functions between layers. */
public enum Activation implements Module {
    IDENTITY(1),
    RELU(Math.sqrt(2)),
    /** x above 0, else 0.01 x; {@link LeakyRelu} takes another slope. */
    LEAKY_RELU(Math.sqrt(2 / (1 + 0.01 * 0.01))),
    TANH(5.0 / 3),
    SIGMOID(1),
    /** With the exact normal distribution function. */
    GELU(1),
    SOFTPLUS(1);

    private final double gain;

    Activation(double gain) {
        this.gain = gain;
    }

    /** The gain for Xavier and Kaiming inits, as PyTorch recommends it; 1 where it recommends none. */
    public double gain() {
        return gain;
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return switch (this) {
            case IDENTITY -> x;
            case RELU -> pass.ops().relu(x);
            case LEAKY_RELU -> pass.ops().leakyRelu(x, 0.01);
            case TANH -> pass.ops().tanh(x);
            case SIGMOID -> pass.ops().sigmoid(x);
            case GELU -> pass.ops().gelu(x);
            case SOFTPLUS -> pass.ops().softplus(x);
        };
    }
}
