package dev.seiche.kernels.cuda.driver;

/**
 * How many threads a launch starts: blocks in three directions, threads of a block in two.
 *
 * @param blocksX 1 to 2^31 - 1
 * @param blocksY 1 to 65535, as is blocksZ
 * @param threadsX the product with threadsY is 1 to 1024
 */
public record Grid(int blocksX, int blocksY, int blocksZ, int threadsX, int threadsY) {
    private static final int THREADS = 256;

    /** One thread for each of {@code n} results, 1 or more. */
    public static Grid over(long n) {
        return new Grid((int) ((n + THREADS - 1) / THREADS), 1, 1, THREADS, 1);
    }

    public static Grid of(int blocksX, int blocksY, int threadsX, int threadsY) {
        return new Grid(blocksX, blocksY, 1, threadsX, threadsY);
    }

    public static Grid of(int blocksX, int blocksY, int blocksZ, int threadsX, int threadsY) {
        return new Grid(blocksX, blocksY, blocksZ, threadsX, threadsY);
    }

    @Override
    public String toString() {
        return "grid " + blocksX + "x" + blocksY + "x" + blocksZ + ", block " + threadsX + "x" + threadsY;
    }
}
