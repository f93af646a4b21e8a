package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
    @TempDir
    private Path directory = Path.of("");

    /** An image whose bytes tell their place: the channel and some of the pixel. */
    private static byte[] rgb(int image) {
        byte[] rgb = new byte[3 * 1024];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (7 * image + i % 3 + 3 * (i / 3 % 64));
        }
        return rgb;
    }

    private Path records(String name, int... labels) throws IOException {
        byte[] records = new byte[labels.length * Cifar10.RECORD];
        for (int i = 0; i < labels.length; i++) {
            Cifar10.write(labels[i], rgb(i), 0, records, i * Cifar10.RECORD);
        }
        return Files.write(directory.resolve(name), records);
    }

    @Test
    void planesBecomeThreeBytesAPixel() throws IOException {
        records("a.bin", 3, 9);
        records("b.bin", 0);

        LabelledImages images =
                Cifar10.read(directory, List.of("a.bin", "b.bin")).images();

        assertThat(images.labels()).containsExactly(3, 9, 0);
        assertThat(images.image(1)).isEqualTo(rgb(1));
        assertThat(images.image(2)).isEqualTo(rgb(0));
        assertThat(images.classNames()).hasSize(10).startsWith("airplane");
        assertThat(images).hasToString("3 images of 32 x 32 x 3 in 10 classes");
    }

    @Test
    void aRecordHoldsTheRedPlaneFirst() {
        byte[] record = new byte[Cifar10.RECORD];
        Cifar10.write(5, rgb(0), 0, record, 0);

        assertThat(record[0]).isEqualTo((byte) 5);
        assertThat(record[1]).isEqualTo(rgb(0)[0]);
        assertThat(record[2]).isEqualTo(rgb(0)[3]);
        assertThat(record[1 + 1024]).isEqualTo(rgb(0)[1]);
    }

    @Test
    void whatIsNoRecordIsRefused() throws IOException {
        Files.write(directory.resolve("short.bin"), new byte[100]);
        records("labels.bin", 12);

        assertThatThrownBy(() -> Cifar10.read(directory, List.of("short.bin")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("100 bytes are no whole number of records of 3073 bytes");
        assertThatThrownBy(() -> Cifar10.read(directory, List.of("labels.bin")))
                .hasMessageContaining("record 0 has label 12");
        assertThatThrownBy(() -> Cifar10.read(directory, List.of("none.bin"))).hasMessageContaining("seiche data get");
    }

    @Test
    void imagesShrinkToTheMeansOfSquares() throws IOException {
        records("a.bin", 1);
        LabelledImages image = Cifar10.read(directory, List.of("a.bin")).images();

        LabelledImages small = image.shrunk(16);

        assertThat(small.height()).isEqualTo(2);
        assertThat(small.imageSize()).isEqualTo(2 * 2 * 3);
        // red: byte 3 (p mod 64) of pixel p: the 16 x 16 square at the top left has columns 0-15 of rows 32 r
        double sum = 0;
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                sum += image.pixel(0, (y * 32 + x) * 3);
            }
        }
        assertThat(small.pixel(0, 0)).isEqualTo((int) Math.floor(sum / 256 + 0.5));
    }

    @Test
    void eachPixelIsStandardisedForItself() throws IOException {
        records("a.bin", 1, 2, 3);
        LabelledImages images = Cifar10.read(directory, List.of("a.bin")).images();

        Dataset data = images.dataset("d", PixelStandardisation.of(images));

        try (HostBackend device = new HostBackend();
                Scope scope = Scope.root(device, "test")) {
            double[] all = data.all(scope, DType.F64).inputs().toDoubles();
            int size = images.imageSize();
            for (int at : new int[] {0, 1, 500, size - 1}) {
                double sum = all[at] + all[size + at] + all[2 * size + at];
                double squares =
                        all[at] * all[at] + all[size + at] * all[size + at] + all[2 * size + at] * all[2 * size + at];
                assertThat(sum).isCloseTo(0, within(1e-12));
                assertThat(squares / 3).isCloseTo(1, within(1e-12));
            }
        }
    }

    @Test
    void chosenExamplesKeepTheirOrder() throws IOException {
        records("a.bin", 4, 5, 6, 7);
        LabelledImages images = Cifar10.read(directory, List.of("a.bin")).images();
        Dataset data = images.dataset("d", Standardisation.none(3));

        try (HostBackend device = new HostBackend();
                Scope scope = Scope.root(device, "test")) {
            assertThat(data.select(2, 0).all(scope, DType.F32).targets().toInts())
                    .containsExactly(6, 4);
            assertThat(data.without(1, 3).all(scope, DType.F32).targets().toInts())
                    .containsExactly(4, 6);
        }
        assertThatThrownBy(() -> data.select(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
