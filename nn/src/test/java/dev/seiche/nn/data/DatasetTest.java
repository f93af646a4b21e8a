package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private final HostBackend backend = new HostBackend();
    private final Scope scope = Scope.root(backend, "test");

    private final Dataset set = new Dataset(
            "six",
            Column.of(Shape.of(2), new double[] {0, 0.1, 1, 1.1, 2, 2.1, 3, 3.1, 4, 4.1, 5, 5.1}),
            Column.labels(new int[] {0, 1, 2, 0, 1, 2}));

    @AfterEach
    void nothingStaysBehind() {
        scope.close();
        assertThat(backend.liveBytes()).isZero();
    }

    @Test
    void aBatchHoldsTheAskedForExamplesInTheAskedForOrder() {
        Batch batch = set.batch(scope, DType.F64, 4, 0, 4);
        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.inputs().shape()).isEqualTo(Shape.of(3, 2));
        assertThat(batch.inputs().toDoubles()).containsExactly(4, 4.1, 0, 0.1, 4, 4.1);
        assertThat(batch.targets().shape()).isEqualTo(Shape.of(3));
        assertThat(batch.targets().toInts()).containsExactly(1, 0, 1);
    }

    @Test
    void inputsAreRoundedToTheAskedForTypeAndLabelsStayIntegers() {
        Batch batch = set.batch(scope, DType.F32, 1);
        assertThat(batch.inputs().toFloats()).containsExactly(1f, 1.1f);
        assertThat(batch.targets().dtype()).isEqualTo(DType.I32);
    }

    @Test
    void oneHotTargetsReplaceLabels() {
        Dataset oneHot = set.withTargets(Column.oneHot(new int[] {0, 1, 2, 0, 1, 2}, 3, 1, -0.5));
        assertThat(oneHot.batch(scope, DType.F64, 2, 3).targets().toDoubles())
                .containsExactly(-0.5, -0.5, 1, 1, -0.5, -0.5);
        assertThatThrownBy(() -> Column.oneHot(new int[] {0, 3}, 3, 1, 0))
                .hasMessageContaining("label 3 of example 1 is not in 0 to 2");
    }

    @Test
    void theFirstExamplesMakeASmallerSet() {
        Dataset two = set.first(2);
        assertThat(two.size()).isEqualTo(2);
        assertThat(two.all(scope, DType.F64).inputs().toDoubles()).containsExactly(0, 0.1, 1, 1.1);
        assertThatThrownBy(() -> two.batch(scope, DType.F64, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.first(7))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("first 7 examples, there are 6")
                .hasMessageContaining("data set 'six'");
    }

    @Test
    void inputsAndTargetsHaveOneLength() {
        assertThatThrownBy(() -> set.withTargets(Column.labels(new int[5])))
                .hasMessageContaining("6 inputs, but 5 targets");
        assertThatThrownBy(() -> Column.of(Shape.of(4), new double[6])).hasMessageContaining("6 values");
    }

    @Test
    void anEmptyBatchIsATensorWithoutExamples() {
        assertThat(set.batch(scope, DType.F32).inputs().shape()).isEqualTo(Shape.of(0, 2));
    }

    @Test
    void imagesBecomeStandardisedNhwcTensors() {
        LabelledImages images = ImageSets.load("fashion-mnist-1k", DataPlaces.of(null, Map.of(), Path.of("/")))
                .train();
        Standardisation global = Standardisation.global(images);
        Dataset fashion = images.dataset("fashion-mnist-1k", global);
        Batch batch = fashion.batch(scope, DType.F64, 3, 999);
        assertThat(batch.inputs().shape()).isEqualTo(Shape.of(2, 28, 28, 1));
        double[] x = batch.inputs().toDoubles();
        for (int at = 0; at < 784; at++) {
            assertThat(x[at]).isEqualTo(global.apply(0, images.pixel(3, at)));
            assertThat(x[784 + at]).isEqualTo(global.apply(0, images.pixel(999, at)));
        }
        assertThat(batch.targets().toInts()).containsExactly(images.label(3), images.label(999));
        assertThat(fashion.batch(scope, DType.F32, 3).inputs().toFloats()[400]).isEqualTo((float) x[400]);
    }
}
