package dev.seiche.nn.data;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * One value of a fixed shape for each example: the inputs of a data set, or its targets. Values are plain host data, kept
 * outside of any scope; {@link #tensor} copies the asked-for ones into one. Implementations are immutable.
 */
public interface Column {

    /** How many examples there are. */
    int count();

    /** Shape of one example's value; a scalar for a class label. */
    Shape shape();

    /** I32 for labels and ids, otherwise the floating type that the caller computes in. */
    default DType dtype(DType floating) {
        return floating;
    }

    /**
     * Writes one example's value.
     *
     * @param dtype type of the elements to write: F32, F64, or I32 for an integer column
     * @param into receives {@code shape().size()} elements in row-major order, from its start
     */
    void write(int example, DType dtype, MemorySegment into);

    /**
     * The values of these examples in this order, as a tensor [examples, shape...] born in {@code scope}.
     *
     * @param floating the type of floating values, F32 or F64; ignored by integer columns
     * @throws IndexOutOfBoundsException if there is no such example
     */
    default Tensor tensor(Scope scope, DType floating, int... examples) {
        TensorType type =
                new TensorType(dtype(floating), Shape.of(examples.length).concat(shape()));
        long bytes = shape().size() * type.dtype().bytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(1, type.bytes()), 64);
            for (int i = 0; i < examples.length; i++) {
                Objects.checkIndex(examples[i], count());
                write(examples[i], type.dtype(), host.asSlice(i * bytes, bytes));
            }
            return scope.tensor(type, host);
        }
    }

    /** Floating values of this shape, {@code values} holding one example after the other. */
    static Column of(Shape shape, double[] values) {
        return new ValueColumn(shape, values.clone());
    }

    /** A class label for each example, as an I32 scalar. */
    static Column labels(int[] labels) {
        return new LabelColumn(labels.clone());
    }

    /**
     * Class labels as floating vectors [classes] with {@code on} at the label and {@code off} elsewhere.
     *
     * @throws IllegalArgumentException if a label is not in 0 to classes - 1
     */
    static Column oneHot(int[] labels, int classes, double on, double off) {
        double[] values = new double[Math.multiplyExact(labels.length, classes)];
        Arrays.fill(values, off);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "one-hot: label %d of example %d is not in 0 to %d".formatted(labels[i], i, classes - 1));
            }
            values[i * classes + labels[i]] = on;
        }
        return new ValueColumn(Shape.of(classes), values);
    }
}
