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

    /** Adds everything to sums [rows * columns], row by row: those of other parameters for the same samples, say. */
    public void addTo(double[] sums) {
        if (sums.length != values.length) {
            throw new IllegalArgumentException(this + " cannot be added to " + sums.length + " sums");
        }
        for (int i = 0; i < values.length; i++) {
            sums[i] += values[i];
        }
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
     * The Gram of the gradients with weight decay, {@code g_i + decay theta}: a rank-2 update, for a batch with itself.
     *
     * @param decay lambda, of the penalty {@code lambda / 2 |theta|^2} on each loss
     * @param along the inner product of each gradient with the weights theta
     * @param squared {@code |theta|^2}
     */
    public Gram withWeightDecay(double decay, double[] along, double squared) {
        return withWeightDecay(decay, along, along, squared);
    }

    /** The same for two batches. */
    public Gram withWeightDecay(double decay, double[] rowsAlong, double[] columnsAlong, double squared) {
        if (rowsAlong.length != rows || columnsAlong.length != columns) {
            throw new IllegalArgumentException("gram: " + rows + " x " + columns + " samples, but " + rowsAlong.length
                    + " and " + columnsAlong.length + " inner products with the weights");
        }
        double[] sum = values.clone();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                sum[i * columns + j] += decay * (rowsAlong[i] + columnsAlong[j]) + decay * decay * squared;
            }
        }
        return new Gram(rows, columns, sum);
    }

    /**
     * The mean inner product of the pairs of two different samples, one of group a and one of group b: [groups][groups].
     * NaN where there is no such pair. For a batch with itself.
     *
     * @param group of each sample, 0 to groups - 1
     */
    public double[][] groupMeans(int[] group, int groups) {
        if (rows != columns) {
            throw new IllegalArgumentException("gram: groups are of a batch with itself, not of " + this);
        }
        requireGroups(group, groups, rows);
        double[][] out = new double[groups][groups];
        long[][] pairs = new long[groups][groups];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                if (i != j) {
                    out[group[i]][group[j]] += get(i, j);
                    pairs[group[i]][group[j]]++;
                }
            }
        }
        for (int a = 0; a < groups; a++) {
            for (int b = 0; b < groups; b++) {
                out[a][b] /= pairs[a][b];
            }
        }
        return out;
    }

    /** For each group the weights [B] that make a sum the mean over its samples: 0 elsewhere. */
    static double[][] shares(int[] group, int groups, int samples) {
        requireGroups(group, groups, samples);
        double[] counts = new double[groups];
        for (int g : group) {
            counts[g]++;
        }
        double[][] shares = new double[groups][samples];
        for (int i = 0; i < samples; i++) {
            shares[group[i]][i] = 1 / counts[group[i]];
        }
        return shares;
    }

    private static void requireGroups(int[] group, int groups, int samples) {
        if (group.length != samples) {
            throw new IllegalArgumentException(
                    "groups: " + group.length + " given for " + samples + " samples; give one for each");
        }
        for (int g : group) {
            if (g < 0 || g >= groups) {
                throw new IllegalArgumentException("groups: " + g + " is not one of 0 to " + (groups - 1));
            }
        }
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

    /** The cosine of two vectors from their inner product and their norms, limited and NaN as in {@link #cosines()}. */
    public static double cosine(double product, double normA, double normB) {
        return normA > 0 && normB > 0 ? Math.clamp(product / (normA * normB), -1.0, 1.0) : Double.NaN;
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
                out[i][j] = cosine(out[i][j], rowNorms[i], columnNorms[j]);
            }
        }
        return out;
    }

    @Override
    public String toString() {
        return "gram of " + rows + " x " + columns + " samples";
    }
}
