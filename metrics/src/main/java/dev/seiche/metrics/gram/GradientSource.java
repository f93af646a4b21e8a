package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import java.util.List;

/** A data set as the gradients of its samples, computed when they are asked for, always with the same bits. */
public interface GradientSource {
    /** How many samples. */
    int samples();

    /** Classes of samples, or 0 where they have none. */
    int classes();

    /** The class of a sample, 0 to classes - 1. */
    int label(int sample);

    /** What the gradients are computed in. */
    DType dtype();

    /** Groups of parameters that statistics are kept of, in order; together all parameters, each once. */
    List<Layer> layers();

    /** Whether a sample's gradient depends on the others it is computed with, as through batch statistics. */
    boolean coupled();

    /** The gradients of these samples, in this order; everything is born in {@code scope}. */
    SampleGradients gradients(int[] samples, Scope scope);

    /**
     * A group of parameters.
     *
     * @param leaves places of its parameters among the gradients' leaves
     */
    record Layer(String name, List<Integer> leaves) {
        public Layer {
            leaves = List.copyOf(leaves);
        }

        SampleGradients of(SampleGradients all) {
            return all.select(leaves.stream().mapToInt(Integer::intValue).toArray());
        }
    }
}
