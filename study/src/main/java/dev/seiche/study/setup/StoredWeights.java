package dev.seiche.study.setup;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Network;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.train.Trainer;
import dev.seiche.study.ArrayData;
import dev.seiche.study.TensorArrays;
import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import dev.seiche.study.run.SafeTensors;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Weights that a run wrote: at the end of a training into {@code arrays/}, on the way into {@code checkpoints/}. A file holds
 * what {@link Trainer#capture} gives, or of it the weights, the running statistics, the step and the learning rate. Immutable.
 *
 * @param name of the file without its ending
 * @param step how many steps had been taken
 * @param rate learning rate of the step that would follow
 * @param file where it lies
 */
public record StoredWeights(String name, long step, double rate, Path file) {
    /** Numbers of checkpoints may have more digits than there are zeros in front. */
    private static final Comparator<StoredWeights> NEWEST = Comparator.comparing(StoredWeights::inCheckpoint)
            .thenComparingInt(each -> each.name.length())
            .thenComparing(StoredWeights::name);

    private static final String ENDING = ".safetensors";
    private static final String STEP = "trainer/step";
    private static final String RATE = "trainer/rate";
    private static final String WEIGHTS = "weights/";
    private static final String STATISTICS = "statistics/";

    /** What such a file holds of a training: all that is not needed to go on with it is left out. */
    public static Map<String, ArrayData> write(Trainer trainer) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        arrays.put(STEP, ArrayData.of(new double[] {trainer.step()}));
        arrays.put(RATE, ArrayData.of(new double[] {trainer.rate()}));
        arrays.putAll(TensorArrays.write(
                NamedTensors.prefixed(WEIGHTS, trainer.weights().named())));
        arrays.putAll(TensorArrays.write(
                NamedTensors.prefixed(STATISTICS, trainer.statistics().named())));
        return arrays;
    }

    /**
     * The weights that a person means.
     *
     * @param run  directory of a run
     * @param name of the file without its ending; empty for the last ones of the only training, or those of the newest
     *     checkpoint where no training came to its end
     * @param step after which they were; null for whichever the name says
     * @throws UserException where there are none, or more than one
     */
    public static StoredWeights choose(Path run, String name, @Nullable Long step) {
        List<StoredWeights> all = of(run);
        if (all.isEmpty()) {
            throw new UserException(
                    "%s holds no weights yet; let it come to its end, or to a checkpoint".formatted(run));
        }
        List<StoredWeights> named = all.stream()
                .filter(each -> name.isEmpty() || each.name.equals(name))
                .filter(each -> step == null || each.step == step)
                .toList();
        // what is in both says the same
        List<StoredWeights> kept = named.stream()
                .filter(each -> !each.inCheckpoint() && (step != null || !each.onTheWay()))
                .toList();
        List<StoredWeights> fitting = !name.isEmpty() || kept.isEmpty() ? named : kept;
        if (name.isEmpty() && step == null && kept.isEmpty()) {
            fitting = List.of(Collections.max(all, NEWEST));
        }
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        String which = (name.isEmpty() ? "" : " '" + name + "'") + (step == null ? "" : " of step " + step);
        throw new UserException("%s holds %s weights%s, but %s; name one with --weights"
                .formatted(
                        run,
                        fitting.isEmpty() ? "no" : "several",
                        which,
                        (fitting.isEmpty() ? all : fitting)
                                .stream()
                                        .map(each -> each.name + " (step " + each.step + ")")
                                        .collect(Collectors.joining(", "))));
    }

    private boolean inCheckpoint() {
        return name.startsWith("step-");
    }

    /** In a checkpoint, or kept at one. */
    private boolean onTheWay() {
        return inCheckpoint() || name.matches(".*-at-\\d+");
    }

    /** All of a run. */
    private static List<StoredWeights> of(Path run) {
        List<StoredWeights> found = new ArrayList<>();
        for (Path file : files(run.resolve("arrays"), "weights")) {
            read(file, found);
        }
        for (Path file : files(run.resolve("checkpoints"), "step-")) {
            read(file, found);
        }
        return found;
    }

    private static List<Path> files(Path folder, String word) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(word)
                            && file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw DiskFault.reading(folder, e);
        }
    }

    private static void read(Path file, List<StoredWeights> into) {
        Map<String, ArrayData> arrays = trainer(file);
        ArrayData step = arrays.get(STEP);
        ArrayData rate = arrays.get(RATE);
        if (step != null && rate != null) {
            String name = file.getFileName().toString();
            into.add(new StoredWeights(
                    name.substring(0, name.length() - ENDING.length()),
                    (long) step.doubles()[0],
                    rate.doubles()[0],
                    file));
        }
    }

    /** What a trainer captured, without what a study puts in front of its names; empty where a file has none. */
    private static Map<String, ArrayData> trainer(Path file) {
        Map<String, ArrayData> all = SafeTensors.read(file).arrays();
        Map<String, ArrayData> found = new LinkedHashMap<>();
        all.keySet().stream().filter(key -> key.endsWith(STEP)).findFirst().ifPresent(key -> {
            String prefix = key.substring(0, key.length() - STEP.length());
            all.forEach((each, array) -> {
                if (each.startsWith(prefix)) {
                    found.put(each.substring(prefix.length()), array);
                }
            });
        });
        return found;
    }

    /**
     * The weights, in {@code scope}.
     *
     * @throws UserException where the network has others
     */
    public ParameterVector load(Network network, DType dtype, Scope scope) {
        try (Scope read = scope.child("stored weights")) {
            Map<String, Tensor> named = tensors(WEIGHTS, dtype, read);
            for (Parameter parameter : network.parameters()) {
                Tensor found = named.get(parameter.name());
                if (found == null || !found.shape().equals(parameter.shape())) {
                    throw new UserException(
                            "%s has %s, but the network needs %s; use the data and the network of these weights"
                                    .formatted(
                                            file,
                                            found == null ? "no " + parameter.name() : found.describe(),
                                            parameter));
                }
            }
            return ParameterVector.of(
                    network.parameters(), parameter -> scope.keep(NamedTensors.require(named, parameter.name())));
        }
    }

    /** Overwrites the running statistics by those that were stored with the weights. */
    public void load(Statistics statistics, DType dtype, Scope scope) {
        try (Scope read = scope.child("stored statistics")) {
            statistics.load(tensors(STATISTICS, dtype, read));
        }
    }

    private Map<String, Tensor> tensors(String group, DType dtype, Scope scope) {
        Map<String, ArrayData> wanted = new LinkedHashMap<>();
        trainer(file).forEach((name, array) -> {
            if (name.startsWith(group)) {
                wanted.put(name.substring(group.length()), array);
            }
        });
        Map<String, Tensor> found = new LinkedHashMap<>();
        TensorArrays.read(wanted, scope)
                .forEach((name, tensor) -> found.put(name, scope.ops().cast(tensor, dtype)));
        return found;
    }
}
