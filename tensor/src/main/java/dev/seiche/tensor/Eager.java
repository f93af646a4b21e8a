package dev.seiche.tensor;

import dev.seiche.tensor.op.Copy;
import java.util.ArrayList;
import java.util.List;

/**
 * The interpreter that computes: checks shapes, allocates the result in its scope, runs the backend's kernel. Get one
 * from {@link Scope#ops()}.
 */
public final class Eager implements Ops<Tensor> {
    private final Scope scope;

    Eager(Scope scope) {
        this.scope = scope;
    }

    /** The scope that results are born in. */
    public Scope scope() {
        return scope;
    }

    @Override
    public Tensor lift(Tensor constant) {
        return constant;
    }

    @Override
    public Tensor apply(Op op, List<Tensor> in) {
        checkDevices(op, in);
        TensorType type = op.infer(in);
        if (op instanceof ViewOp view) {
            return view(view, in.get(0));
        }
        Tensor out = scope.allocate(type);
        run(op, in, out);
        return out;
    }

    /**
     * Computes into existing memory: the one way to change a tensor in place, meant for optimizers and accumulators.
     * {@code out} may be one of the inputs for elementwise ops.
     *
     * @throws ShapeException when the op's result has another type than {@code out}
     */
    public void applyInto(Op op, List<Tensor> in, Tensor out) {
        checkDevices(op, in);
        TensorType type = op.infer(in);
        if (!type.equals(out.type()) || !out.isContiguous()) {
            throw ShapeException.of(
                    op,
                    "the result is " + type + " but the target is " + (out.isContiguous() ? "" : "a strided view ")
                            + out.describe(),
                    in);
        }
        boolean aliased = in.stream().anyMatch(t -> t.storage() == out.storage());
        if (aliased && !scope.backend().kernel(op).mayAlias()) {
            throw new IllegalArgumentException(op.name() + ": its kernel cannot write over one of its inputs, "
                    + out.describe() + "; compute into a fresh tensor and copy");
        }
        run(op, in, out);
    }

    /** A contiguous copy born in this scope. */
    public Tensor copy(Tensor x) {
        Tensor out = scope.allocate(x.type());
        run(new Copy(), List.of(x), out);
        return out;
    }

    /** {@code x} itself when contiguous, else a copy. */
    public Tensor contiguous(Tensor x) {
        return x.isContiguous() ? x : copy(x);
    }

    private Tensor view(ViewOp op, Tensor x) {
        // a view must not outlive its memory: results of this scope may be used as long as this scope is open
        Tensor source = scope.outlivedBy(x.scope()) ? x : copy(x);
        Layout layout = op.view(source.layout());
        if (layout == null) {
            source = copy(source);
            layout = op.view(source.layout());
        }
        if (layout == null) {
            throw new AssertionError(op.name() + " gave no view of a contiguous tensor");
        }
        return scope.view(source, layout);
    }

    private <O extends Op> void run(O op, List<Tensor> in, Tensor out) {
        if (out.shape().size() == 0) {
            return;
        }
        Kernel<O> kernel = scope.backend().kernel(op);
        kernel.run(op, kernel.acceptsStrides() ? in : allContiguous(in), out);
    }

    private List<Tensor> allContiguous(List<Tensor> in) {
        for (Tensor t : in) {
            if (!t.isContiguous()) {
                List<Tensor> out = new ArrayList<>(in.size());
                in.forEach(each -> out.add(contiguous(each)));
                return out;
            }
        }
        return in;
    }

    private void checkDevices(Op op, List<Tensor> in) {
        for (Tensor t : in) {
            if (t.backend() != scope.backend()) {
                throw ShapeException.of(
                        op,
                        "operands are on '" + t.backend().name() + "' but scope '" + scope.name() + "' computes on '"
                                + scope.backend().name() + "'",
                        in);
            }
        }
    }
}
