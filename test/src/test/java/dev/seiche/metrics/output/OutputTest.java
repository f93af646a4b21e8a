package dev.seiche.metrics.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Flatten;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {
    @Test
    void featuresAreWhatTheLastLinearLayerIsGiven() {
        Network network = Network.of(Sequential.of(Linear.of(2, 2), Activation.RELU, Linear.of(2, 1)));
        Dataset data = new Dataset(
                "two", Column.of(Shape.of(2), new double[] {1, 2, 3, -1}), Column.of(Shape.of(1), new double[2]));
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            BatchGradients source = BatchGradients.of(network, Loss.HALF_SQUARED_ERROR, data);
            // relu(x W + b) with W = [[1, -1], [0, 2]], b = (0, 1): (1, 4) and (3, 0); then anything
            ParameterVector w = network.init(scope, DType.F64, Rng.seed(0))
                    .withValues(new double[] {1, -1, 0, 2, 0, 1, 7, 8, 9}, scope);
            assertThat(Features.norms(source, w, scope, 0, 1))
                    .containsExactly(new double[] {Math.sqrt(17), 3}, within(1e-14));
            Training.of(network, Loss.HALF_SQUARED_ERROR, data)
                    .probe(new FeatureProbe(source, 5, Schedule.everyStep(), table))
                    .start(scope, w.keep(scope), network.initStatistics(scope, DType.F64), Rng.seed(0))
                    .run(1);
        });
        assertThat(table.column("features/norm_max").get(0L)).isCloseTo(Math.sqrt(17), within(1e-14));
        assertThat(table.column("features/norm_mean").get(0L)).isCloseTo((Math.sqrt(17) + 3) / 2, within(1e-14));
    }

    @Test
    void aNetworkWithoutALinearLayerHasNoFeatures() {
        Network network = Network.of(Sequential.of(GlobalPool.AVERAGE));
        Dataset data = new Dataset(
                "image", Column.of(Shape.of(2, 2, 1), new double[4]), Column.of(Shape.of(1), new double[1]));
        Quadratic.onCpu(scope -> {
            BatchGradients source = BatchGradients.of(network, Loss.HALF_SQUARED_ERROR, data);
            ParameterVector none = network.init(scope, DType.F64, Rng.seed(0));
            assertThatThrownBy(() -> Features.norms(source, none, scope, 0)).hasMessageContaining("no linear layer");
        });
    }

    /** Images of 2 x 2 pixels, dark ones of class 0 and bright ones of class 1, with values from -1 to 2. */
    private static Dataset darkAndBright() {
        double[] pixels = new double[40 * 4];
        int[] labels = new int[40];
        double[] noise = new double[pixels.length];
        Rng.seed(3).uniform(noise);
        for (int i = 0; i < pixels.length; i++) {
            labels[i / 4] = i / 4 % 2;
            pixels[i] = i == 0 ? -1 : i == 4 ? 2 : labels[i / 4] + 0.5 * noise[i] - 0.25;
        }
        return new Dataset("dark and bright", Column.of(Shape.of(2, 2, 1), pixels), Column.labels(labels));
    }

    @Test
    void coloursAreTheExtremesAndTheMeanOfTheData() {
        Quadratic.onCpu(scope -> {
            ProbeInputs colours = ProbeInputs.colours(darkAndBright(), scope);
            assertThat(colours.names()).containsExactly("black", "grey", "white");
            double[] all = colours.batch(DType.F64, scope).toDoubles();
            assertThat(all).hasSize(12);
            assertThat(all[0]).isEqualTo(-1);
            assertThat(all[4]).isCloseTo(0.5, within(0.1)); // the mean of both classes, up to the noise of 160 pixels
            assertThat(all[11]).isEqualTo(2);
            double[] rgb = {0, 0, 0, 1, 2, 3};
            Dataset colour = new Dataset("colour", Column.of(Shape.of(1, 1, 3), rgb), Column.labels(new int[] {0, 1}));
            ProbeInputs three = ProbeInputs.colours(colour, scope);
            assertThat(three.names()).containsExactly("black", "blue", "green", "grey", "red", "white");
            assertThat(three.batch(DType.F64, scope).toDoubles())
                    .containsExactly(0, 0, 0, 0, 0, 3, 0, 2, 0, 0.5, 1, 1.5, 1, 0, 0, 1, 2, 3);
        });
        Dataset letters = new Dataset("letters", Column.labels(new int[] {1, 2}), Column.labels(new int[] {0, 1}));
        Quadratic.onCpu(scope -> assertThatThrownBy(() -> ProbeInputs.colours(letters, scope))
                .hasMessageContaining("whole numbers, which have no colour"));
        assertThatThrownBy(() -> ProbeInputs.of(Shape.of(2), Map.of("one", new double[] {1})))
                .hasMessageContaining("'one' has 1 elements");
    }

    @Test
    void aNetworkThatLearnsBrightnessKnowsWhiteFromBlack() {
        Network network = Network.of(Sequential.of(new Flatten(), Linear.of(4, 2)));
        Dataset data = darkAndBright();
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            ProbeInputs colours = ProbeInputs.colours(data, scope);
            Training.of(network, Loss.CROSS_ENTROPY, data)
                    .learningRate(0.5)
                    .probe(new InputProbe(source, colours, Schedule.every(100), table))
                    .start(scope, DType.F64, Rng.seed(0))
                    .run(101);
        });
        for (String colour : List.of("black", "grey", "white")) {
            double both = 0;
            for (int output = 0; output < 2; output++) {
                both += table.column("probes/" + colour + "/" + output)
                        .lastEntry()
                        .getValue();
            }
            assertThat(both).as(colour).isCloseTo(1, within(1e-12));
        }
        assertThat(table.column("probes/black/0").get(100L)).isGreaterThan(0.9);
        assertThat(table.column("probes/white/1").get(100L)).isGreaterThan(0.9);
    }
}
