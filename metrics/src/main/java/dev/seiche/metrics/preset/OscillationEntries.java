package dev.seiche.metrics.preset;

/** Gradient oscillation and opposing signals. */
final class OscillationEntries {
    /** Adjacent gradients. */
    static final String OSCILLATION = """
            grad/norm | gradient | |g_t| |  | L per weight | >= 0 | Euclidean, all weights
            grad/norm/<layer> | gradient | |g_t| of a layer |  | L per weight | >= 0 | weight and bias together
            grad/cos | gradient | c_t = cos(g_t, g_{t-1}) | Morchdi et al. 2023 |  | [-1, 1] | 1 smooth descent, below 0 the gradient turned, -1 full oscillation
            grad/cos/<layer> | gradient | c_t of a layer | Morchdi et al. 2023 |  | [-1, 1] | as grad/cos
            grad/cos_lag/<k> | gradient | cos(g_t, g_{t-k}) | ours |  | [-1, 1] | its sign alternates with k in an oscillation
            grad/cos_predicted | hvp | (1 - eta q) / sqrt(1 - 2 eta q + eta^2 r) at t-1, q = g'Hg/|g|^2, r = |Hg|^2/|g|^2 | derived |  | [-1, 1] | what grad/cos must be to first order
            grad/spectral | gradient | power at [0.4, 0.5] cycles a step by total, 64 steps | ours |  | [0, 1] | 1 is period two
            smoothness | gradient | (g_{t-1} - g_t).g_{t-1} / (eta |g_{t-1}|^2) | Ahn, Zhang, Sra 2022 | 1/eta | any | directional smoothness; 2/eta is a perfect oscillation
            eta_smoothness | gradient | eta smoothness | Ahn, Zhang, Sra 2022 |  | any | above 1 the gradient turns, 2 it flips
            sharpness/gradient | hvp | g'Hg / |g|^2 | derived | 1/eta | any | above 1/eta the next cosine is negative
            """;

    /** Groups that swing against each other. */
    static final String OPPOSING = """
            opposing/outsize | sample-losses | Z N / 2k, Z = share of sum |d_i| in G+ and G- | ours |  | [1, N/2k] | how many times the share of 2k equal samples
            opposing/top_share | sample-losses | share of sum |d_i| in the top 1% | ours |  | [0.01, 1] | outliers carry the change
            opposing/rising | sample-losses | share of samples with d_i > 0 | Rosenfeld and Risteski 2024 |  | [0, 1] | about a half at the edge of stability
            opposing/cancelling | sample-losses | |mean d_i| / mean |d_i| | ours |  | [0, 1] | near 0: samples move, the mean does not
            opposing/stability | sample-losses | J = |G-(t-1) and G+(t)| / k | ours |  | [0, 1] | 1: the groups swap; k/N by chance
            opposing/jaccard_loss | sample-losses | Jaccard of the groups with the 2k largest losses | ours |  | [0, 1] | the control: 1 means that loss alone selects them
            opposing/opposition | sample-losses | R = corr of changes of both groups' mean losses, held-out steps | ours |  | [-1, 1] | -1: one rises as the other falls
            opposing/alternation | sample-losses | A = corr of G+'s change with the one before, held-out steps | ours |  | [-1, 1] | -1: period two
            opposing/gradient_cos | more-gradients | C = cos(g_G+, g_G-) | Rosenfeld and Risteski 2024 |  | [-1, 1] | below 0 they oppose
            opposing/gradient_norm | more-gradients | mean of |g_G+| and |g_G-| | ours | L per weight | >= 0 | compare with opposing/random_norm
            opposing/along_rising | hvp | |cos(g_G+, v)|, v top eigenvector of H | ours |  | [0, 1] | compare with opposing/random_along
            opposing/along_falling | hvp | cos(g_G-, v), v turned along g_G+ | ours |  | [-1, 1] | below 0 where the groups balance along v
            opposing/random_cos | more-gradients | C of two random groups of the same size | ours |  | [-1, 1] | the control of gradient_cos
            opposing/random_norm | more-gradients | norms of random groups | ours | L per weight | >= 0 | the control of gradient_norm
            opposing/random_along | hvp | mean |cos(g, v)| of random groups | ours |  | [0, 1] | the control of along_rising and along_falling
            opposing/jaccard_norm | more-gradients | Jaccard of the groups with the 2k largest |g_i| | ours |  | [0, 1] | the control: 1 means that the gradient's norm alone selects them
            opposing/feature_norm | outputs | mean |phi(x_i)| over both groups, phi what the last linear layer is given | Rosenfeld and Risteski 2024 | of the features | >= 0 | outliers are expected above opposing/random_feature_norm
            opposing/random_feature_norm | outputs | the same of random samples | ours | of the features | >= 0 | the control of feature_norm
            """;

    private OscillationEntries() {}
}
