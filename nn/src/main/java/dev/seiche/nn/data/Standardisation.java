package dev.seiche.nn.data;

import java.util.Arrays;
import java.util.List;

/**
 * How a pixel's byte becomes a number: {@code (byte / 255 - mean) / standardDeviation}, with one pair of statistics for
 * each channel. Take the statistics from the training images and use them for the test images too.
 *
 * @param mean one a channel, in units of the full range: 0 is black, 1 is white
 * @param standardDeviation one a channel, above 0, same units
 */
public record Standardisation(List<Double> mean, List<Double> standardDeviation) {
    private static final double WHITE = 255.0;

    public Standardisation {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        if (mean.size() != standardDeviation.size()) {
            throw new IllegalArgumentException("standardisation: %d means, but %d standard deviations"
                    .formatted(mean.size(), standardDeviation.size()));
        }
        for (double deviation : standardDeviation) {
            if (!(deviation > 0)) {
                throw new IllegalArgumentException(
                        "standardisation: a standard deviation is above 0, got " + deviation);
            }
        }
    }

    /** Pixels in [0, 1], without any statistics. */
    public static Standardisation none(int channels) {
        return same(0, 1, channels);
    }

    /**
     * One mean and one standard deviation (divided by n) over all pixels and channels of all images.
     *
     * @throws DataException if all pixels are equal
     */
    public static Standardisation global(LabelledImages images) {
        Moments all = new Moments();
        for (int channel = 0; channel < images.channels(); channel++) {
            all.add(images, channel);
        }
        return same(all.mean(), all.deviation(images, "pixels"), images.channels());
    }

    /**
     * A mean and a standard deviation (divided by n) for each channel, over all pixels of all images.
     *
     * @throws DataException if a channel is constant
     */
    public static Standardisation perChannel(LabelledImages images) {
        Double[] mean = new Double[images.channels()];
        Double[] deviation = new Double[images.channels()];
        for (int channel = 0; channel < images.channels(); channel++) {
            Moments moments = new Moments();
            moments.add(images, channel);
            mean[channel] = moments.mean();
            deviation[channel] = moments.deviation(images, "pixels of channel " + channel);
        }
        return new Standardisation(List.of(mean), List.of(deviation));
    }

    private static Standardisation same(double mean, double deviation, int channels) {
        Double[] means = new Double[channels];
        Double[] deviations = new Double[channels];
        Arrays.fill(means, mean);
        Arrays.fill(deviations, deviation);
        return new Standardisation(List.of(means), List.of(deviations));
    }

    public int channels() {
        return mean.size();
    }

    /** The number for a byte of 0 to 255 in a channel. */
    public double apply(int channel, int pixel) {
        return (pixel / WHITE - mean.get(channel)) / standardDeviation.get(channel);
    }

    /** Sums of bytes and of their squares: integers, so that the order of addition cannot matter. */
    private static final class Moments {
        private long count;
        private long sum;
        private long squares;

        void add(LabelledImages images, int channel) {
            byte[] pixels = images.pixels();
            for (int i = channel; i < pixels.length; i += images.channels()) {
                int pixel = pixels[i] & 0xFF;
                sum += pixel;
                squares += (long) pixel * pixel;
                count++;
            }
        }

        double mean() {
            return (double) sum / count / WHITE;
        }

        double deviation(LabelledImages images, String what) {
            double mean = (double) sum / count;
            double variance = (double) squares / count - mean * mean;
            if (!(variance > 0)) {
                throw new DataException(
                        "all " + what + " have the same value, the standard deviation is 0",
                        images.toString(),
                        "use images that differ, or no standardisation");
            }
            return Math.sqrt(variance) / WHITE;
        }
    }
}
