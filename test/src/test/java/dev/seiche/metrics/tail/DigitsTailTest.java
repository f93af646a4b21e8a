package dev.seiche.metrics.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tail index of a small ReLU network on the 8 x 8 digits that come with scikit-learn, against numbers that were measured
 * elsewhere. The digits are not shipped; {@code apt-get download python3-sklearn} has them as {@code digits.csv.gz}. Run with
 * {@code -Dseiche.digits=FILE}.
 */
@EnabledIfSystemProperty(named = "seiche.digits", matches = ".+")
class DigitsTailTest {
    private static final Rng RNG = Rng.seed(3);
    private static final int SAMPLES = 1200;
    private static final int DRAWS = 512;
    private static final int PIXELS = 64;

    private static Dataset digits() throws IOException {
        double[] pixels = new double[SAMPLES * PIXELS];
        int[] labels = new int[SAMPLES];
        try (InputStream in = Files.newInputStream(Path.of(System.getProperty("seiche.digits", "")));
                GZIPInputStream text = new GZIPInputStream(in)) {
            List<String> lines = new String(text.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .limit(SAMPLES)
                    .toList();
            for (int i = 0; i < SAMPLES; i++) {
                String[] cells = lines.get(i).split(",", -1);
                for (int j = 0; j < PIXELS; j++) {
                    pixels[i * PIXELS + j] = Double.parseDouble(cells[j]) / 16;
                }
                labels[i] = (int) Double.parseDouble(cells[PIXELS]);
            }
        }
        double mean = 0;
        double square = 0;
        for (double pixel : pixels) {
            mean += pixel / pixels.length;
            square += pixel * pixel / pixels.length;
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (pixels[i] - mean) / Math.sqrt(square - mean * mean);
        }
        return new Dataset("digits", Column.of(Shape.of(PIXELS), pixels), Column.labels(labels));
    }

    /** Readings for mini-batches of 10, 100 and 400. */
    private record Readings(List<Double> official, List<Double> corrected, List<Double> kurtosis) {}

    private static Readings read(BatchGradients source, Trainer trainer, Scope scope) {
        Readings found = new Readings(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int batch : new int[] {10, 100, 400}) {
            GradientNoise noise =
                    new NoiseSampling(batch, 100_000).random(source, DRAWS, trainer.weights(), RNG.fold(batch), scope);
            found.official.add(Pooling.official(noise));
            found.corrected.add(Pooling.corrected(noise, RNG));
            found.kurtosis.add(noise.meanExcessKurtosis());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "16, 0, 1.20, 1.25, 1.26, 1.83, 1.96, 2.01",
        "48, 0, 1.19, 1.24, 1.25, 1.88, 1.99, 2.00",
        "16, 5, 1.23, 1.32, 1.36, 1.52, 1.90, 2.05",
        "48, 5, 1.26, 1.39, 1.45, 1.52, 1.90, 2.03",
        "16, 20, 1.19, 1.33, 1.36, 1.41, 1.91, 2.05",
        "48, 20, 1.21, 1.41, 1.45, 1.47, 1.92, 2.03"
    })
    void thePublishedNumberStaysAndTheCorrectedOneObeysTheCentralLimit(
            int width, int epochs, double off10, double off100, double off400, double std10, double std100, double std400)
            throws IOException {
        Dataset data = digits();
        Network network = Network.of(Mlp.of(PIXELS, width, width, 10)
                .withActivation(Activation.RELU)
                .withInit(Init.kaimingNormal())
                .withBias(Init.zeros()));
        Quadratic.onCpu(scope -> {
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            Trainer trainer = Training.of(network, Loss.CROSS_ENTROPY, data)
                    .miniBatches(25)
                    .learningRate(0.1)
                    .start(scope, DType.F64, Rng.seed(1));
            trainer.run((long) epochs * SAMPLES / 25);
            Readings found = read(source, trainer, scope);
            System.out.printf(
                    "width %d, epoch %d: published %.2f %.2f %.2f, corrected %.2f %.2f %.2f, kurtosis %.1f %.1f %.1f%n",
                    width,
                    epochs,
                    found.official.get(0),
                    found.official.get(1),
                    found.official.get(2),
                    found.corrected.get(0),
                    found.corrected.get(1),
                    found.corrected.get(2),
                    found.kurtosis.get(0),
                    found.kurtosis.get(1),
                    found.kurtosis.get(2));
            double[] official = {off10, off100, off400};
            double[] corrected = {std10, std100, std400};
            for (int k = 0; k < 3; k++) {
                // one run each, of other first weights and other draws
                assertThat(found.official.get(k)).isCloseTo(official[k], within(0.2));
                assertThat(found.corrected.get(k)).isCloseTo(corrected[k], within(0.1));
            }
        });
    }
}
