package dev.seiche.metrics.preset;

/** Curvature, and the loss along steps. */
final class CurvatureEntries {
    static final String ALL = """
            sharpness | lambda_1, largest eigenvalue of H | Cohen et al. 2021 | 1/eta | any | descent is unstable above 2/eta
            sharpness/<k> | lambda_k, for k from 2 |  | 1/eta | any |
            eta_sharpness | eta lambda_1 | Cohen et al. 2021 |  | any | hovers just above 2 at the edge of stability
            sharpness/overlap | (g.v_1)^2 / |g|^2 | ours |  | [0, 1] | 1: the gradient is along the top eigenvector
            sharpness/residual | largest |Hv - lambda v| |  | 1/eta | >= 0 | no eigenvalue errs by more
            sharpness/converged | 1 where all residuals are within the tolerance |  |  | 0 or 1 |
            sharpness/products | Hessian-vector products spent |  |  | >= 1 |
            sharpness/gradient | g'Hg / |g|^2 | derived | 1/eta | any | above 1/eta the next cosine is negative
            sharpness/directional | g'Hg / |g|^2 | Pan and Li 2023 | 1/eta | any | the same, of the curvature probe
            hessian/trace | sum of eigenvalues, Hutch++ | Meyer et al. 2021 | 1/eta | any | mean curvature times M
            hessian/trace_error | its standard error |  | 1/eta | >= 0 |
            hessian/second_moment | mean of squared eigenvalues, stochastic Lanczos quadrature | Ghorbani et al. 2019 | 1/eta^2 | >= 0 |
            hessian/negative_share | share of eigenvalues at most 0, same | Ghorbani et al. 2019 |  | [0, 1] |
            gauss_newton/trace | tr J' (d2 l) J | Schraudolph 2002 | 1/eta | >= 0 | the part of the trace without network curvature
            landscape/predictiveness | largest |g(w) - g(w - a g)|, a = eta/4 .. 2 eta | Santurkar et al. 2018 | L per weight | >= 0 |
            landscape/effective_smoothness | largest |g(w) - g(w - a g)| / |a g| | Santurkar et al. 2018 | 1/eta | >= 0 | |Hg|/|g| on a quadratic
            landscape/relative_progress | (L(w - eta g) - L(w)) / (eta |g|^2) | Ahn, Zhang, Sra 2022 |  | any | -1 small steps, near 0 unstable convergence
            lca/<layer> | integral of g_j dw_j over the step, Simpson | Lan et al. 2019 | L | any | negative helps
            lca/residual | change of L minus the sum over layers | Lan et al. 2019 | L | any | error of the rule
            """;

    private CurvatureEntries() {}
}
