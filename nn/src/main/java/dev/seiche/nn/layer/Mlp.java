package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers {@code fc1}, {@code fc2}, ..., each but the last followed by a norm and an activation. Inputs of any shape
 * are flattened to [B, features].
 *
 * @param widths features of the input, of each hidden layer, and of the output
 * @param norm between a linear layer and its activation
 * @param init of all weights
 * @param biasInit of all biases; null for none
 */
public record Mlp(
        List<Integer> widths,
        Module activation,
        Norm norm,
        Init init,
        @Nullable Init biasInit) implements Module {
    public Mlp {
        widths = List.copyOf(widths);
        if (widths.size() < 2 || widths.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(
                    "mlp: needs two or more widths of at least 1 (inputs, hidden..., outputs), got " + widths);
        }
    }

    /** A tanh network with PyTorch's default init: weights and biases uniform on +-1/sqrt(fan in). */
    public static Mlp of(int... widths) {
        return new Mlp(
                Arrays.stream(widths).boxed().toList(),
                Activation.TANH,
                Norm.NONE,
                Init.uniformFanIn(),
                Init.uniformFanIn());
    }

    public Mlp withActivation(Module newActivation) {
        return new Mlp(widths, newActivation, norm, init, biasInit);
    }

    public Mlp withNorm(Norm newNorm) {
        return new Mlp(widths, activation, newNorm, init, biasInit);
    }

    public Mlp withInit(Init weights) {
        return new Mlp(widths, activation, norm, weights, biasInit);
    }

    public Mlp withBias(Init biases) {
        return new Mlp(widths, activation, norm, init, biases);
    }

    public Mlp withoutBias() {
        return new Mlp(widths, activation, norm, init, null);
    }

    /** The linear layers, first to last. */
    public List<Linear> layers() {
        return IntStream.range(1, widths.size())
                .mapToObj(i -> new Linear(widths.get(i - 1), widths.get(i), init, biasInit))
                .toList();
    }

    @Override
    public void declare(Declaration declaration) {
        List<Linear> layers = layers();
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).declare(declaration.in("fc" + (i + 1)));
            if (i + 1 < layers.size()) {
                norm.of(widths.get(i + 1)).declare(declaration.in("norm" + (i + 1)));
            }
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        T y = new Flatten().forward(pass, x);
        List<Linear> layers = layers();
        for (int i = 0; i < layers.size(); i++) {
            y = pass.run("fc" + (i + 1), layers.get(i), y);
            if (i + 1 < layers.size()) {
                y = pass.run("norm" + (i + 1), norm.of(widths.get(i + 1)), y);
                y = pass.run("act" + (i + 1), activation, y);
            }
        }
        return y;
    }
}
