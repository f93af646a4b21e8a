package dev.seiche.metrics.preset;

/** What is computed on request. */
final class LibraryEntries {
    static final String ALL = """
            TailIndex.official | as tail/official, of any numbers | Mohammadi et al. 2015, Cor. 2.4 |  | > 0 |
            TailIndex.ofOrder | (ln|Y|_(k) - ln|X|_(K1 k)) / ln K1, inverted | Mohammadi et al. 2015, Cor. 2.2 |  | > 0 | robust to single draws
            TailIndex.ofVectors | with Euclidean norms | Simsekli et al., 2021 code |  | > 0 | for strictly stable vectors
            TailIndex.hill | k / sum ln(|X|_(i) / |X|_(k+1)) | Hill 1975 |  | > 0 | 6 and more: no power tail
            TailIndex.pickands | ln 2 / ln((X_(k) - X_(2k)) / (X_(2k) - X_(4k))) | Pickands 1975 |  | any | very noisy
            CharacteristicFit.of | slope of ln(-ln|phi(t)|^2) in ln t | Koutrouvelis 1980 |  | > 0 | fits the middle of the law
            Pooling.correctedInterval | bootstrap over blocks | Efron 1979 |  | > 0 |
            IterateTail.ofRuns | multivariate index of averaged iterates of many runs | Gurbuzbalaban et al. 2021 |  | > 0 | falls as eta/b grows
            NoiseScale.ofTwoBatches | G2 = (B|g_B|^2 - b|g_b|^2)/(B - b), S = (|g_b|^2 - |g_B|^2)/(1/b - 1/B) | McCandlish et al. 2018 | samples | any | for gradients that training has anyway
            BatchPairs.ofSamples | confusion of mini-batches of any size from inner products of samples | derived |  | [-1, 1] | dependence on batch size at no further gradient
            DirectionalSharpness.batch | mean of g_B'H_B g_B / |g_B|^2 | Andreyev and Beneventano 2024 | 1/eta | any | SGD drives it to 2/eta
            HessianTrace.hutchinson | mean z'Hz, random signs z | Hutchinson 1990 | 1/eta | any |
            SpectralDensity.at | density of eigenvalues, smeared | Ghorbani et al. 2019 | eta | >= 0 |
            Subspaces.overlap | |P_k g|^2 / |g|^2 | Gur-Ari, Roberts, Dyer 2018 |  | [0, 1] | k/M for a random vector
            Objective.gaussNewton | J' (d2 l) J v | Schraudolph 2002, Martens 2014 |  |  | a product, for any of the above
            Objective.empiricalFisher | (1/N) sum g_i (g_i.v) | Kunstner et al. 2019 |  |  | a product, for any of the above
            TangentKernel.full | K = J J' | Jacot, Gabriel, Hongler 2018 | output^2 per weight^2 | PSD |
            TangentKernel.alignment | y'Ky / (|K|_F |y|^2) | Shan and Bordelon 2021 |  | [0, 1] | 1: K is y y'
            Difficulty.grand | |g_i| | Paul et al. 2021 | L per weight | >= 0 | average over inits
            Difficulty.el2n | |p_i - y_i| | Paul et al. 2021 |  | [0, sqrt 2] | average over inits
            TracIn.influence | sum of eta_t g_t(z).g_t(z') | Pruthi et al. 2020 | L | any | positive: z helped z'
            ForgettingEvents.events | right to wrong transitions of each example | Toneva et al. 2019 | events | >= 0 |
            OpposingGroups.select | k largest and k smallest d_i(t) | Rosenfeld and Risteski 2024, by a review |  |  | the two groups
            SignalGroup.bySigns | groups of samples that swing together | ours |  |  | named by majority label
            TwoLayerLinear.sharpness | largest eigenvalue of the theory's model | Rosenfeld and Risteski 2024, reduced | 1/eta | any | a c^2 at the minimum
            ScaleCheck.run | restart from an oscillating point with a smaller rate | ours |  |  | oscillation stops, sharpness drifts, oscillation resumes
            """;

    private LibraryEntries() {}
}
