package dev.seiche.kernels.cuda;

/**
 * What one multiprocessor of a generation has, from the CUDA programming guide's table of technical specifications.
 *
 * @param capability 80 for 8.0
 * @param threads resident at once
 * @param blocks resident at once
 * @param sharedBytes for all resident blocks
 * @param reservedBytes of shared memory that the system takes of each block
 */
record Architecture(int capability, int threads, int blocks, int sharedBytes, int reservedBytes) {
    static final Architecture[] ALL = {
        new Architecture(75, 1024, 16, 64 << 10, 0),
        new Architecture(80, 2048, 32, 164 << 10, 1024),
        new Architecture(86, 1536, 16, 100 << 10, 1024),
        new Architecture(90, 2048, 32, 228 << 10, 1024),
    };

    private static final int REGISTERS = 1 << 16;
    private static final int WARP = 32;

    /** Registers are handed to a warp in units of this many. */
    private static final int REGISTER_UNIT = 256;

    String name() {
        return "sm_" + capability;
    }

    /** The part of the resident threads that blocks of this size and use can fill, 0 to 1. */
    double occupancy(int blockThreads, int registers, int shared) {
        int warps = Math.ceilDiv(blockThreads, WARP);
        int registersOfWarp = Math.ceilDiv(registers * WARP, REGISTER_UNIT) * REGISTER_UNIT;
        int byRegisters = REGISTERS / (registersOfWarp * warps);
        int byThreads = threads / (warps * WARP);
        int byShared = shared + reservedBytes == 0 ? blocks : sharedBytes / (shared + reservedBytes);
        int resident = Math.min(Math.min(byRegisters, byThreads), Math.min(byShared, blocks));
        return resident * warps * WARP / (double) threads;
    }
}
