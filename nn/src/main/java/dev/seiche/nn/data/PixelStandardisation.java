package dev.seiche.nn.data;

/**
 * Each pixel and channel with a mean and a standard deviation (divided by n) of its own, over some images: what Cohen et
 * al. 2021 do. A pixel that never changes there becomes {@code byte / 255 - mean}. Take the statistics from the training
 * images and use them for the test images too. Immutable.
 */
public final class PixelStandardisation {
    private static final double WHITE = 255.0;

    private final double[] mean;
    private final double[] deviation;

    private PixelStandardisation(double[] mean, double[] deviation) {
        this.mean = mean;
        this.deviation = deviation;
    }

    /** The statistics of these images. */
    public static PixelStandardisation of(LabelledImages images) {
        int size = images.imageSize();
        long[] sum = new long[size];
        long[] squares = new long[size];
        byte[] pixels = images.pixels();
        for (int at = 0; at < pixels.length; at++) {
            int pixel = pixels[at] & 0xFF;
            sum[at % size] += pixel;
            squares[at % size] += (long) pixel * pixel;
        }
        double[] mean = new double[size];
        double[] deviation = new double[size];
        double count = images.count();
        for (int i = 0; i < size; i++) {
            mean[i] = sum[i] / count / WHITE;
            double variance = squares[i] / count - sum[i] / count * (sum[i] / count);
            deviation[i] = variance > 0 ? Math.sqrt(variance) / WHITE : 1;
        }
        return new PixelStandardisation(mean, deviation);
    }

    /** Bytes of an image that the statistics are for. */
    public int size() {
        return mean.length;
    }

    /** The number for a byte of 0 to 255 at place {@code at} (row-major [H, W, C]) of an image. */
    public double apply(int at, int pixel) {
        return (pixel / WHITE - mean[at]) / deviation[at];
    }
}
