package dev.seiche.metrics.oscillation;

/**
 * Relations between oscillation and curvature that follow from a second-order expansion of the loss: what the adjacent
 * cosine must be, given products with the Hessian. They test a measured oscillation without trusting a plot. Plain
 * gradient descent w_{t+1} = w_t - eta g_t is assumed throughout. Pure functions.
 */
public final class Identities {
    private Identities() {}

    /**
     * The next adjacent cosine, to first order in the step: with g = g_t, g_{t+1} = (I - eta H) g, so
     * c_{t+1} = (1 - eta q) / sqrt(1 - 2 eta q + eta^2 r), q = g'Hg / |g|^2, r = |Hg|^2 / |g|^2. Exact on a quadratic.
     *
     * <p>Range [-1, 1], no unit; negative exactly when q exceeds 1/eta. NaN for a zero gradient, or where the step leads
     * to a zero gradient.
     *
     * @param gg  |g|^2
     * @param ghg g'Hg
     * @param hghg |Hg|^2
     * @param eta the learning rate
     */
    public static double nextCosine(double gg, double ghg, double hghg, double eta) {
        double q = ghg / gg;
        double r = hghg / gg;
        // q^2 <= r, so the radicand is (1 - eta q)^2 + eta^2 (r - q^2): this form cannot turn negative by rounding
        double along = 1 - eta * q;
        double across = eta * Math.sqrt(Math.max(0, r - q * q));
        return along / Math.hypot(along, across);
    }

    /**
     * The adjacent cosine at the edge of stability when one eigenpair (lambda, v) rules and eta lambda = 2:
     * c = 1 - 2 rho, rho = (g.v)^2 / |g|^2. So c &lt; -0.9 means that over 95% of the squared gradient lies along v. Use
     * {@link #nextCosine} once several eigenvalues sit at 2/eta: this one then fails badly.
     *
     * @param rho share of the squared gradient along the top eigenvector, in [0, 1]
     * @return in [-1, 1], no unit
     */
    public static double edgeCosine(double rho) {
        return 1 - 2 * rho;
    }

    /**
     * The adjacent cosine of a quadratic whose gradient has the share {@code rho} along one eigenvector of curvature
     * lambda and no curvature elsewhere: (1 - rho x) / sqrt(1 - 2 rho x + rho x^2), x = eta lambda. At x = 2 it is
     * {@link #edgeCosine}.
     *
     * @param rho       share of the squared gradient along the eigenvector, in [0, 1]
     * @param etaLambda eta lambda
     * @return in [-1, 1], no unit
     */
    public static double oneModeCosine(double rho, double etaLambda) {
        return nextCosine(1, rho * etaLambda, rho * etaLambda * etaLambda, 1);
    }

    /**
     * Directional smoothness of the step from g = g_t to h = g_{t+1}: (g.g - g.h) / (eta |g|^2), which is
     * (1 - c_{t+1} |h|/|g|) / eta. Ahn, Zhang, Sra, "Understanding the unstable convergence of gradient descent", 2022.
     *
     * <p>Unit of a curvature (1 / learning rate), any sign. Below 1/eta the gradient keeps its direction, above it
     * turns; 2/eta is a perfect oscillation (h = -g). On a quadratic it equals q = g'Hg / |g|^2.
     *
     * @param gg  |g|^2
     * @param gh  g.h
     * @param eta the learning rate
     */
    public static double directionalSmoothness(double gg, double gh, double eta) {
        return (gg - gh) / (eta * gg);
    }
}
