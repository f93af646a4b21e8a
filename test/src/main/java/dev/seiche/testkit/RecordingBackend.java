package dev.seiche.testkit;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.ForwardingBackend;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** A device that writes down which ops it computes, in their order: to show how something was computed. */
public final class RecordingBackend implements ForwardingBackend {
    private final Backend inner;
    private final List<Ran> ran = new ArrayList<>();

    /** An op that was computed, and on what. */
    public record Ran(Op op, List<TensorType> in) {}

    /** @param inner computes; closed with this */
    public RecordingBackend(Backend inner) {
        this.inner = inner;
    }

    @Override
    public Backend inner() {
        return inner;
    }

    /** What an action computes. */
    public List<Ran> during(Runnable action) {
        ran.clear();
        action.run();
        return List.copyOf(ran);
    }

    @Override
    public <O extends Op> Kernel<O> kernel(O op) {
        return new Recorded<>(inner.kernel(op));
    }

    private final class Recorded<O extends Op> implements Kernel<O> {
        private final Kernel<O> kernel;

        Recorded(Kernel<O> kernel) {
            this.kernel = kernel;
        }

        @Override
        public void run(O op, List<Tensor> in, Tensor out) {
            ran.add(new Ran(op, in.stream().map(Tensor::type).toList()));
            kernel.run(op, in, out);
        }

        @Override
        public boolean acceptsStrides() {
            return kernel.acceptsStrides();
        }

        @Override
        public boolean mayAlias() {
            return kernel.mayAlias();
        }
    }
}
