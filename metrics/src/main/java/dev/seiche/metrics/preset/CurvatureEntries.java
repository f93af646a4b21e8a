package dev.seiche.metrics.preset;

/** Curvature, and the loss along steps. */
final class CurvatureEntries {
    /** Top eigenvalues. */
    static final String SHARPNESS = """
            sharpness | hvp | lambda_1, largest eigenvalue of H | Cohen et al. 2021 | 1/eta | any | descent is unstable above 2/eta
            sharpness/<k> | hvp | lambda_k, for k from 2 |  | 1/eta | any |
            eta_sharpness | hvp | eta lambda_1 | Cohen et al. 2021 |  | any | hovers just above 2 at the edge of stability
            sharpness/overlap | hvp | (g.v_1)^2 / |g|^2 | ours |  | [0, 1] | 1: the gradient is along the top eigenvector
            sharpness/residual | hvp | largest |Hv - lambda v| |  | 1/eta | >= 0 | no eigenvalue errs by more
            sharpness/converged | hvp | 1 where all residuals are within the tolerance |  |  | 0 or 1 |
            sharpness/products | hvp | Hessian-vector products spent |  |  | >= 1 |
            sharpness/subspace | hvp | |P_k g|^2 / |g|^2, P_k the projection on the k eigenvectors that were found | Gur-Ari, Roberts, Dyer 2018 |  | [0, 1] | k/M for a random vector
            """;

    /** The bulk. */
    static final String CURVATURE = """
            hessian/trace | hvp | sum of eigenvalues, Hutch++ | Meyer et al. 2021 | 1/eta | any | mean curvature times M
            hessian/trace_error | hvp | its standard error |  | 1/eta | >= 0 |
            hessian/second_moment | hvp | mean of squared eigenvalues, stochastic Lanczos quadrature | Ghorbani et al. 2019 | 1/eta^2 | >= 0 |
            hessian/negative_share | hvp | share of eigenvalues at most 0, same | Ghorbani et al. 2019 |  | [0, 1] |
            gauss_newton/trace | hvp | tr J' (d2 l) J | Schraudolph 2002 | 1/eta | >= 0 | the part of the trace without network curvature
            sharpness/directional | hvp | g'Hg / |g|^2 | Pan and Li 2023 | 1/eta | any | the same, of the curvature probe
            hessian/trace_hutchinson | hvp | mean z'Hz over random signs z | Hutchinson 1990 | 1/eta | any | as hessian/trace, with a larger error
            hessian/trace_hutchinson_error | hvp | its standard error |  | 1/eta | >= 0 |
            hessian/quantile/<percent> | hvp | the value below which this share of the eigenvalues lies, stochastic Lanczos quadrature | Ghorbani et al. 2019 | 1/eta | any | the spectral density in five numbers
            gauss_newton/top | hvp | largest eigenvalue of J' (d2 l) J | Schraudolph 2002, Martens 2014 | 1/eta | >= 0 | the Fisher matrix's for cross-entropy
            fisher/trace | hvp | trace of the empirical Fisher matrix (1/N) sum g_i g_i', by its products | Kunstner et al. 2019 | (L per weight)^2 | >= 0 |
            fisher/top | hvp | its largest eigenvalue | Kunstner et al. 2019 | (L per weight)^2 | >= 0 |
            """;

    /** Of mini-batches. */
    static final String BATCH_SHARPNESS = """
            sharpness/batch | hvp | mean over mini-batches of g_B'H_B g_B / |g_B|^2 | Andreyev and Beneventano 2024 | 1/eta | any | SGD drives it to 2/eta
            eta_sharpness/batch | hvp | eta times that | Andreyev and Beneventano 2024 |  | any | 2 at the stochastic edge of stability
            """;

    /** Along the gradient. */
    static final String LANDSCAPE = """
            landscape/predictiveness | more-gradients | largest |g(w) - g(w - a g)|, a = eta/4 .. 2 eta | Santurkar et al. 2018 | L per weight | >= 0 |
            landscape/effective_smoothness | more-gradients | largest |g(w) - g(w - a g)| / |a g| | Santurkar et al. 2018 | 1/eta | >= 0 | |Hg|/|g| on a quadratic
            landscape/relative_progress | more-gradients | (L(w - eta g) - L(w)) / (eta |g|^2) | Ahn, Zhang, Sra 2022 |  | any | -1 small steps, near 0 unstable convergence
            """;

    /** Of layers. */
    static final String LCA = """
            lca/<layer> | more-gradients | integral of g_j dw_j over the step, Simpson | Lan et al. 2019 | L | any | negative helps
            lca/residual | more-gradients | change of L minus the sum over layers | Lan et al. 2019 | L | any | error of the rule
            """;

    private CurvatureEntries() {}
}
