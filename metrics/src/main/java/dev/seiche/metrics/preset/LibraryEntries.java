package dev.seiche.metrics.preset;

/** What needs more than one training run, or gives more than a number. */
final class LibraryEntries {
    /** In the need column: the command that shows it. */
    static final String LIBRARY = """
            IterateTail.ofRuns | seiche run tail-index | multivariate index of averaged iterates of many runs | Gurbuzbalaban et al. 2021 |  | > 0 | falls as eta/b grows
            SpectralDensity.at | as hessian/quantile | density of eigenvalues, smeared | Ghorbani et al. 2019 | eta | >= 0 |
            Objective.gaussNewton | as gauss_newton/top | J' (d2 l) J v | Schraudolph 2002, Martens 2014 |  |  | a product, for any of the above
            Objective.empiricalFisher | as fisher/top | (1/N) sum g_i (g_i.v) | Kunstner et al. 2019 |  |  | a product, for any of the above
            SampledFisher.of | from Java | (1/N) sum s_i (s_i.v), s_i the gradient of -ln p(y_i) with y_i drawn from the softmax | Kunstner et al. 2019 | (L per weight)^2 |  | a product; its mean over draws is that of Objective.gaussNewton for cross-entropy
            Lissa.solve | from Java | mean over repeats of h / scale, h = b + h - (A_j + damping) h / scale for one draw A_j of samples after the other | Agarwal, Bullins, Hazan 2017 |  |  | (A + damping)^-1 b for influence/..., where products with all samples are dear; a scale that is too small is refused
            GradientSurgery.project | from Java | g - (g.h / |h|^2) h where g.h < 0 | Yu et al. 2020 | L per weight |  | PCGrad: gradients of tasks without what conflicts
            SecantCondition.restrictedSecant | from Java | g.(w - w*) / |w - w*|^2 | Guille-Escuret et al. 2024 | 1/eta | any | above 0 descent comes nearer to w*
            SecantCondition.errorBound | from Java | |g| / |w - w*| | Guille-Escuret et al. 2024 | 1/eta | >= 0 |
            SecantCondition.gamma | from Java | their ratio, cos(g, w - w*) | Guille-Escuret et al. 2024 |  | [-1, 1] | 1: straight to w*
            TangentKernel.full | as kernel/trace | K = J J' | Jacot, Gabriel, Hongler 2018 | output^2 per weight^2 | PSD |
            ForgettingEvents.events | as examples/forgotten | right to wrong transitions of each example | Toneva et al. 2019 | events | >= 0 |
            OpposingGroups.select | seiche run opposing-signals | k largest and k smallest d_i(t) | Rosenfeld and Risteski 2024, by a review |  |  | the two groups
            SignalGroup.bySigns | seiche run opposing-signals | groups of samples that swing together | ours |  |  | named by majority label
            TwoLayerLinear.sharpness | seiche run opposing-signals | largest eigenvalue of the theory's model | Rosenfeld and Risteski 2024, reduced | 1/eta | any | a c^2 at the minimum
            ScaleCheck.run | seiche run oscillation | restart from an oscillating point with a smaller rate | ours |  |  | oscillation stops, sharpness drifts, oscillation resumes
            """;

    private LibraryEntries() {}
}
