package dev.seiche.metrics.preset;

/** What gradients of samples and of mini-batches say about each other. */
final class SampleEntries {
    /** The samples of a step. */
    static final String SAMPLES = """
            confusion/sample/bound | sample-gradients | max(0, -min over i != j of g_i.g_j) | Sankararaman et al. 2020, Def. 2.1 | (L per weight)^2 | >= 0 | 0: no two samples conflict; vanishes with the gradient
            confusion/sample/min_cos | sample-gradients | min over i != j of cos(g_i, g_j) | Sankararaman et al. 2020 |  | [-1, 1] | an extreme value: compare equal numbers of pairs
            confusion/sample/p5_cos | sample-gradients | 5% quantile of cosines | ours |  | [-1, 1] | steadier than the minimum
            confusion/sample/median_cos | sample-gradients | median cosine | ours |  | [-1, 1] |
            confusion/sample/mean_cos | sample-gradients | mean cosine | ours |  | [-1, 1] |
            confusion/sample/sd_cos | sample-gradients | standard deviation of cosines | ours |  | [0, 1] | 1/sqrt(M) for random directions
            confusion/sample/negative | sample-gradients | share of pairs with g_i.g_j < 0 | ours |  | [0, 1] |
            stiffness/sign | sample-gradients | mean sign(g_i.g_j) | Fort et al. 2019 |  | [-1, 1] | 1: a step on any sample helps any other
            stiffness/cos | sample-gradients | mean cos(g_i, g_j) | Fort et al. 2019 |  | [-1, 1] |
            stiffness/cos_within | sample-gradients | the same over pairs of one class | Fort et al. 2019 |  | [-1, 1] |
            stiffness/cos_between | sample-gradients | the same over pairs of two classes | Fort et al. 2019 |  | [-1, 1] |
            coherence/m | sample-gradients | |sum g_i|^2 / sum |g_i|^2 | Chatterjee and Zielinski 2020 | samples | [0, n] | 1 orthogonal, n identical
            coherence/alpha | sample-gradients | mean over i != j of g_i.g_j, by mean |g_i|^2 | Chatterjee 2020, without i = j |  | [-1/(n-1), 1] | 0 orthogonal, 1 identical
            coherence/diversity | sample-gradients | 1 / coherence/m | Yin et al. 2018 | 1/samples | >= 1/n |
            noise/trace | sample-gradients | tr Sigma, unbiased | McCandlish et al. 2018 | (L per weight)^2 | any | a single estimate may be negative
            noise/signal | sample-gradients | |G|^2, unbiased | McCandlish et al. 2018 | (L per weight)^2 | any | a single estimate may be negative
            noise/scale | sample-gradients | tr Sigma / |G|^2 | McCandlish et al. 2018 | samples | any | batches far below are mostly noise; negative: the signal drowns
            noise/gsnr | sample-gradients | mean over weights of E[g_j]^2 / Var[g_j] | Liu et al. 2020 |  | >= 0 |
            noise/gsnr_median | sample-gradients | median over weights | Liu et al. 2020 |  | >= 0 |
            noise/covariance_power | sample-gradients | s of lambda_k ~ k^-s, by least squares of ln lambda_k over ln k, lambda the eigenvalues of the covariance of the g_i | Xie et al. 2023 |  | >= 0 | 0: all directions alike
            noise/normalised_variance | sample-gradients | sum Var[g_j] / sum E[g_j^2] | Faghri et al. 2020 |  | [0, 1] | 1: all noise
            confusion/size/<batch>/min_cos | sample-gradients | minimum over 100 random disjoint pairs of mini-batches of this size, made of the samples | derived |  | [-1, 1] | how confusion depends on batch size, at no further gradient
            confusion/size/<batch>/mean_cos | sample-gradients | mean over the same pairs | derived |  | [-1, 1] | grows with the size: noise averages out
            conflict/min_cos | sample-gradients | minimum over pairs of classes of the cosine of their mean gradients | Yu et al. 2020, classes as tasks |  | [-1, 1] | below 0: what helps one class hurts another
            conflict/negative | sample-gradients | share of pairs of classes whose mean gradients conflict | Yu et al. 2020, classes as tasks |  | [0, 1] |
            """;

    /** How hard examples are. */
    static final String EXAMPLES = """
            examples/grand_mean | sample-gradients | mean |g_i| | Paul et al. 2021 | L per weight | >= 0 | GraNd; average over inits
            examples/grand_max | sample-gradients | largest |g_i| | Paul et al. 2021 | L per weight | >= 0 | the hardest example
            examples/el2n_mean | outputs | mean |p_i - y_i|, p_i the softmax of the outputs, y_i the one-hot label | Paul et al. 2021 |  | [0, sqrt 2] | EL2N; average over inits
            examples/el2n_max | outputs | largest |p_i - y_i| | Paul et al. 2021 |  | [0, sqrt 2] |
            """;

    /** Influence by following training. */
    static final String TRACIN = """
            tracin/self_mean | sample-gradients | mean over i of sum over t of eta_t |g_i(t)|^2 / samples of a step | Pruthi et al. 2020 | L | >= 0 | what an example did to its own loss; large: memorised
            tracin/within | sample-gradients | mean over pairs of one class of sum over t of eta_t g_i(t).g_j(t) / samples of a step | Pruthi et al. 2020 | L | any | above 0 an example lowered the losses of its class
            tracin/between | sample-gradients | the same over pairs of two classes | Pruthi et al. 2020 | L | any |
            """;

    /** Influence by the curvature. */
    static final String INFLUENCE = """
            influence/self_mean | hvp | mean of -g_i' (G + 0.01)^-1 g_i, G the Gauss-Newton matrix, by conjugate gradients | Koh and Liang 2017 | L per unit of weight | <= 0 | far below 0: the example holds its own loss down
            influence/within | hvp | mean of -g_i' (G + 0.01)^-1 g_z over pairs of one class | Koh and Liang 2017 | L per unit of weight | any | below 0: more weight on z helps i
            influence/between | hvp | the same over pairs of two classes | Koh and Liang 2017 | L per unit of weight | any |
            influence/residual | hvp | largest |g_i - (G + 0.01) x| / |g_i| that was left |  |  | >= 0 | 0.001 where the search ended well
            """;

    /** The tangent kernel. */
    static final String KERNEL = """
            kernel/trace | sample-gradients | tr K, K = J J' over samples and outputs | Jacot, Gabriel, Hongler 2018 | output^2 per weight^2 | >= 0 |
            kernel/top | sample-gradients | largest eigenvalue of K | Jacot, Gabriel, Hongler 2018 | output^2 per weight^2 | >= 0 | with squared error, N times the sharpness of the Gauss-Newton matrix
            kernel/alignment | sample-gradients | y'Ky / (|K|_F |y|^2), y the one-hot labels | Shan and Bordelon 2021 |  | [0, 1] | 1: K is y y'
            """;

    /** Pairs of mini-batches. */
    static final String CONFUSION = """
            confusion/batch/bound | more-gradients | as of samples, over 100 random disjoint pairs of mini-batches | Sankararaman et al. 2020 | (L per weight)^2 | >= 0 | not comparable with that of samples
            confusion/batch/min_cos | more-gradients | minimum over the pairs | Sankararaman et al. 2020 |  | [-1, 1] | the published curve
            confusion/batch/p5_cos | more-gradients | 5% quantile over the pairs | ours |  | [-1, 1] |
            confusion/batch/median_cos | more-gradients | median over the pairs | ours |  | [-1, 1] |
            confusion/batch/mean_cos | more-gradients | mean over the pairs | ours |  | [-1, 1] |
            confusion/batch/sd_cos | more-gradients | standard deviation over the pairs | ours |  | [0, 1] | the width of the published density
            confusion/batch/negative | more-gradients | share of conflicting pairs | ours |  | [0, 1] |
            confusion/batch/disparity | more-gradients | mean |g_A - g_B| over the pairs | Forouzesh and Thiran 2021 | L per weight | >= 0 | grows where generalisation falters
            noise/two_batches/trace | more-gradients | (|g_b|^2 - |g_2b|^2) / (1/b - 1/2b), mean over the pairs and their unions | McCandlish et al. 2018 | (L per weight)^2 | >= 0 |
            noise/two_batches/signal | more-gradients | (2b |g_2b|^2 - b |g_b|^2) / b, same | McCandlish et al. 2018 | (L per weight)^2 | any |
            noise/two_batches/scale | more-gradients | trace by signal | McCandlish et al. 2018 | samples | any | agrees with noise/scale where both are well above their noise
            """;

    private SampleEntries() {}
}
