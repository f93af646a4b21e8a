package dev.seiche.nn;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sum of gradients in the order they come, one per micro-batch, in f64: then its rounding does not grow with the number
 * of micro-batches. A sum of one is that one.
 */
final class GradientSum implements AutoCloseable {
    private final List<Parameter> parameters;
    private final Scope into;
    private final Scope sums;
    private final int terms;
    private List<Tensor> total = List.of();

    /** The result will be born in {@code into}, after {@code terms} gradients. */
    GradientSum(List<Parameter> parameters, int terms, Scope into) {
        this.parameters = parameters;
        this.terms = terms;
        this.into = into;
        this.sums = into.child("sum");
    }

    /** Adds one gradient born in {@code step}, which is also used for temporaries; a null tensor is zero. */
    void add(List<@Nullable Tensor> gradient, DType dtype, Scope step) {
        boolean first = total.isEmpty();
        List<Tensor> next = new ArrayList<>();
        for (int i = 0; i < gradient.size(); i++) {
            Tensor term = gradient.get(i);
            if (term == null) {
                term = step.ops().fill(new TensorType(dtype, parameters.get(i).shape()), 0.0);
            }
            if (terms == 1) {
                next.add(into.adopt(term));
            } else if (first) {
                next.add(
                        term.dtype() == DType.F64 ? sums.keep(term) : sums.ops().cast(term, DType.F64));
            } else {
                Tensor wide = step.ops().cast(term, DType.F64);
                sums.ops().applyInto(new Add(), List.of(total.get(i), wide), total.get(i));
                next.add(total.get(i));
            }
        }
        total = next;
    }

    /** The sum in the gradients' own type. */
    ParameterVector sum(DType dtype) {
        List<Tensor> out = terms == 1
                ? total
                : total.stream()
                        .map(t ->
                                dtype == DType.F64 ? into.adopt(t) : into.ops().cast(t, dtype))
                        .toList();
        return ParameterVector.of(parameters, out);
    }

    @Override
    public void close() {
        sums.close();
    }
}
