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
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Handwritten digits of 8 x 8 pixels, as scikit-learn ships them: the data that published simulations here were run on. */
public final class Digits {
    private static final int PIXELS = 64;

    private Digits() {}

    /** The first ones with their labels, each pixel minus its mean and by its deviation over them; at most 1,797. */
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
            standardise(x, k);
        }
        return new Dataset("digits", Column.of(Shape.of(PIXELS), x), Column.labels(labels));
    }

    /** Pixels that are the same in all images become 0. */
    private static void standardise(double[] x, int pixel) {
        double[] values = new double[x.length / PIXELS];
        for (int i = 0; i < values.length; i++) {
            values[i] = x[i * PIXELS + pixel];
        }
        Moments moments = Moments.of(values);
        for (int i = 0; i < values.length; i++) {
            x[i * PIXELS + pixel] = moments.m2() == 0 ? 0 : (values[i] - moments.mean()) / moments.deviation();
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
