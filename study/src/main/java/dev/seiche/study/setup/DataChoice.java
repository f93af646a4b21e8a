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
import dev.seiche.nn.data.Text;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The data of a study, as its configuration names it. */
public record DataChoice(
        @Doc(
                "fashion-mnist-1k (shipped), fashion-mnist, mnist, cifar-10, idx; chebyshev: a curve of degree 5; text: the next"
                        + " character after 16 of text.txt in --data DIR, or of the shipped licence")
        @OneOf({"fashion-mnist-1k", "fashion-mnist", "mnist", "cifar-10", "idx", "chebyshev", "text"})
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

    /** Characters that the next one is told from. */
    private static final int CONTEXT = 16;

    /**
     * Loads it, and logs what it is.
     *
     * @throws UserException when it is not here, or has fewer samples
     */
    public TrainingData load(RunContext run) {
        TrainingData data = read(run);
        run.log("data: " + data);
        return data;
    }

    private TrainingData read(RunContext run) {
        if (set.equals("chebyshev")) {
            return curve();
        }
        if (set.equals("text")) {
            return text(run.data().orElse(null));
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
            return TrainingData.of(standardised(chosen), chosen, images.source());
        } catch (DataException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private TrainingData curve() {
        if (samples < 2) {
            throw new UserException("data.samples is %d, a curve needs 2 points or more".formatted(samples));
        }
        List<String> words = IntStream.range(0, samples)
                .mapToObj(i -> String.format(Locale.ROOT, "x = %.3f", 2.0 * i / (samples - 1) - 1))
                .toList();
        return new TrainingData(Synthetic.chebyshev(DEGREE, samples), null, 1, "a formula", words);
    }

    private TrainingData text(@Nullable Path directory) {
        Path file = directory == null ? null : directory.resolve("text.txt");
        try (InputStream in = file == null ? shipped() : Files.newInputStream(file)) {
            Text text = Text.characters("text", in.readAllBytes());
            Dataset data = text.continuations(CONTEXT, samples);
            int stride = (text.length() - CONTEXT) / samples;
            List<String> words = IntStream.range(0, samples)
                    .mapToObj(i -> words(text, i * stride, i * stride + CONTEXT) + " \u2192 "
                            + words(text, i * stride + CONTEXT, i * stride + CONTEXT + 1))
                    .toList();
            return new TrainingData(
                    data, null, text.vocabulary(), file == null ? "the shipped licence" : file.toString(), words);
        } catch (DataException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new UserException(
                    "cannot read %s: %s; --data names the directory that holds text.txt"
                            .formatted(file, DiskFault.reason(e)),
                    e);
        }
    }

    private static InputStream shipped() {
        return Objects.requireNonNull(DataChoice.class.getResourceAsStream("LICENSE"), "the licence is in the jar");
    }

    /** Symbols as they can be read in one line. */
    private static String words(Text text, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(at -> text.symbols().get(text.id(at)))
                .map(symbol -> symbol.equals("\n") ? "\u23ce" : symbol.equals(" ") ? "\u2423" : symbol)
                .collect(Collectors.joining());
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
