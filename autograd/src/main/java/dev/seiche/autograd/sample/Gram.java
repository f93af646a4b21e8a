package dev.seiche.autograd.sample;

/**
 * Inner products of per-sample gradients: row i is sample i of one batch, column j sample j of the same or of another. In
 * f64, whatever the gradients are computed in. Immutable.
 */
public final class Gram {
    private final int rows;
    private final int columns;
    private final double[] values;

    Gram(int rows, int columns, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public double get(int row, int column) {
        return values[row * columns + column];
    }

    /** A copy, row by row. */
    public double[][] toArray() {
        double[][] out = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, out[i], 0, columns);
        }
        return out;
    }

    /** The sum with the Gram of other parameters for the same samples. */
    public Gram plus(Gram other) {
        if (other.rows != rows || other.columns != columns) {
            throw new IllegalArgumentException("gram: " + rows + " x " + columns + " and " + other.rows + " x "
                    + other.columns + " are not of the same samples");
        }
        double[] sum = values.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.values[i];
        }
        return new Gram(rows, columns, sum);
    }

    /**
     * The cosines of the angles between gradients, for a batch with itself: divided by the norms on the diagonal. Limited to
     * [-1, 1], which rounding can pass by a few units in the last place; NaN for a gradient of length 0, which has no angle.
     */
    public double[][] cosines() {
        if (rows != columns) {
            throw new IllegalArgumentException("gram: " + rows + " x " + columns
                    + " samples have no diagonal of norms; use cosines(norms, norms)");
        }
        double[] norms = new double[rows];
        for (int i = 0; i < rows; i++) {
            norms[i] = Math.sqrt(get(i, i));
        }
        return cosines(norms, norms);
    }

    /** The same for two batches, from the norms of their gradients. */
    public double[][] cosines(double[] rowNorms, double[] columnNorms) {
        if (rowNorms.length != rows || columnNorms.length != columns) {
            throw new IllegalArgumentException("gram: " + rows + " x " + columns + " samples, but " + rowNorms.length
                    + " and " + columnNorms.length + " norms");
        }
        double[][] out = toArray();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double cosine = out[i][j] / (rowNorms[i] * columnNorms[j]);
                out[i][j] = Math.max(-1.0, Math.min(1.0, cosine));
            }
        }
        return out;
    }
}
