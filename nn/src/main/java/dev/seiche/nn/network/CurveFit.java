package dev.seiche.nn.network;

import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;

/** The network that fits a curve y(x) in the code of Cohen et al. 2021: 1 - hidden - 1, tanh, no output bias. */
public final class CurveFit {
    /** Gain of the first layer's Xavier init. */
    private static final double FIRST_GAIN = 1.9;

    private CurveFit() {}

    /**
     * Xavier normal weights (gain 1.9 first, then 1), hidden biases at 0: 3 hidden weights in all, so that the whole
     * spectrum of the Hessian can be computed.
     */
    public static Module of(int hidden) {
        return Sequential.of()
                .then(
                        "fc1",
                        Linear.of(1, hidden)
                                .withInit(Init.xavierNormal(FIRST_GAIN))
                                .withBias(Init.zeros()))
                .then("act1", Activation.TANH)
                .then("fc2", Linear.of(hidden, 1).withInit(Init.xavierNormal(1)).withoutBias());
    }
}
