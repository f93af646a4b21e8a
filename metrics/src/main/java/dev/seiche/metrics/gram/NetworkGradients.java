package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradients of a network's loss on each example of a data set.
 *
 * @param perSample what is differentiated, and how
 * @param labels the class of each example, or empty
 * @param classes 0 without labels
 * @param coupled whether batch statistics couple the samples of a batch
 */
@SuppressWarnings("ArrayRecordComponent") // a column of labels that is read, never compared
public record NetworkGradients(
        PerSample perSample, ParameterVector weights, Dataset data, int[] labels, int classes, boolean coupled)
        implements GradientSource {

    /** Evaluating, without classes. */
    public static NetworkGradients of(PerSample perSample, ParameterVector weights, Dataset data) {
        return new NetworkGradients(perSample, weights, data, new int[0], 0, false);
    }

    /** The same with classes. */
    public NetworkGradients withLabels(int[] newLabels, int newClasses) {
        return new NetworkGradients(perSample, weights, data, newLabels.clone(), newClasses, coupled);
    }

    /** The same weights and data, differentiated in another way. */
    public NetworkGradients with(PerSample other) {
        return new NetworkGradients(other, weights, data, labels, classes, coupled);
    }

    /** The same, samples meeting in the batches that they are computed in. */
    public NetworkGradients coupling() {
        return new NetworkGradients(perSample, weights, data, labels, classes, true);
    }

    @Override
    public int samples() {
        return data.size();
    }

    @Override
    public int label(int sample) {
        return labels[sample];
    }

    @Override
    public DType dtype() {
        return weights.dtype();
    }

    @Override
    public List<Layer> layers() {
        Map<String, List<Integer>> places = new LinkedHashMap<>();
        List<Parameter> parameters = weights.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            places.computeIfAbsent(parameters.get(i).layer(), layer -> new ArrayList<>())
                    .add(i);
        }
        return places.entrySet().stream()
                .map(layer -> new Layer(layer.getKey(), layer.getValue()))
                .toList();
    }

    @Override
    public SampleGradients gradients(int[] samples, Scope scope) {
        return perSample.at(weights, data.batch(scope, weights.dtype(), samples), scope);
    }
}
