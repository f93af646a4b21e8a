package dev.seiche.kernels.cpu;

import dev.seiche.tensor.op.ConvGeometry;
import java.util.Arrays;

/**
 * Where the taps of a window that moves by one lead on a grid of positions: from position s to s + offset, for those
 * positions from which that stays on the grid. One sample after the other along a row of a map.
 */
final class TapWindows {
    private final int positions;
    private final int[] offsets;
    /** Taps allowed at a position, in order. */
    private final int[][] atRow;
    /** Bits for 64 columns at a time: [tap][column / 64]. */
    private final long[][] atColumns;

    private TapWindows(int positions, boolean[][] allowed, int[] offsets, int columns) {
        this.positions = positions;
        this.offsets = offsets;
        this.atRow = new int[positions][];
        for (int s = 0; s < positions; s++) {
            int[] found = new int[offsets.length];
            int count = 0;
            for (int k = 0; k < offsets.length; k++) {
                if (allowed[k][s]) {
                    found[count++] = k;
                }
            }
            atRow[s] = Arrays.copyOf(found, count);
        }
        this.atColumns = new long[offsets.length][Math.ceilDiv(columns, Long.SIZE) + 1];
        for (int k = 0; k < offsets.length; k++) {
            for (int c = 0; c < columns; c++) {
                if (allowed[k][c % positions]) {
                    atColumns[k][c / Long.SIZE] |= 1L << c;
                }
            }
        }
    }

    /** One tap that stays where it is. */
    static TapWindows still(int positions, int columns) {
        boolean[][] all = new boolean[1][positions];
        Arrays.fill(all[0], true);
        return new TapWindows(positions, all, new int[1], columns);
    }

    /** The taps of a window on a grid. */
    static TapWindows of(ConvGeometry g, int kernelH, int kernelW, int height, int width, int columns) {
        boolean[][] allowed = new boolean[kernelH * kernelW][height * width];
        int[] offsets = new int[kernelH * kernelW];
        for (int k = 0; k < offsets.length; k++) {
            int down = k / kernelW * g.dilationH() - g.padTop();
            int right = k % kernelW * g.dilationW() - g.padLeft();
            offsets[k] = down * width + right;
            for (int s = 0; s < height * width; s++) {
                int h = s / width + down;
                int w = s % width + right;
                allowed[k][s] = h >= 0 && h < height && w >= 0 && w < width;
            }
        }
        return new TapWindows(height * width, allowed, offsets, columns);
    }

    /** Rows of one sample. */
    int positions() {
        return positions;
    }

    int offset(int tap) {
        return offsets[tap];
    }

    int[] atRow(int s) {
        return atRow[s];
    }

    /** The bits of the columns from c on, c a multiple of a power of two up to 64 that is at most as many as are read. */
    long atColumns(int tap, int c) {
        return atColumns[tap][c / Long.SIZE] >>> c;
    }
}
