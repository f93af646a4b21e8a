package dev.seiche.kernels.cuda;

import dev.seiche.tensor.DType;

/** Sizes of {@code tile.cuh}. */
final class Tiles {
    /** Bytes of one vector load. */
    static final int BYTES = 16;

    /** Threads of a block. */
    static final int THREADS = 256;

    private Tiles() {}

    /** Results along one side of a block. */
    static int width(DType dtype) {
        return dtype == DType.F32 ? 128 : 64;
    }

    /** Elements of one vector load. */
    static int vector(DType dtype) {
        return BYTES / dtype.bytes();
    }
}
