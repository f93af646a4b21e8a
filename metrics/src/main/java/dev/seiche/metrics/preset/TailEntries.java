package dev.seiche.metrics.preset;

/** The tail index of gradient noise. */
final class TailEntries {
    static final String ALL = """
            tail/official | ln K1 / (mean ln|Y| - mean ln|X|), X all coordinates of a pass in order, Y sums of K1 of them | Simsekli et al. 2019, published code |  | > 0 | read only beside tail/official_gaussian: unequal scales alone give 1.2
            tail/official/<layer> | the same of one layer | Simsekli et al. 2019 |  | > 0 |
            tail/official_gaussian | the same of Gaussian noise with the covariance of the random mini-batches | ours |  | > 0 | what no heavy tail at all reads
            tail/corrected | the same of coordinates divided by their root mean square, without zeros, shuffled | ours |  | > 0 | 2 Gaussian, lower is heavier
            tail/corrected/<layer> | the same of one layer | ours |  | > 0 |
            tail/corrected_gaussian | the same of Gaussian noise with the same covariance | ours |  | > 0 | near 2, lower where coordinates are correlated
            tail/corrected_gaussian_sd | standard deviation over draws of that noise | ours |  | >= 0 | the resolution of tail/corrected
            tail/coordinate_median | median over coordinates of their own index | Battash et al. 2024 |  | > 0 |
            tail/zeros | share of exact zeros | ours |  | [0, 1] | dead units; 10% of them make tail/official 0.9
            tail/kurtosis | mean excess kurtosis of coordinates | ours |  | >= -2 | 0 Gaussian
            tail/shapiro_projections | share of 100 random projections rejected at 5% | Panigrahi et al. 2019 |  | [0, 1] | 0.05 for Gaussian noise
            tail/shapiro_coordinates | share of coordinates rejected at 5% | ours |  | [0, 1] | 0.05 for Gaussian noise
            tail/shapiro_coordinates_holm | the same after Holm's correction | ours |  | [0, 1] | above 0: not Gaussian as a whole
            """;

    private TailEntries() {}
}
