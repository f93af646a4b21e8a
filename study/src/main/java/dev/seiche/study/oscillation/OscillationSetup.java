package dev.seiche.study.oscillation;

import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.data.DataException;
import dev.seiche.nn.data.DataPlaces;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.ImageSet;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.data.Standardisation;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a configuration names, made: data, network, loss.
 *
 * @param images the images as they were read, with their source and checksum
 * @param data   the standardised images with their labels
 */
record OscillationSetup(ImageSet images, Dataset data, Network network, Loss loss, DType dtype) {
    static OscillationSetup of(OscillationConfig config, RunContext run) {
        ImageSet images = load(config.data().set(), run);
        LabelledImages train = images.train();
        if (config.data().samples() > train.count()) {
            throw new UserException("data.samples is %d, but %s has %d training images; use at most that many"
                    .formatted(config.data().samples(), config.data().set(), train.count()));
        }
        LabelledImages chosen = train.first(config.data().samples());
        Dataset data = chosen.dataset(
                config.data().set(), standardisation(config.data().standardise(), chosen));
        DType dtype = DType.valueOf(config.train().dtype().toUpperCase(Locale.ROOT));
        Loss loss = config.train().loss().equals("cross-entropy") ? Loss.CROSS_ENTROPY : Loss.HALF_SQUARED_ERROR;
        return new OscillationSetup(images, data, network(config, chosen), loss, dtype);
    }

    /** The mean loss over all samples, with the data in {@code scope}. */
    Objective objective(Scope scope, int microBatch) {
        return Objective.of(network, loss, data, microBatch, scope, dtype);
    }

    private static ImageSet load(String set, RunContext run) {
        DataPlaces places =
                DataPlaces.of(run.data().orElse(null), System.getenv(), Path.of(System.getProperty("user.home", ".")));
        try {
            return ImageSets.load(set, places);
        } catch (DataException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Standardisation standardisation(String kind, LabelledImages images) {
        return switch (kind) {
            case "global" -> Standardisation.global(images);
            case "per-channel" -> Standardisation.perChannel(images);
            default -> Standardisation.none(images.channels());
        };
    }

    private static Network network(OscillationConfig config, LabelledImages images) {
        return config.network().network(images.imageSize(), images.classNames().size());
    }
}
