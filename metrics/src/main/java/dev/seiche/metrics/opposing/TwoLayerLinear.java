package dev.seiche.metrics.opposing;

import dev.seiche.metrics.curvature.SymmetricEigen;
import java.util.ArrayList;
import java.util.List;

/**
 * The theory's test bed, reduced exactly. Inputs x ~ N(0, I) and a rare outlier x_o = +-sqrt(a / (p d2)) 1 with probability
 * p; target y = beta'x + |1'x_o| / sqrt(d2); model f = c (b'x + b_o'x_o). With q = b_o'1 / sqrt(d2) the population loss is
 *
 * <pre>L = |c b - beta|^2 / 2 + a c^2 q^2 / 2 + a / 2</pre>
 *
 * of which the last term stays. The two outlier signs are the opposing groups: their gradients along q cancel at q = 0, and
 * their curvature along q is a c^2. Gradient flow keeps c^2 - |b|^2 - q^2. At the minimum the largest eigenvalue is a c^2
 * with c^2 = |beta| from a small balanced start. Immutable.
 *
 * @param a     strength of the outlier, E (1'x_o)^2 / d2
 * @param p     probability of an outlier, in (0, 1]
 * @param beta  weights of the true signal
 * @param state where training is
 */
public record TwoLayerLinear(double a, double p, List<Double> beta, State state) {
    /**
     * The weights that matter.
     *
     * @param b first layer on the signal
     * @param q first layer on the outlier's direction
     * @param c second layer
     */
    public record State(List<Double> b, double q, double c) {
        public State {
            b = List.copyOf(b);
        }

        private State plus(double factor, State other) {
            List<Double> moved = new ArrayList<>();
            for (int i = 0; i < b.size(); i++) {
                moved.add(b.get(i) + factor * other.b.get(i));
            }
            return new State(moved, q + factor * other.q, c + factor * other.c);
        }
    }

    public TwoLayerLinear {
        beta = List.copyOf(beta);
        if (beta.size() != state.b().size()) {
            throw new IllegalArgumentException("two-layer linear: beta has " + beta.size() + " entries, b has "
                    + state.b().size());
        }
    }

    /** The reducible loss, L - a/2, at least 0. */
    public double loss() {
        return (error() + a * state.c() * state.c() * state.q() * state.q()) / 2;
    }

    /**
     * The mean loss of the outliers of one sign: |c b - beta|^2 / 2 + (a/p) (c q -+ 1)^2 / 2. A swing of q moves it by about
     * (a/p) c |q|, and the mean over all data by only a c^2 q^2 / 2.
     */
    public double groupLoss(int sign) {
        double miss = state.c() * state.q() - Math.signum(sign);
        return (error() + a / p * miss * miss) / 2;
    }

    private double error() {
        double sum = 0;
        for (int i = 0; i < beta.size(); i++) {
            double miss = state.c() * state.b().get(i) - beta.get(i);
            sum += miss * miss;
        }
        return sum;
    }

    /** The gradient of the loss at a state: c (c b - beta), a c^2 q, b'(c b - beta) + a c q^2. */
    public State gradient() {
        return gradient(state);
    }

    private State gradient(State at) {
        List<Double> first = new ArrayList<>();
        double second = a * at.c() * at.q() * at.q();
        for (int i = 0; i < beta.size(); i++) {
            double miss = at.c() * at.b().get(i) - beta.get(i);
            first.add(at.c() * miss);
            second += at.b().get(i) * miss;
        }
        return new State(first, a * at.c() * at.c() * at.q(), second);
    }

    /** The Hessian, in the order b, q, c. */
    public double[][] hessian() {
        int d = beta.size();
        double c = state.c();
        double[][] h = new double[d + 2][d + 2];
        double squares = 0;
        for (int i = 0; i < d; i++) {
            double b = state.b().get(i);
            h[i][i] = c * c;
            h[i][d + 1] = 2 * c * b - beta.get(i);
            h[d + 1][i] = h[i][d + 1];
            squares += b * b;
        }
        h[d][d] = a * c * c;
        h[d][d + 1] = 2 * a * c * state.q();
        h[d + 1][d] = h[d][d + 1];
        h[d + 1][d + 1] = squares + a * state.q() * state.q();
        return h;
    }

    /** The largest eigenvalue of the Hessian. */
    public double sharpness() {
        return SymmetricEigen.of(hessian(), beta.size() + 2).values()[0];
    }

    /** c^2 - |b|^2 - q^2, which gradient flow conserves; gradient descent with rate eta changes it by order eta^2 a step. */
    public double conserved() {
        double squares = 0;
        for (double b : state.b()) {
            squares += b * b;
        }
        return state.c() * state.c() - squares - state.q() * state.q();
    }

    /** After one step of gradient descent. */
    public TwoLayerLinear descend(double rate) {
        return new TwoLayerLinear(a, p, beta, state.plus(-rate, gradient()));
    }

    /** After gradient flow for a time, by one step of the classical Runge-Kutta method: keep time * sharpness below 1. */
    public TwoLayerLinear flow(double time) {
        State k1 = gradient(state);
        State k2 = gradient(state.plus(-time / 2, k1));
        State k3 = gradient(state.plus(-time / 2, k2));
        State k4 = gradient(state.plus(-time, k3));
        return new TwoLayerLinear(
                a,
                p,
                beta,
                state.plus(-time / 6, k1)
                        .plus(-time / 3, k2)
                        .plus(-time / 3, k3)
                        .plus(-time / 6, k4));
    }
}
