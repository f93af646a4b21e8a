package dev.seiche.study.setup;

import dev.seiche.nn.data.DataException;
import dev.seiche.nn.data.DataPlaces;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.ImageSet;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.data.PixelStandardisation;
import dev.seiche.nn.data.Standardisation;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import java.nio.file.Path;

/** The data of a study, as its configuration names it. */
public record DataChoice(
        @Doc("fashion-mnist-1k (shipped), fashion-mnist, mnist, cifar-10, idx, or chebyshev: a curve of degree 5")
        @OneOf({"fashion-mnist-1k", "fashion-mnist", "mnist", "cifar-10", "idx", "chebyshev"})
        String set,

        @Doc("number of samples, the first ones") @AtLeast(1)
        int samples,

        @Doc("one mean and deviation over all pixels (global), per channel, per pixel, or none")
        @OneOf({"global", "per-channel", "per-pixel", "none"})
        String standardise,

        @Doc("average squares of this side into one pixel; 1 keeps images as they are") @AtLeast(1)
        int shrink) {

    /** Degree of the curve; Cohen et al. 2021 have 3, 4 and 5. */
    private static final int DEGREE = 5;

    /**
     * Loads it.
     *
     * @throws UserException when it is not here, or has fewer samples
     */
    public TrainingData load(RunContext run) {
        if (set.equals("chebyshev")) {
            return new TrainingData(Synthetic.chebyshev(DEGREE, samples), null, 1, "a formula");
        }
        DataPlaces places =
                DataPlaces.of(run.data().orElse(null), System.getenv(), Path.of(System.getProperty("user.home", ".")));
        try {
            ImageSet images = ImageSets.load(set, places);
            LabelledImages train = images.train();
            if (samples > train.count()) {
                throw new UserException("data.samples is %d, but %s has %d training images; use at most that many"
                        .formatted(samples, set, train.count()));
            }
            LabelledImages chosen = train.first(samples).shrunk(shrink);
            return new TrainingData(
                    standardised(chosen), chosen, chosen.classNames().size(), images.source());
        } catch (DataException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private Dataset standardised(LabelledImages images) {
        return switch (standardise) {
            case "global" -> images.dataset(set, Standardisation.global(images));
            case "per-channel" -> images.dataset(set, Standardisation.perChannel(images));
            case "per-pixel" -> images.dataset(set, PixelStandardisation.of(images));
            default -> images.dataset(set, Standardisation.none(images.channels()));
        };
    }
}
