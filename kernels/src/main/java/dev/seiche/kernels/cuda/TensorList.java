package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Tensors {@code from} to {@code to} of several lists, and how blocks are shared among them: {@code struct TensorList} of
 * {@code multi_tensor.cu}.
 */
final class TensorList implements Arguments.Structure {
    /** The most tensors of a list, so that it fits among a kernel's arguments. */
    static final int MOST = 96;

    private static final int LISTS = 4;

    private final int chunk;
    private final long[][] address = new long[LISTS][MOST];
    private final int[] size = new int[MOST];
    private final int[] first = new int[MOST];
    private final int count;
    private long blocks;

    /** @param chunk elements that one block works on */
    TensorList(CudaMachine machine, int chunk, List<List<Tensor>> lists, int from, int to) {
        this.chunk = chunk;
        for (int k = from; k < to; k++) {
            for (int list = 0; list < lists.size(); list++) {
                address[list][k - from] = machine.address(lists.get(list).get(k));
            }
            int elements =
                    Call.count("multi_tensor", lists.get(0).get(k).shape().size());
            size[k - from] = elements;
            first[k - from] = Call.count("multi_tensor", blocks);
            // a tensor without elements has a block that finds nothing to do: then every tensor has a first one
            blocks += Math.max(1, Math.ceilDiv(elements, chunk));
        }
        this.count = to - from;
    }

    int count() {
        return count;
    }

    int blocks() {
        return Call.count("multi_tensor", blocks);
    }

    @Override
    public void pack(ByteBuffer into) {
        into.putInt(count);
        into.putInt(chunk);
        for (long[] list : address) {
            for (long each : list) {
                into.putLong(each);
            }
        }
        for (int each : size) {
            into.putInt(each);
        }
        for (int each : first) {
            into.putInt(each);
        }
    }
}
