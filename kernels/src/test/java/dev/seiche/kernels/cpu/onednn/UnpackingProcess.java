package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.seiche.kernels.cpu.WorkerPool;
import dev.seiche.kernels.cpu.gemm.GemmShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A program that unpacks oneDNN into {@code $XDG_CACHE_HOME} and multiplies 3 by 4 with it. */
final class UnpackingProcess {
    private UnpackingProcess() {}

    public static void main(String[] args) {
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofShared()) {
            OneDnn.Opened opened = OneDnn.open(pool);
            OneDnn oneDnn = opened.library().orElseThrow(() -> new IllegalStateException(opened.reason()));
            MemorySegment three = arena.allocateFrom(JAVA_FLOAT, 3);
            MemorySegment four = arena.allocateFrom(JAVA_FLOAT, 4);
            MemorySegment product = arena.allocate(JAVA_FLOAT);
            oneDnn.sgemm(GemmShape.of(1, 1, 1), three, four, product);
            System.out.println(product.get(JAVA_FLOAT, 0));
            oneDnn.close();
        }
    }
}
