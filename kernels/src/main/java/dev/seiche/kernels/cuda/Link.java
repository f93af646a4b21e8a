package dev.seiche.kernels.cuda;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * An elementwise op that was asked for and waits in a {@link Chain}. It holds addresses rather than tensors: those may be
 * gone when it is launched, and what they held is then still wanted by later links.
 *
 * @param kernel that computes it by itself
 * @param expression its name in {@code expressions.cuh}
 * @param attributes numbers that the expression takes after its operands
 * @param count elements of the result
 * @param reads the operands
 * @param space where the operands lie, all together
 * @param address of the result
 * @param block memory that the result lies in
 */
record Link(
        String kernel,
        String expression,
        List<Double> attributes,
        DType dtype,
        int count,
        List<Read> reads,
        Space space,
        long address,
        CudaBuffer block) {

    /**
     * An op whose operands and result have one type. Everything that can be wrong with it is found here.
     *
     * @throws IllegalArgumentException when it has too many elements or its operands need too many axes
     */
    static Link of(CudaMachine machine, Op op, List<Double> attributes, List<Tensor> in, Tensor out) {
        String kernel = op.name() + "_fwd_" + out.dtype() + "_v1";
        int count = Call.count(kernel, out.shape().size());
        List<Read> reads = new ArrayList<>(in.size());
        for (Tensor operand : in) {
            reads.add(Read.of(machine.address(operand), operand, out.shape()));
        }
        return new Link(
                kernel,
                op.getClass().getSimpleName(),
                attributes,
                out.dtype(),
                count,
                reads,
                Space.of(out.shape(), in.stream().map(Tensor::layout).toArray(Layout[]::new)),
                machine.address(out),
                machine.memory().own(out.buffer()));
    }

    /** After the result's last byte. */
    long end() {
        return address + (long) count * dtype.bytes();
    }

    /** True when both results share memory without being the same elements. */
    boolean clashesWith(Link other) {
        return address != other.address && address < other.end() && other.address < end();
    }

    /** Launches it by itself. */
    void launch(CudaMachine machine) {
        Call call = machine.call(kernel);
        reads.forEach(read -> call.address(read.address()));
        call.address(address).count(count);
        attributes.forEach(call::f64);
        call.structure(space).over(count);
    }
}
