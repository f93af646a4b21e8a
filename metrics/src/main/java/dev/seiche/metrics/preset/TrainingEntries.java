package dev.seiche.metrics.preset;

/** What every training run knows. */
final class TrainingEntries {
    static final String ALL = """
            loss | L(w_t), mean over the step's batch |  | of the loss | as the loss | before the weights move
            accuracy | share of labels that the largest output hits |  |  | [0, 1] | absent where targets are no labels
            examples/forgotten | share of samples right at t-1 and wrong at t | Toneva et al. 2019 |  | [0, 1] | events of forgetting in this step
            examples/learned | share of samples right at some step so far | Toneva et al. 2019 |  | [0, 1] | never falls
            """;

    private TrainingEntries() {}
}
