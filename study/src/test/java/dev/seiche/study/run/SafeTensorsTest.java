package dev.seiche.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.study.ArrayData;
import dev.seiche.study.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @Provide
    Arbitrary<ArrayData> arrays() {
        Arbitrary<long[]> shapes =
                Arbitraries.longs().between(0, 5).array(long[].class).ofMaxSize(3);
        return Arbitraries.of(ArrayData.Type.class)
                .flatMap(type -> shapes.flatMap(shape -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofSize((int) ArrayData.byteSize(type, shape))
                        .map(bytes -> new ArrayData(type, shape, MemorySegment.ofArray(bytes)))));
    }

    @Property(tries = 200)
    void whatIsWrittenIsReadBackToTheBit(
            @ForAll("maps") Map<String, ArrayData> arrays, @ForAll Map<String, String> metadata) throws IOException {
        Path directory = Files.createTempDirectory("seiche");
        Path file = directory.resolve("a.safetensors");
        try {
            SafeTensors written = new SafeTensors(arrays, valid(metadata));
            written.write(file);
            assertThat(SafeTensors.read(file)).isEqualTo(written);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    @Provide
    Arbitrary<Map<String, ArrayData>> maps() {
        return Arbitraries.maps(Arbitraries.strings().ascii().ofMaxLength(12), arrays())
                .ofMaxSize(4);
    }

    /** Unpaired surrogates have no UTF-8. */
    private static Map<String, String> valid(Map<String, String> texts) {
        Map<String, String> valid = new TreeMap<>(texts);
        valid.entrySet()
                .removeIf(
                        e -> (e.getKey() + " " + e.getValue()).codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff));
        return valid;
    }

    @Property(tries = 300)
    void noDamageMakesItReadAsSomethingElseWithoutAnError(
            @ForAll("maps") Map<String, ArrayData> arrays, @ForAll int cut, @ForAll int at, @ForAll byte value)
            throws IOException {
        Path directory = Files.createTempDirectory("seiche");
        Path file = directory.resolve("a.safetensors");
        try {
            new SafeTensors(arrays, Map.of()).write(file);
            byte[] whole = Files.readAllBytes(file);
            byte[] damaged = Arrays.copyOf(whole, Math.floorMod(cut, whole.length + 1));
            if (damaged.length > 0) {
                damaged[Math.floorMod(at, damaged.length)] = value;
            }
            Files.write(file, damaged);
            try {
                SafeTensors read = SafeTensors.read(file);
                // A changed byte inside a name or an array cannot be seen. A lost one must be, unless it was padding
                // and the
                // changed one its length, by chance: then nothing is missing.
                assertThat(read.arrays()).hasSize(arrays.size());
                if (damaged.length != whole.length) {
                    read.write(file);
                    assertThat(file).hasBinaryContent(whole);
                }
            } catch (UserException e) {
                assertThat(e.getMessage()).contains("a.safetensors").doesNotContain("\n");
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    @Test
    void theBytesAreThoseOfThePublishedFormat(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("a.safetensors");
        new SafeTensors(Map.of("w", ArrayData.of(new float[] {1, 2}, 2, 1)), Map.of("k", "v")).write(file);
        String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded).put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
        expected.putFloat(1).putFloat(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void aFileThatIsNotWholeIsRefusedWithTheTwoFactsThatDisagree(@TempDir Path directory) {
        Path file = directory.resolve("a.safetensors");
        refused(file, "", "it has 0 bytes, the length of the header alone takes 8");
        refused(file, "\u00ff".repeat(8), "its header should have");
        refused(file, headed("[1]"), "its header is not a JSON object");
        refused(file, headed("{oops"), "its header is not JSON");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}") + "xx",
                "has type 'F16'");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}") + "xxxx",
                "needs 8 bytes, but it has 4");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,4]}}") + "xxxx",
                "'a' has the shape [-1]");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}") + "xxxxx",
                "its arrays end at byte 4, the file holds 5");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[1,5]}}") + "xxxxx",
                "'a' begins at byte 1, expected 0");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}") + "xx",
                "the file holds 2 bytes");
        refused(
                file,
                headed("{\"a\":{\"dtype\":\"F64\",\"shape\":[4611686018427387904,8],\"data_offsets\":[0,0]}}"),
                "is too large");
    }

    private static String headed(String header) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append((char) (((long) header.length() >> (8 * i)) & 255));
        }
        return text + header;
    }

    private static void refused(Path file, String bytes, String why) {
        try {
            Files.write(file, bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file + " is not a whole safetensors file: ")
                .hasMessageContaining(why);
    }
}
