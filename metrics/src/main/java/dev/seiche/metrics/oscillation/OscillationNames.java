package dev.seiche.metrics.oscillation;

/**
 * Names under which oscillation and sharpness are recorded, one row per step t. Each says what, in which unit and range,
 * and what a value means. eta is the learning rate of the step, L the loss.
 */
public final class OscillationNames {
    /** L_t, the mean loss at w_t; recorded by whoever trains. */
    public static final String LOSS = "loss";

    /** |g_t|, Euclidean, in units of L per unit of weight; at least 0. */
    public static final String NORM = "grad/norm";

    /** Of one layer, weight and bias together: {@code grad/norm/<layer>}. */
    public static final String LAYER_NORM = NORM + "/";

    /**
     * c_t = cos(g_t, g_{t-1}), in [-1, 1]: near 1 a smooth descent, below 0 the gradient turned against the one before,
     * near -1 a full oscillation. NaN in row 0, and where a gradient is too short to have a direction.
     */
    public static final String COS = "grad/cos";

    /** Of one layer: {@code grad/cos/<layer>}. NaN also where the layer's own gradient is too short. */
    public static final String LAYER_COS = COS + "/";

    /**
     * cos(g_t, g_{t-k}) for k from 2: {@code grad/cos_lag/<k>}, in [-1, 1]. In an oscillation the sign alternates with k.
     */
    public static final String LAG_COS = "grad/cos_lag/";

    /** What {@link Identities#nextCosine} said at t-1 that c_t would be, in [-1, 1]. */
    public static final String PREDICTED_COS = "grad/cos_predicted";

    /** {@link SpectralScore} of the last 64 gradients, in [0, 1]; absent until there are so many. */
    public static final String SPECTRAL = "grad/spectral";

    /** {@link Identities#directionalSmoothness} of the step t-1, in units of 1/eta; 2/eta is a perfect oscillation. */
    public static final String SMOOTHNESS = "smoothness";

    /** The same times the rate of step t-1, without unit: 0 no curvature met, above 1 the gradient turns, 2 it flips. */
    public static final String ETA_SMOOTHNESS = "eta_smoothness";

    /** g'Hg / |g|^2 at w_t, the curvature along the gradient, in units of 1/eta. Above 1/eta the next cosine is negative. */
    public static final String GRADIENT_CURVATURE = "sharpness/gradient";

    /** lambda_1, the largest eigenvalue of H at w_t, in units of 1/eta. Descent along its vector is unstable above 2/eta. */
    public static final String SHARPNESS = "sharpness";

    /** eta lambda_1, without unit: above 2 unstable; at the edge of stability it hovers just above 2. */
    public static final String ETA_SHARPNESS = "eta_sharpness";

    /** The next eigenvalues, from the second on: {@code sharpness/2}. */
    public static final String EIGENVALUE = SHARPNESS + "/";

    /**
     * rho = (g.v)^2 / |g|^2 with v the vector of lambda_1, in [0, 1]: the share of the squared gradient along it. While one
     * eigenvalue rules at the edge of stability the next cosine is {@link Identities#edgeCosine}, 1 - 2 rho.
     */
    public static final String OVERLAP = SHARPNESS + "/overlap";

    /** The share of the squared gradient in the space of all eigenvectors that were found, in [0, 1]. */
    public static final String SUBSPACE = SHARPNESS + "/subspace";

    /** The largest residual |Hv - lambda v| among the eigenpairs, in units of 1/eta: no eigenvalue errs by more. */
    public static final String RESIDUAL = SHARPNESS + "/residual";

    /** 1 where all residuals are within the tolerance, else 0: then the values are what was found so far. */
    public static final String CONVERGED = SHARPNESS + "/converged";

    /** Hessian-vector products that the eigenvalues took. */
    public static final String PRODUCTS = SHARPNESS + "/products";

    private OscillationNames() {}
}
