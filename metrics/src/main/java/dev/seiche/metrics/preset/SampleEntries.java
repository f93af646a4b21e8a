package dev.seiche.metrics.preset;

/** What gradients of samples and of mini-batches say about each other. */
final class SampleEntries {
    static final String ALL = """
            confusion/sample/bound | max(0, -min over i != j of g_i.g_j) | Sankararaman et al. 2020, Def. 2.1 | (L per weight)^2 | >= 0 | 0: no two samples conflict; vanishes with the gradient
            confusion/sample/min_cos | min over i != j of cos(g_i, g_j) | Sankararaman et al. 2020 |  | [-1, 1] | an extreme value: compare equal numbers of pairs
            confusion/sample/p5_cos | 5% quantile of cosines | ours |  | [-1, 1] | steadier than the minimum
            confusion/sample/median_cos | median cosine | ours |  | [-1, 1] |
            confusion/sample/mean_cos | mean cosine | ours |  | [-1, 1] |
            confusion/sample/sd_cos | standard deviation of cosines | ours |  | [0, 1] | 1/sqrt(M) for random directions
            confusion/sample/negative | share of pairs with g_i.g_j < 0 | ours |  | [0, 1] |
            confusion/batch/bound | as of samples, over 100 random disjoint pairs of mini-batches | Sankararaman et al. 2020 | (L per weight)^2 | >= 0 | not comparable with that of samples
            confusion/batch/min_cos | minimum over the pairs | Sankararaman et al. 2020 |  | [-1, 1] | the published curve
            confusion/batch/p5_cos | 5% quantile over the pairs | ours |  | [-1, 1] |
            confusion/batch/median_cos | median over the pairs | ours |  | [-1, 1] |
            confusion/batch/mean_cos | mean over the pairs | ours |  | [-1, 1] |
            confusion/batch/sd_cos | standard deviation over the pairs | ours |  | [0, 1] | the width of the published density
            confusion/batch/negative | share of conflicting pairs | ours |  | [0, 1] |
            confusion/batch/disparity | mean |g_A - g_B| over the pairs | Forouzesh and Thiran 2021 | L per weight | >= 0 | grows where generalisation falters
            stiffness/sign | mean sign(g_i.g_j) | Fort et al. 2019 |  | [-1, 1] | 1: a step on any sample helps any other
            stiffness/cos | mean cos(g_i, g_j) | Fort et al. 2019 |  | [-1, 1] |
            stiffness/cos_within | the same over pairs of one class | Fort et al. 2019 |  | [-1, 1] |
            stiffness/cos_between | the same over pairs of two classes | Fort et al. 2019 |  | [-1, 1] |
            coherence/m | |sum g_i|^2 / sum |g_i|^2 | Chatterjee and Zielinski 2020 | samples | [0, n] | 1 orthogonal, n identical
            coherence/alpha | mean over i != j of g_i.g_j, by mean |g_i|^2 | Chatterjee 2020, without i = j |  | [-1/(n-1), 1] | 0 orthogonal, 1 identical
            coherence/diversity | 1 / coherence/m | Yin et al. 2018 | 1/samples | >= 1/n |
            noise/trace | tr Sigma, unbiased | McCandlish et al. 2018 | (L per weight)^2 | any | a single estimate may be negative
            noise/signal | |G|^2, unbiased | McCandlish et al. 2018 | (L per weight)^2 | any | a single estimate may be negative
            noise/scale | tr Sigma / |G|^2 | McCandlish et al. 2018 | samples | any | batches far below are mostly noise; negative: the signal drowns
            noise/gsnr | mean over weights of E[g_j]^2 / Var[g_j] | Liu et al. 2020 |  | >= 0 |
            noise/gsnr_median | median over weights | Liu et al. 2020 |  | >= 0 |
            noise/normalised_variance | sum Var[g_j] / sum E[g_j^2] | Faghri et al. 2020 |  | [0, 1] | 1: all noise
            samples/norm_mean | mean |g_i|: GraNd of the mean example | Paul et al. 2021 | L per weight | >= 0 |
            samples/norm_max | largest |g_i| | Paul et al. 2021 | L per weight | >= 0 |
            """;

    private SampleEntries() {}
}
