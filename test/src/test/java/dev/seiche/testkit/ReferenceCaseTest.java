package dev.seiche.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceCaseTest {

    static List<String> names() {
        return ReferenceCase.names("torch");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCaseIsWhole(String name) {
        ReferenceCase reference = ReferenceCase.load("torch", name);
        assertThat(reference.attribute("torch")).startsWith("1.13");
        assertThat(reference.arrays()).contains("out.y");
        assertThat(reference.has("cotangent")).isNotEqualTo(reference.has("out.loss"));
        for (String array : reference.arrays()) {
            assertThat(reference.values(array))
                    .hasSize((int) reference.shape(array).size());
            assertThat(reference.values(array)).doesNotContain(Double.NaN);
            String suffix = array.substring(array.indexOf('.') + 1);
            if (array.startsWith("grad.") || array.startsWith("hvp.") || array.startsWith("v.")) {
                assertThat(reference.shape(array)).isEqualTo(reference.shape("in." + suffix));
            }
        }
        assertThat(suffixes(reference, "hvp.")).isEqualTo(suffixes(reference, "v."));
    }

    /** y[0, 0] of the linear case by hand: a reader that mixes up rows, columns or bytes does not get this far. */
    @Test
    void layoutsAreOurs() {
        ReferenceCase linear = ReferenceCase.load("torch", "linear");
        assertThat(linear.shape("in.w")).isEqualTo(Shape.of(4, 3));
        double[] x = linear.values("in.x");
        double[] w = linear.values("in.w");
        double y = linear.values("in.bias")[0];
        for (int k = 0; k < 4; k++) {
            y += x[k] * w[3 * k];
        }
        // Inputs are multiples of 1/1024, so that products and sums are exact.
        assertThat(linear.values("out.y")[0]).isEqualTo(y);
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ReferenceCase.load("torch", "nothing")).hasMessageContaining("nothing.safetensors");
        assertThatThrownBy(() -> ReferenceCase.load("torch", "linear").values("in.z"))
                .hasMessageContaining("linear: no 'in.z', there are [in.x, in.w");
    }

    private static List<String> suffixes(ReferenceCase reference, String prefix) {
        return reference.arrays().stream()
                .filter(array -> array.startsWith(prefix))
                .map(array -> array.substring(prefix.length()))
                .sorted()
                .collect(Collectors.toList());
    }
}
