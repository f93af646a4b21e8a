package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelledImagesTest {
    private static final List<String> THREE = List.of("a", "b", "c");

    @Test
    void pixelsAndLabelsAreThoseOfTheFiles() {
        LabelledImages images = images(IdxFiles.ubyte(256, 6, 2, 3), IdxFiles.ubyte(3, 6));
        assertThat(images).hasToString("6 images of 2 x 3 x 1 in 3 classes");
        assertThat(images.pixel(2, 5)).isEqualTo(17);
        assertThat(images.labels()).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(images.first(2).labels()).containsExactly(0, 1);
        assertThat(images.first(2).pixel(1, 5)).isEqualTo(11);
    }

    @Test
    void aFourthDimensionIsTheChannel() {
        LabelledImages images = images(IdxFiles.ubyte(256, 2, 2, 3, 4), IdxFiles.ubyte(3, 2));
        assertThat(images.channels()).isEqualTo(4);
        assertThat(images.imageSize()).isEqualTo(24);
    }

    @Test
    void filesThatDoNotBelongTogetherAreRefused() {
        assertThatThrownBy(() -> images(IdxFiles.ubyte(256, 6, 2, 3), IdxFiles.ubyte(3, 5)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("6 images, but 5 labels")
                .hasMessageContaining("images.idx and labels.idx");
        assertThatThrownBy(() -> images(IdxFiles.ubyte(3, 6), IdxFiles.ubyte(256, 6, 2, 3)))
                .hasMessageContaining("expected images of ubyte [N, H, W] or [N, H, W, C], found UBYTE[6]")
                .hasMessageContaining("swapped");
        assertThatThrownBy(() -> images(IdxFiles.ubyte(3, 6, 2, 2), IdxFiles.file(0x0C, new byte[24], 6)))
                .hasMessageContaining("expected labels of ubyte [N], found INT[6]");
        assertThatThrownBy(() -> images(IdxFiles.ubyte(3, 0, 2, 2), IdxFiles.ubyte(3, 0)))
                .hasMessageContaining("there is no pixel");
    }

    @Test
    void aLabelWithoutAClassIsNamedWithItsPlace() {
        assertThatThrownBy(() -> images(IdxFiles.ubyte(256, 6, 2, 3), IdxFiles.ubyte(5, 6)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 3 of item 3 is out of range: there are 3 classes, 0 to 2")
                .hasMessageContaining("in: labels.idx");
    }

    @Test
    void askingForMoreImagesThanThereAreIsAnError() {
        LabelledImages images = images(IdxFiles.ubyte(256, 6, 2, 3), IdxFiles.ubyte(3, 6));
        assertThatThrownBy(() -> images.first(7)).hasMessageContaining("first 7 images, there are 6");
        assertThatThrownBy(() -> images.first(0)).hasMessageContaining("ask for 1 to 6");
    }

    @Test
    void globalStandardisationGivesMeanZeroAndVarianceOneOverAllPixels() {
        LabelledImages images = images(IdxFiles.ubyte(251, 9, 5, 4, 3), IdxFiles.ubyte(3, 9));
        Standardisation global = Standardisation.global(images);
        double[] moments = moments(images, global, IntStream.range(0, images.imageSize()));
        // Sums of 540 numbers of size 1: rounding stays below 540 ulp, 1.2e-13.
        assertThat(moments[0]).isCloseTo(0, within(1e-12));
        assertThat(moments[1]).isCloseTo(1, within(1e-12));
        assertThat(global.mean().get(0)).isEqualTo(global.mean().get(2));
    }

    @Test
    void standardisationByChannelGivesMeanZeroAndVarianceOneInEachChannel() {
        LabelledImages images = images(IdxFiles.ubyte(251, 9, 5, 4, 3), IdxFiles.ubyte(3, 9));
        Standardisation perChannel = Standardisation.perChannel(images);
        for (int channel = 0; channel < 3; channel++) {
            int c = channel;
            double[] moments =
                    moments(images, perChannel, IntStream.range(0, 60).filter(at -> at % 3 == c));
            assertThat(moments[0]).isCloseTo(0, within(1e-12));
            assertThat(moments[1]).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void imagesOfOneColourCannotBeStandardised() {
        LabelledImages images = images(IdxFiles.ubyte(1, 6, 2, 3), IdxFiles.ubyte(3, 6));
        assertThatThrownBy(() -> Standardisation.global(images))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all pixels have the same value");
        assertThat(Standardisation.none(1).apply(0, 255)).isEqualTo(1.0);
    }

    private static double[] moments(LabelledImages images, Standardisation standardisation, IntStream positions) {
        int[] at = positions.toArray();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < images.count(); i++) {
            for (int p : at) {
                double x = standardisation.apply(p % images.channels(), images.pixel(i, p));
                sum += x;
                squares += x * x;
            }
        }
        double n = (double) images.count() * at.length;
        return new double[] {sum / n, squares / n};
    }

    private static LabelledImages images(byte[] images, byte[] labels) {
        return LabelledImages.of(
                Idx.read("images.idx", new ByteArrayInputStream(images)),
                Idx.read("labels.idx", new ByteArrayInputStream(labels)),
                THREE);
    }
}
