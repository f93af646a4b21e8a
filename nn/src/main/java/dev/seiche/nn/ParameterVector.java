package dev.seiche.nn;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One tensor per parameter, in the network's order: weights, a gradient, a direction, an eigenvector. The tensors belong to
 * the scope they were born in; results are born in the scope that is passed. Only {@link #copyFrom} and {@link #load}
 * change a vector. Confined to the thread of its scope.
 *
 * <p>Inner products are sums in f64 whose order depends on the shapes only, never on the thread count.
 */
public final class ParameterVector {
    private final List<Parameter> parameters;
    private final List<Tensor> tensors;

    private ParameterVector(List<Parameter> parameters, List<Tensor> tensors) {
        this.parameters = List.copyOf(parameters);
        this.tensors = List.copyOf(tensors);
        if (parameters.size() != tensors.size()) {
            throw new IllegalArgumentException(
                    "parameter vector: " + parameters.size() + " parameters, but " + tensors.size() + " tensors");
        }
        for (int i = 0; i < tensors.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (!tensors.get(i).shape().equals(parameter.shape())) {
                throw new IllegalArgumentException("parameter vector: parameter " + parameter + " got "
                        + tensors.get(i).describe());
            }
        }
    }

    /** These tensors, which are not copied, in the order of the parameters. */
    public static ParameterVector of(List<Parameter> parameters, List<Tensor> tensors) {
        return new ParameterVector(parameters, tensors);
    }

    /** A tensor for each parameter, which gets the parameter's name. */
    public static ParameterVector of(List<Parameter> parameters, Function<Parameter, Tensor> tensor) {
        return new ParameterVector(
                parameters,
                parameters.stream().map(p -> tensor.apply(p).named(p.name())).toList());
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    /** In the order of the parameters. */
    public List<Tensor> tensors() {
        return tensors;
    }

    public Tensor get(int parameter) {
        return tensors.get(parameter);
    }

    /** The tensor of the parameter with this name. */
    public Tensor get(String name) {
        for (int i = 0; i < tensors.size(); i++) {
            if (parameters.get(i).name().equals(name)) {
                return tensors.get(i);
            }
        }
        throw new IllegalArgumentException("no parameter '" + name + "' among " + parameters);
    }

    /** By name, in order: as a checkpoint holds them. */
    public Map<String, Tensor> named() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            named.put(parameters.get(i).name(), tensors.get(i));
        }
        return named;
    }

    /** The element type. F32 for a vector of nothing. */
    public DType dtype() {
        return tensors.isEmpty() ? DType.F32 : tensors.get(0).dtype();
    }

    /** Number of elements of all tensors. */
    public long size() {
        return parameters.stream().mapToLong(p -> p.shape().size()).sum();
    }

    /** The inner product with another vector. */
    public double dot(ParameterVector other) {
        return sum(dots(other));
    }

    /** The inner product over each layer, in the network's order of layers. */
    public Map<String, Double> dotByLayer(ParameterVector other) {
        double[] dots = dots(other);
        Map<String, Double> byLayer = new LinkedHashMap<>();
        for (int i = 0; i < dots.length; i++) {
            byLayer.merge(parameters.get(i).layer(), dots[i], Double::sum);
        }
        return byLayer;
    }

    /** The inner product of each pair of tensors, in the order of the parameters. */
    public double[] dots(ParameterVector other) {
        requireAlike(other);
        if (tensors.isEmpty()) {
            return new double[0];
        }
        MultiTensor atOnce = multiTensor();
        if (atOnce != null && other.multiTensor() == atOnce) {
            return atOnce.dots(tensors, other.tensors);
        }
        try (Scope scope = tensors.get(0).scope().child("dot")) {
            List<Tensor> sums = new ArrayList<>();
            for (int i = 0; i < tensors.size(); i++) {
                sums.add(scope.ops().reshape(dot(scope, tensors.get(i), other.tensors.get(i)), 1));
            }
            return scope.ops().concat(0, sums).toDoubles();
        }
    }

    private static Tensor dot(Scope scope, Tensor a, Tensor b) {
        try (Scope products = scope.child("products")) {
            Eager ops = products.ops();
            Tensor wideA = ops.cast(a, DType.F64);
            Tensor wideB = a == b ? wideA : ops.cast(b, DType.F64);
            return scope.ops().sum(ops.mul(wideA, wideB));
        }
    }

    /** What can be done to all these tensors at once; null where the device, or their layout, asks for one by one. */
    public @Nullable MultiTensor multiTensor() {
        if (tensors.isEmpty()) {
            return null;
        }
        Tensor first = tensors.get(0);
        MultiTensor device = first.backend().multiTensor();
        boolean alike = device != null
                && tensors.stream()
                        .allMatch(
                                t -> t.isContiguous() && t.dtype() == first.dtype() && t.backend() == first.backend());
        return alike ? device : null;
    }

    /** The Euclidean norm. */
    public double norm() {
        return Math.sqrt(dot(this));
    }

    /** The Euclidean norm of each layer, in the network's order of layers. */
    public Map<String, Double> normByLayer() {
        Map<String, Double> norms = dotByLayer(this);
        norms.replaceAll((layer, squared) -> Math.sqrt(squared));
        return norms;
    }

    /**
     * The first parameter, in order, whose tensor holds a NaN or an infinity; null when all elements are finite. One pass
     * over the elements.
     */
    public @Nullable Parameter firstNonFinite() {
        if (tensors.isEmpty() || allFinite(sums())) {
            return null; // a sum with a NaN or an infinity in it is never finite
        }
        for (int i = 0; i < tensors.size(); i++) {
            // a sum of finite elements may overflow, so the elements decide
            for (double element : tensors.get(i).toDoubles()) {
                if (!Double.isFinite(element)) {
                    return parameters.get(i);
                }
            }
        }
        return null;
    }

    private double[] sums() {
        try (Scope scope = tensors.get(0).scope().child("sums")) {
            Eager ops = scope.ops();
            return ops.concat(
                            0,
                            tensors.stream()
                                    .map(t -> ops.reshape(ops.sum(t), 1))
                                    .toList())
                    .toDoubles();
        }
    }

    private static boolean allFinite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    /** this + other. */
    public ParameterVector add(ParameterVector other, Scope into) {
        return with(other, into.ops()::add);
    }

    /** this - other. */
    public ParameterVector subtract(ParameterVector other, Scope into) {
        return with(other, into.ops()::sub);
    }

    /** factor * this. */
    public ParameterVector scale(double factor, Scope into) {
        return map(t -> into.ops().scale(t, factor));
    }

    /** this + factor * other. */
    public ParameterVector addScaled(double factor, ParameterVector other, Scope into) {
        return with(other, (mine, theirs) -> {
            try (Scope step = into.child("scaled")) {
                return into.ops().add(mine, step.ops().scale(theirs, factor));
            }
        });
    }

    /** A copy in a longer-lived scope, say. */
    public ParameterVector keep(Scope into) {
        return map(into::keep);
    }

    /** The same values in another element type. */
    public ParameterVector cast(DType to, Scope into) {
        return map(t -> t.dtype() == to ? into.keep(t) : into.ops().cast(t, to));
    }

    /** Zeros of the same types. */
    public ParameterVector zeros(Scope into) {
        return map(into.ops()::zerosLike);
    }

    /** Independent N(0, 1) elements of the same types, drawn under each parameter's name. */
    public ParameterVector gaussian(Rng rng, Scope into) {
        return of(parameters, p -> into.ops().normal(rng.fold(p.name()), new TensorType(dtype(), p.shape())));
    }

    /** All elements, one tensor after the other, each in row-major order. */
    public double[] toDoubles() {
        double[] flat = new double[Math.toIntExact(size())];
        int at = 0;
        for (Tensor tensor : tensors) {
            double[] part = tensor.toDoubles();
            System.arraycopy(part, 0, flat, at, part.length);
            at += part.length;
        }
        return flat;
    }

    /** A vector like this one with the elements of {@link #toDoubles}, rounded to this type. */
    public ParameterVector withValues(double[] flat, Scope into) {
        if (flat.length != size()) {
            throw new IllegalArgumentException("parameter vector: has " + size() + " elements, got " + flat.length);
        }
        int[] at = {0};
        return of(parameters, p -> {
            int count = Math.toIntExact(p.shape().size());
            double[] part = Arrays.copyOfRange(flat, at[0], at[0] + count);
            at[0] += count;
            return into.tensor(dtype(), p.shape(), part);
        });
    }

    /** Overwrites this vector with another of the same types, in place. */
    public void copyFrom(ParameterVector other) {
        requireAlike(other);
        for (int i = 0; i < tensors.size(); i++) {
            NamedTensors.copy(other.tensors.get(i), tensors.get(i));
        }
    }

    /**
     * Overwrites this vector with the tensors of these names, in place.
     *
     * @throws IllegalArgumentException when one is missing or of another type
     */
    public void load(Map<String, Tensor> named) {
        for (int i = 0; i < tensors.size(); i++) {
            NamedTensors.load(named, parameters.get(i).name(), tensors.get(i));
        }
    }

    private ParameterVector map(Function<Tensor, Tensor> f) {
        return new ParameterVector(parameters, tensors.stream().map(f).toList());
    }

    private ParameterVector with(ParameterVector other, BiFunction<Tensor, Tensor, Tensor> f) {
        requireAlike(other);
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            out.add(f.apply(tensors.get(i), other.tensors.get(i)));
        }
        return new ParameterVector(parameters, out);
    }

    private void requireAlike(ParameterVector other) {
        if (!parameters.equals(other.parameters) && !types().equals(other.types())) {
            throw new IllegalArgumentException("parameter vectors differ: " + types() + " and " + other.types());
        }
    }

    private List<TensorType> types() {
        return tensors.stream().map(Tensor::type).toList();
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    @Override
    public String toString() {
        return "vector of " + size() + " " + dtype() + " elements in " + tensors.size() + " tensors";
    }
}
