package dev.seiche.study.gram;

import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Column;
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
import dev.seiche.tensor.Rng;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration names, made: data, network, loss.
 *
 * @param data the chosen samples
 * @param labels of the chosen samples
 * @param ids places of the chosen samples in the set
 * @param run the run whose weights are taken, or null for freshly drawn ones
 * @param origin what the data are, for the manifest: source, checksums, standardisation
 */
@SuppressWarnings("ArrayRecordComponent") // columns of numbers that are handed on, never compared
record GramSetup(
        Dataset data,
        int[] labels,
        int[] ids,
        List<String> classNames,
        Network network,
        @Nullable TrainedRun run,
        Loss loss,
        DType dtype,
        String origin) {

    static GramSetup of(GramConfig config, RunContext run) {
        return config.data().set().equals("synthetic") ? synthetic(config, run) : images(config, run);
    }

    private static GramSetup synthetic(GramConfig config, RunContext run) {
        long seed = run.seed();
        int most = Integer.MAX_VALUE / 2;
        int[] ids = chosen(config, most, SyntheticImages.CLASSES, SyntheticImages::label);
        Column inputs = new SyntheticImages(Rng.seed(seed).fold("synthetic"), most);
        List<String> names = IntStream.range(0, SyntheticImages.CLASSES)
                .mapToObj(String::valueOf)
                .toList();
        int[] labels = IntStream.of(ids).map(SyntheticImages::label).toArray();
        return of(config, inputs, labels, ids, names, "synthetic images of seed " + seed);
    }

    private static GramSetup images(GramConfig config, RunContext run) {
        ImageSet set = load(config.data().set(), run);
        LabelledImages all = set.train();
        int[] ids = chosen(config, all.count(), all.classNames().size(), all::label);
        Standardisation standard = standardisation(config.data().standardise(), all);
        int[] labels = IntStream.of(ids).map(all::label).toArray();
        String origin = set.name() + " " + new TreeMap<>(set.sha256()) + " " + standard;
        return of(config, all.dataset(set.name(), standard).inputs(), labels, ids, all.classNames(), origin);
    }

    private static GramSetup of(
            GramConfig config, Column inputs, int[] labels, int[] ids, List<String> names, String origin) {
        Dataset data = new Dataset(config.data().set(), new ChosenColumn(inputs, ids), Column.labels(labels));
        GramConfig.Model model = config.model();
        TrainedRun run = Files.isDirectory(Path.of(model.spec())) ? TrainedRun.read(Path.of(model.spec())) : null;
        if (run == null && !model.weights().isEmpty()) {
            throw new UserException(
                    "model.weights names '%s', but '%s' is no directory of a run; leave it out, or give the run with --model DIR"
                            .formatted(model.weights(), model.spec()));
        }
        Network network = run == null
                ? NetworkSpec.parse(model.spec(), model.activation(), inputs.shape(), names.size())
                : run.network(Math.toIntExact(inputs.shape().size()), names.size());
        if (!model.batchNorm().equals("frozen") && network.couplings().isEmpty()) {
            throw new UserException(
                    "model.batchNorm is %s, but samples of '%s' do not meet anywhere; use frozen, which is the same there"
                            .formatted(model.batchNorm(), model.spec()));
        }
        if (!model.batchNorm().equals("frozen") && config.compute().tile() == 0) {
            throw new UserException(
                    "with batch norm %s a gradient depends on its batch, which is a tile of samples; give --tile B"
                            .formatted(model.batchNorm()));
        }
        Loss loss = model.loss().equals("cross-entropy") ? Loss.CROSS_ENTROPY : Loss.HALF_SQUARED_ERROR;
        DType dtype = DType.valueOf(config.compute().dtype().toUpperCase(Locale.ROOT));
        return new GramSetup(data, labels, ids, names, network, run, loss, dtype, origin);
    }

    /** The first samples of the wanted classes. */
    private static int[] chosen(GramConfig config, int count, int classes, IntUnaryOperator label) {
        List<Integer> wanted = config.data().classes();
        for (int each : wanted) {
            if (each >= classes) {
                throw new UserException("data.classes names class %d, but %s has classes 0 to %d"
                        .formatted(each, config.data().set(), classes - 1));
            }
        }
        int[] ids = IntStream.range(0, count)
                .filter(i -> wanted.isEmpty() || wanted.contains(label.applyAsInt(i)))
                .limit(config.data().samples())
                .toArray();
        if (ids.length < config.data().samples()) {
            throw new UserException("data.samples is %d, but %s has %d training images%s; use at most that many"
                    .formatted(
                            config.data().samples(),
                            config.data().set(),
                            ids.length,
                            wanted.isEmpty() ? "" : " of the classes " + wanted));
        }
        return ids;
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

    /** The bytes that stand for the data: what they are, and which of them. */
    byte[] dataKey() {
        StringBuilder text = new StringBuilder(origin);
        for (int id : ids) {
            text.append(' ').append(id);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
