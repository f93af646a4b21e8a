package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Text;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.tensor.Shape;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that can be run by name has a whole configuration, and a network that fits its data. */
class PresetsTest {
    private static Stream<String> names() {
        Studies shipped = SeicheCli.shipped();
        return Stream.concat(
                shipped.offers().stream().map(offer -> offer.study().name()),
                shipped.presets().stream().map(Studies.Preset::name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void resolvesAndItsNetworksFitItsData(String name) throws ReflectiveOperationException {
        Studies.Choice choice = SeicheCli.shipped().choose(name);
        Record config =
                Launch.bind(choice, choice.offer().study(), null, List.of()).value();
        TrainingData like = null;
        for (RecordComponent part : config.getClass().getRecordComponents()) {
            Object value = part.getAccessor().invoke(config);
            if (value instanceof DataChoice data) {
                like = like(data);
            } else if (value instanceof NetworkChoice network && like != null) {
                assertThat(network.build(like).size()).as(part.getName()).isPositive();
            }
        }
    }

    /** One sample of the shape of the set, which need not be here. */
    private static TrainingData like(DataChoice data) {
        int side = (data.set().equals("cifar-10") ? 32 : 28) / data.shrink();
        Shape shape = switch (data.set()) {
            case "cifar-10" -> Shape.of(side, side, 3);
            case "chebyshev" -> Shape.of(1);
            default -> Shape.of(side, side, 1);
        };
        Dataset one = data.set().equals("text")
                ? Text.characters("like", "a text of more than 16 letters").continuations(16, 1)
                : new Dataset(
                        "like", Column.of(shape, new double[Math.toIntExact(shape.size())]), Column.labels(new int[1]));
        return new TrainingData(one, null, 10, "made up", List.of());
    }
}
