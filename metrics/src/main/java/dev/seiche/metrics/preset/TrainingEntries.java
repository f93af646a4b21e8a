package dev.seiche.metrics.preset;

/** What every training run knows, and what it makes of single inputs. */
final class TrainingEntries {
    /** Loss and accuracy. */
    static final String LOSS = """
            loss | loss | L(w_t), mean over the step's batch |  | of the loss | as the loss | before the weights move
            accuracy | sample-losses | share of labels that the largest output hits |  |  | [0, 1] | absent where targets are no labels
            """;

    /** Forgetting events. */
    static final String FORGETTING = """
            examples/forgotten | sample-losses | share of samples right at t-1 and wrong at t | Toneva et al. 2019 |  | [0, 1] | events of forgetting in this step
            examples/learned | sample-losses | share of samples right at some step so far | Toneva et al. 2019 |  | [0, 1] | never falls
            """;

    /** Lengths of features. */
    static final String FEATURES = """
            features/norm_mean | outputs | mean |phi(x_i)|, phi what the last linear layer is given | Rosenfeld and Risteski 2024 | of the features | >= 0 |
            features/norm_sd | outputs | standard deviation over samples | Rosenfeld and Risteski 2024 | of the features | >= 0 |
            features/norm_max | outputs | the largest | Rosenfeld and Risteski 2024 | of the features | >= 0 |
            """;

    /** Outputs for chosen inputs. */
    static final String PROBES = """
            probes/<input>/<output> | outputs | probability of a class given an image of one colour: black, grey, white; red, green, blue | Rosenfeld and Risteski 2024 |  | [0, 1] | alternates where the colour is an opposing signal; the output itself without labels
            """;

    /** Of the weights alone. */
    static final String WEIGHTS = """
            weights/alpha/<parameter> | loss | exponent of a power law in the tail of the eigenvalues of W'W, by maximum likelihood, the tail by Kolmogorov's distance | Martin and Mahoney 2021 |  | > 1 | smaller is heavier; of fewer than some 50 eigenvalues it means little
            """;

    /** Of gradients of outputs. */
    static final String SHATTERING = """
            inputs/autocorrelation/<lag> | more-gradients | mean of h_i.h_{i+lag} by mean of |h_i|^2, h_i the gradient of summed outputs at place i of 64 from the first example to the second | Balduzzi et al. 2017 |  | about [-1, 1] | 1 smooth, 0 shattered like white noise
            """;

    private TrainingEntries() {}
}
