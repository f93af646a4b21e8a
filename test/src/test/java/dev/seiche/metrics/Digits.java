package dev.seiche.metrics;

import dev.seiche.metrics.statistics.Moments;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Handwritten digits of 8 x 8 pixels, as scikit-learn ships them: the data that published simulations here were run on. */
public final class Digits {
    private static final int PIXELS = 64;

    private Digits() {}

    /** The first ones with their labels, each pixel minus its mean, all by one deviation, over them; at most 1,797. */
    public static Dataset first(int samples) {
        double[] x = new double[samples * PIXELS];
        int[] labels = new int[samples];
        List<String> rows = rows();
        for (int i = 0; i < samples; i++) {
            String[] cells = rows.get(i).split(",", -1);
            for (int k = 0; k < PIXELS; k++) {
                x[i * PIXELS + k] = Double.parseDouble(cells[k]);
            }
            labels[i] = (int) Double.parseDouble(cells[PIXELS]);
        }
        for (int k = 0; k < PIXELS; k++) {
            centre(x, k);
        }
        // not each pixel by its own: those at the border, black in nearly all images, would be the largest inputs
        double deviation = Moments.of(x).deviation();
        return new Dataset(
                "digits",
                Column.of(
                        Shape.of(PIXELS),
                        Arrays.stream(x).map(each -> each / deviation).toArray()),
                Column.labels(labels));
    }

    private static void centre(double[] x, int pixel) {
        double mean = 0;
        for (int i = pixel; i < x.length; i += PIXELS) {
            mean += x[i] * PIXELS / x.length;
        }
        for (int i = pixel; i < x.length; i += PIXELS) {
            x[i] -= mean;
        }
    }

    private static List<String> rows() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(Digits.class.getResourceAsStream("digits.csv.gz"))),
                StandardCharsets.US_ASCII))) {
            return in.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
