package dev.seiche.metrics.tail;

/** Names under which tail indices are recorded. The catalogue says what they are. */
public final class TailNames {
    /** The published reading of a pass in order. */
    public static final String OFFICIAL = "tail/official";

    /** Of one layer: {@code tail/official/<layer>}. */
    public static final String OFFICIAL_LAYER = OFFICIAL + "/";

    /** The published reading on Gaussian noise of the covariance of {@link #CORRECTED}'s mini-batches. */
    public static final String OFFICIAL_NULL = "tail/official_gaussian";

    /** The corrected reading of random mini-batches. */
    public static final String CORRECTED = "tail/corrected";

    /** Of one layer. */
    public static final String CORRECTED_LAYER = CORRECTED + "/";

    /** The corrected reading on Gaussian noise of the same covariance. */
    public static final String CORRECTED_NULL = "tail/corrected_gaussian";

    /** Standard deviation of that. */
    public static final String CORRECTED_NULL_SD = "tail/corrected_gaussian_sd";

    /** The median over coordinates of their own indices. */
    public static final String COORDINATE_MEDIAN = "tail/coordinate_median";

    /** Share of the noise that is exactly 0. */
    public static final String ZEROS = "tail/zeros";

    /** Mean excess kurtosis of coordinates over mini-batches. */
    public static final String KURTOSIS = "tail/kurtosis";

    /** Share of random projections that Shapiro and Wilk reject at 5%. */
    public static final String PROJECTIONS = "tail/shapiro_projections";

    /** Share of single coordinates that Shapiro and Wilk reject at 5%. */
    public static final String COORDINATES = "tail/shapiro_coordinates";

    /** The same after Holm's correction. */
    public static final String COORDINATES_HOLM = "tail/shapiro_coordinates_holm";

    /** The lower end of a 95% bootstrap interval of {@link #CORRECTED}. */
    public static final String CORRECTED_LOW = "tail/corrected_low";

    /** The upper end. */
    public static final String CORRECTED_HIGH = "tail/corrected_high";

    /** By order statistics. */
    public static final String ORDER = "tail/order";

    /** Of whole noise vectors. */
    public static final String VECTORS = "tail/vectors";

    /** Hill's. */
    public static final String HILL = "tail/hill";

    /** Pickands'. */
    public static final String PICKANDS = "tail/pickands";

    /** By the characteristic function. */
    public static final String CHARACTERISTIC = "tail/characteristic";

    private TailNames() {}
}
