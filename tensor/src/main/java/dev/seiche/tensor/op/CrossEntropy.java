package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y[...] = -ln softmax(x[...])[labels[...]]} of logits x[..., C]: what {@code neg(pick(logSoftmax(x, -1), labels))}
 * computes, in one pass that keeps nothing of x's size. No overflow, no ln 0. Labels outside 0..C-1 are an error at run
 * time. Derivative {@code dy (softmax(x) - onehot(labels))}, see {@link CrossEntropyGrad}.
 */
public record CrossEntropy() implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "labels");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.rows(this, in);
        return in.get(0).type().withShape(in.get(1).shape());
    }
}
