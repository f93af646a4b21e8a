package dev.seiche.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.nn.data.DataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngTest {
    private static int colour(int x, int y) {
        // smooth and rough parts, so that the writer meets every filter worth choosing
        int red = (x * 5 + y * 3) & 0xFF;
        int green = (x * y + 7 * (x ^ y)) & 0xFF;
        int blue = y < 10 ? 200 : (x * x * 31 + y) & 0xFF;
        return red << 16 | green << 8 | blue;
    }

    private static byte[] png(int type) throws IOException {
        BufferedImage image = new BufferedImage(23, 31, type);
        for (int y = 0; y < 31; y++) {
            for (int x = 0; x < 23; x++) {
                image.setRGB(x, y, 0xFF000000 | colour(x, y));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB})
    void pixelsAreThoseThatAnotherProgramWrote(int type) throws IOException {
        Png png = Png.read("test", png(type));

        assertThat(png.width()).isEqualTo(23);
        assertThat(png.height()).isEqualTo(31);
        for (int y = 0; y < 31; y++) {
            for (int x = 0; x < 23; x++) {
                int at = 3 * (y * 23 + x);
                int rgb = (png.rgb()[at] & 0xFF) << 16 | (png.rgb()[at + 1] & 0xFF) << 8 | png.rgb()[at + 2] & 0xFF;
                assertThat(rgb).as("pixel " + x + ", " + y).isEqualTo(colour(x, y));
            }
        }
    }

    @Test
    void whatIsCutShortOrOfAnotherKindIsRefused() throws IOException {
        byte[] whole = png(BufferedImage.TYPE_INT_RGB);

        assertThatThrownBy(() -> Png.read("t", new byte[50]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no PNG");
        assertThatThrownBy(() -> Png.read("t", Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Png.read("t", png(BufferedImage.TYPE_BYTE_GRAY)))
                .hasMessageContaining("colour type 0");
    }
}
