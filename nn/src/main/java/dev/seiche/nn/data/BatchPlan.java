package dev.seiche.nn.data;

import dev.seiche.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which examples go into which batch of an epoch. A pure function of its components and the epoch's number, so a resumed
 * run meets the same batches.
 *
 * @param examples size of the data set
 * @param batchSize examples in a batch; the last batch of an epoch may be smaller
 * @param shuffle key of the order, folded with the epoch; null keeps the order of the data set in every epoch
 * @param dropLast leaves out a last batch that is not full
 */
public record BatchPlan(
        int examples, int batchSize, @Nullable Rng shuffle, boolean dropLast) {

    public BatchPlan {
        if (batchSize < 1 || batchSize > examples) {
            throw new IllegalArgumentException("batch size %d does not fit a data set of %d examples: use 1 to %d"
                    .formatted(batchSize, examples, examples));
        }
    }

    /** The data set's own order, the same in every epoch: full batches, and micro-batches of a full batch. */
    public static BatchPlan fixed(int examples, int batchSize) {
        return new BatchPlan(examples, batchSize, null, false);
    }

    /** A new order each epoch. */
    public static BatchPlan shuffled(int examples, int batchSize, Rng rng) {
        return new BatchPlan(examples, batchSize, rng, false);
    }

    public int batchesPerEpoch() {
        return dropLast ? examples / batchSize : Math.ceilDiv(examples, batchSize);
    }

    /** The batches of an epoch, as numbers of examples. Epochs count from 0. */
    public List<int[]> epoch(long epoch) {
        int[] order = shuffle == null
                ? IntStream.range(0, examples).toArray()
                : shuffle.fold(epoch).permutation(examples);
        List<int[]> batches = new ArrayList<>();
        for (int batch = 0; batch < batchesPerEpoch(); batch++) {
            int start = batch * batchSize;
            batches.add(Arrays.copyOfRange(order, start, Math.min(examples, start + batchSize)));
        }
        return batches;
    }
}
