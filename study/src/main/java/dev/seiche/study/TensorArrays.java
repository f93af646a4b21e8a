package dev.seiche.study;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors on their way into and out of a run's files, bit by bit. */
public final class TensorArrays {
    private TensorArrays() {}

    /** A copy of each tensor's elements, by the same names. */
    public static Map<String, ArrayData> write(Map<String, Tensor> tensors) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> arrays.put(name, write(tensor)));
        return arrays;
    }

    private static ArrayData write(Tensor tensor) {
        int[] dims = tensor.shape().dims();
        // a scalar becomes one element: the file keeps no difference that anything here depends on
        long[] shape = new long[Math.max(1, dims.length)];
        shape[0] = 1;
        for (int k = 0; k < dims.length; k++) {
            shape[k] = dims[k];
        }
        return switch (tensor.dtype()) {
            case F32 -> ArrayData.of(tensor.toFloats(), shape);
            case F64 -> ArrayData.of(tensor.toDoubles(), shape);
            case I32 -> ArrayData.of(tensor.toInts(), shape);
        };
    }

    /**
     * A tensor for each array, born in {@code scope}, by the same names.
     *
     * @throws IllegalArgumentException for a type that tensors do not have
     */
    public static Map<String, Tensor> read(Map<String, ArrayData> arrays, Scope scope) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) -> tensors.put(name, read(name, array, scope)));
        return tensors;
    }

    private static Tensor read(String name, ArrayData array, Scope scope) {
        long[] sizes = array.shape();
        int[] dims = new int[sizes.length];
        for (int k = 0; k < dims.length; k++) {
            dims[k] = Math.toIntExact(sizes[k]);
        }
        Shape shape = Shape.of(dims);
        return switch (array.type()) {
            case F32 -> scope.tensor(shape, array.floats());
            case F64 -> scope.tensor(DType.F64, shape, array.doubles());
            case I32 -> scope.tensor(shape, array.ints());
            case I64, U8 ->
                throw new IllegalArgumentException(
                        "array '" + name + "' is " + array + "; tensors are f32, f64 or i32");
        };
    }
}
