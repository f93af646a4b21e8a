package dev.seiche.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutTest {
    @Test
    void aSliceOfNothingStaysInsideTheStorage() {
        Layout whole = Layout.contiguous(Shape.of(4, 3));
        Layout nothing = whole.slice(Shape.of(0, 3), new int[] {4, 0}, new int[] {1, 1});
        assertThat(nothing.offset()).isZero();
        assertThat(nothing.shape().size()).isZero();
    }

    @Test
    void slicesStepAndStart() {
        Layout part = Layout.contiguous(Shape.of(4, 3)).slice(Shape.of(2, 2), new int[] {1, 1}, new int[] {2, 1});
        assertThat(part.offset()).isEqualTo(4);
        assertThat(part.strides()).containsExactly(6, 1);
        assertThat(part.isContiguous()).isFalse();
    }

    @Test
    void expandedAxesHaveStrideZero() {
        Layout wide = Layout.contiguous(Shape.of(3, 1)).expand(Shape.of(2, 3, 5));
        assertThat(wide.strides()).containsExactly(0, 1, 0);
    }

    @Test
    void onlyContiguousLayoutsReshapeWithoutACopy() {
        Layout matrix = Layout.contiguous(Shape.of(2, 3));
        assertThat(matrix.reshape(Shape.of(6))).isEqualTo(Layout.contiguous(Shape.of(6)));
        assertThat(matrix.transpose(new int[] {1, 0}).reshape(Shape.of(6))).isNull();
    }
}
