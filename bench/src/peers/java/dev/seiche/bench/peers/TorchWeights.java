package dev.seiche.bench.peers;

import dev.seiche.bench.Array;
import dev.seiche.bench.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How each weight of a step's network is laid out in PyTorch, where an image is flattened channels first. */
final class TorchWeights {
    private final List<Array> first;
    private final List<Layout> layouts = new ArrayList<>();

    private record Layout(UnaryOperator<Array> to, UnaryOperator<Array> from) {
        static final Layout SAME = new Layout(UnaryOperator.identity(), UnaryOperator.identity());
    }

    TorchWeights(Step task) {
        this.first = task.parameters();
        Step.@Nullable Flatten flattened = null;
        for (Step.Layer layer : task.layers()) {
            if (layer instanceof Step.Flatten flatten) {
                flattened = flatten;
            } else if (layer instanceof Step.Conv) {
                layouts.add(new Layout(Torch::kernelTo, Torch::kernelFrom));
                layouts.add(Layout.SAME);
            } else if (layer instanceof Step.Dense) {
                layouts.add(flattened == null ? new Layout(Torch::transposed, Torch::transposed) : after(flattened));
                layouts.add(Layout.SAME);
                flattened = null;
            }
        }
    }

    private static Layout after(Step.Flatten f) {
        return new Layout(
                w -> Torch.transposed(Torch.rowsToChannelsFirst(w, f.height(), f.width(), f.channels())),
                w -> Torch.rowsToChannelsLast(Torch.transposed(w), f.height(), f.width(), f.channels()));
    }

    int count() {
        return first.size();
    }

    /** The first value of parameter i, laid out for PyTorch. */
    Array first(int i) {
        return layouts.get(i).to.apply(first.get(i));
    }

    /** A value of parameter i, as {@link #first} lays it out, in Seiche's layout. */
    Array back(int i, float[] values) {
        Array laidOut = new Array(first.get(i).name(), first(i).shape(), values);
        return layouts.get(i).from.apply(laidOut);
    }
}
