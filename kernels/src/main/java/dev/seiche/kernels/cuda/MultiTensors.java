package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Launches the kernels of {@code multi_tensor.cu}: once for each 96 tensors. */
final class MultiTensors implements MultiTensor {
    /** As in {@code multi_tensor.cu}. */
    private static final int THREADS = 256;

    /** Elements that a block steps through: enough to be worth a block, few enough that small networks fill a GPU. */
    private static final int STEP_CHUNK = 2048;

    /** A block of an inner product leaves one number, so it takes more. */
    private static final int DOT_CHUNK = 16384;

    private final CudaMachine machine;

    MultiTensors(CudaMachine machine) {
        this.machine = machine;
    }

    @Override
    public boolean sgd(SgdStep step, List<Tensor> weights, List<Tensor> gradients, List<Tensor> velocities) {
        List<List<Tensor>> lists = new ArrayList<>(List.of(weights, gradients));
        if (step.momentum() != 0) {
            lists.add(velocities);
        }
        each(
                "sgd",
                lists,
                STEP_CHUNK,
                list -> begin("sgd", weights, list)
                        .f64(step.rate())
                        .f64(step.momentum())
                        .count(step.nesterov() ? 1 : 0)
                        .f64(step.weightDecay())
                        .launch(Grid.of(list.blocks(), 1, THREADS, 1)));
        return true;
    }

    @Override
    public void adam(
            AdamStep step, List<Tensor> weights, List<Tensor> gradients, List<Tensor> first, List<Tensor> second) {
        double[] numbers = {
            step.rate(), step.rootScale(), step.beta1(), step.beta2(), step.eps(), step.weightDecay(), step.shrink()
        };
        Arguments.Structure structure = into -> {
            for (double each : numbers) {
                into.putDouble(each);
            }
        };
        each(
                "adam",
                List.of(weights, gradients, first, second),
                STEP_CHUNK,
                list -> begin("adam", weights, list)
                        .structure(structure)
                        .launch(Grid.of(list.blocks(), 1, THREADS, 1)));
    }

    @Override
    public double[] dots(List<Tensor> a, List<Tensor> b) {
        long[] at = {0};
        CudaBuffer results = machine.memory().allocate((long) a.size() * Double.BYTES);
        try {
            each("dots", List.of(a, b), DOT_CHUNK, list -> {
                long partialBytes = (long) list.blocks() * Double.BYTES;
                machine.withScratch(partialBytes + Integer.BYTES, partial -> {
                    machine.context().setBytes(partial + partialBytes, (byte) 0, Integer.BYTES);
                    begin("dots", a, list)
                            .address(partial)
                            .address(results.address() + at[0] * Double.BYTES)
                            .address(partial + partialBytes)
                            .launch(Grid.of(list.blocks(), 1, THREADS, 1));
                });
                at[0] += list.count();
            });
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment host = arena.allocate(ValueLayout.JAVA_DOUBLE, a.size());
                machine.ids().check();
                machine.staging().download(results.address(), host);
                return host.toArray(ValueLayout.JAVA_DOUBLE);
            }
        } finally {
            machine.memory().release(results);
        }
    }

    private Call begin(String name, List<Tensor> tensors, TensorList list) {
        DType dtype = tensors.get(0).dtype();
        return machine.call("multi_tensor_" + name + "_" + dtype + "_v1").structure(list);
    }

    private void each(String name, List<List<Tensor>> lists, int chunk, Consumer<TensorList> launch) {
        MultiTensor.requireAlike(name, lists);
        int tensors = lists.get(0).size();
        for (int from = 0; from < tensors; from += TensorList.MOST) {
            launch.accept(new TensorList(machine, chunk, lists, from, Math.min(tensors, from + TensorList.MOST)));
        }
    }
}
