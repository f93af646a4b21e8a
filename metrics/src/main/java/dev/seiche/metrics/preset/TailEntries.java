package dev.seiche.metrics.preset;

/** Tail indices of gradient noise and of iterates. */
final class TailEntries {
    /** Noise. */
    static final String TAIL = """
            tail/official | more-gradients | ln K1 / (mean ln|Y| - mean ln|X|), X all coordinates of a pass in order, Y sums of K1 of them | Simsekli et al. 2019, published code |  | > 0 | read only beside tail/official_gaussian: unequal scales alone give 1.2
            tail/official/<layer> | more-gradients | the same of one layer | Simsekli et al. 2019 |  | > 0 |
            tail/official_gaussian | more-gradients | the same of Gaussian noise with the covariance of the random mini-batches | ours |  | > 0 | what no heavy tail at all reads
            tail/corrected | more-gradients | the same of coordinates divided by their root mean square, without zeros, shuffled | ours |  | > 0 | 2 Gaussian, lower is heavier
            tail/corrected/<layer> | more-gradients | the same of one layer | ours |  | > 0 |
            tail/corrected_gaussian | more-gradients | the same of Gaussian noise with the same covariance | ours |  | > 0 | near 2, lower where coordinates are correlated
            tail/corrected_gaussian_sd | more-gradients | standard deviation over draws of that noise | ours |  | >= 0 | the resolution of tail/corrected
            tail/coordinate_median | more-gradients | median over coordinates of their own index | Battash et al. 2024 |  | > 0 |
            tail/zeros | more-gradients | share of exact zeros | ours |  | [0, 1] | dead units; 10% of them make tail/official 0.9
            tail/kurtosis | more-gradients | mean excess kurtosis of coordinates | ours |  | >= -2 | 0 Gaussian
            tail/shapiro_projections | more-gradients | share of 100 random projections rejected at 5% | Panigrahi et al. 2019 |  | [0, 1] | 0.05 for Gaussian noise
            tail/shapiro_coordinates | more-gradients | share of coordinates rejected at 5% | ours |  | [0, 1] | 0.05 for Gaussian noise
            tail/shapiro_coordinates_holm | more-gradients | the same after Holm's correction | ours |  | [0, 1] | above 0: not Gaussian as a whole
            tail/corrected_low | more-gradients | 2.5% end of a bootstrap interval of tail/corrected over blocks | Efron 1979 |  | > 0 | says nothing about other weights or data
            tail/corrected_high | more-gradients | its 97.5% end | Efron 1979 |  | > 0 |
            tail/order | more-gradients | (ln|Y|_(k) - ln|X|_(K1 k)) / ln K1 inverted, medians of the corrected draws | Mohammadi et al. 2015, Cor. 2.2 |  | > 0 | robust to single draws
            tail/vectors | more-gradients | as tail/official with Euclidean norms of whole noise vectors, median over K1 | Simsekli et al., 2021 code |  | > 0 | for strictly stable vectors
            tail/hill | more-gradients | k / sum ln(|X|_(i) / |X|_(k+1)) over the largest 1% of the corrected draws | Hill 1975 |  | > 0 | 6 and more: no power tail
            tail/pickands | more-gradients | ln 2 / ln((X_(k) - X_(2k)) / (X_(2k) - X_(4k))), same draws | Pickands 1975 |  | any | very noisy
            tail/characteristic | more-gradients | slope of ln(-ln|phi(t)|^2) in ln t, same draws | Koutrouvelis 1980 |  | > 0 | fits the middle of the law
            """;

    /** Averaged weights. */
    static final String ITERATES = """
            iterates/<layer> | loss | median over K1 of the index of a layer's averaged late weights minus their mean | Gurbuzbalaban et al. 2021 |  | > 0 | falls as eta/b grows
            """;

    private TailEntries() {}
}
