package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import dev.seiche.kernels.cpu.gemm.VectorGemm;
import dev.seiche.kernels.cpu.onednn.OneDnn;
import dev.seiche.tensor.DType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A matrix product of one element type, by whatever computes it here. */
@FunctionalInterface
interface Gemm {
    /** Memory starts at the first element of each matrix. */
    void run(DType dtype, GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c);

    /** The library for f32 where there is one, Java for the rest. */
    static Gemm of(VectorGemm java, @Nullable OneDnn library) {
        return (dtype, shape, a, b, c) -> {
            if (dtype == DType.F64) {
                java.f64(shape, a, b, c);
            } else if (library == null) {
                java.f32(shape, a, b, c);
            } else {
                library.sgemm(shape, a, b, c);
            }
        };
    }
}
