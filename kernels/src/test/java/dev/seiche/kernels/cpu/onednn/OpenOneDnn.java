package dev.seiche.kernels.cpu.onednn;

import dev.seiche.kernels.cpu.WorkerPool;
import java.util.function.BiConsumer;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;

/** oneDNN on one, two and three threads, opened once for all tries of a property. */
final class OpenOneDnn implements Store.CloseOnReset {
    private final WorkerPool[] pools = {new WorkerPool(1), new WorkerPool(2), new WorkerPool(3)};
    private final OneDnn.Opened[] opened = {OneDnn.open(pools[0]), OneDnn.open(pools[1]), OneDnn.open(pools[2])};

    static OpenOneDnn ofProperty() {
        return Store.getOrCreate(OpenOneDnn.class, Lifespan.PROPERTY, OpenOneDnn::new)
                .get();
    }

    /** Calls with the number of threads and the library; does nothing where there is none. */
    void forEachThreadCount(BiConsumer<Integer, OneDnn> test) {
        for (int i = 0; i < pools.length; i++) {
            int threads = pools[i].threads();
            opened[i].library().ifPresent(library -> test.accept(threads, library));
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < pools.length; i++) {
            opened[i].library().ifPresent(OneDnn::close);
            pools[i].close();
        }
    }
}
