package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

    @Test
    void readsDimensionsAndBytesOfAPlainFile() {
        Idx idx = read(IdxFiles.ubyte(256, 3, 20, 10));
        assertThat(idx.type()).isEqualTo(Idx.Type.UBYTE);
        assertThat(idx.dims()).containsExactly(3, 20, 10);
        assertThat(idx.size()).isEqualTo(600);
        assertThat(idx.value(255)).isEqualTo(255);
        assertThat(idx.value(256)).isZero();
    }

    @Test
    void readsEveryTypeBigEndian() {
        assertThat(read(IdxFiles.file(0x09, new byte[] {-1, 127}, 2)).value(0)).isEqualTo(-1);
        assertThat(read(IdxFiles.file(
                                0x0B,
                                bytes(4).putShort((short) 1)
                                        .putShort((short) -300)
                                        .array(),
                                2))
                        .value(1))
                .isEqualTo(-300);
        assertThat(read(IdxFiles.file(0x0C, bytes(8).putInt(1).putInt(1 << 30).array(), 2))
                        .value(1))
                .isEqualTo(1 << 30);
        assertThat(read(IdxFiles.file(0x0D, bytes(8).putFloat(1).putFloat(-0.1f).array(), 1, 2))
                        .value(1))
                .isEqualTo(-0.1f);
        assertThat(read(IdxFiles.file(
                                0x0E, bytes(16).putDouble(1).putDouble(Math.PI).array(), 2, 1))
                        .value(1))
                .isEqualTo(Math.PI);
    }

    @Property(tries = 100)
    void aGzippedFileReadsLikeThePlainOne(@ForAll @Size(min = 1, max = 4) List<@IntRange(max = 7) Integer> sizes) {
        int[] dims = sizes.stream().mapToInt(Integer::intValue).toArray();
        byte[] plain = IdxFiles.ubyte(251, dims);
        Idx direct = read(plain);
        Idx unzipped = read(IdxFiles.gzip(plain));
        assertThat(unzipped.dims()).isEqualTo(dims).isEqualTo(direct.dims());
        assertThat(unzipped.content()).isEqualTo(direct.content());
        assertThat(unzipped.sha256()).isEqualTo(direct.sha256());
    }

    @Test
    void theDigestIsThatOfTheUncompressedFile() {
        // printf '\0\0\10\1\0\0\0\2ab' | sha256sum
        Idx idx = read(IdxFiles.gzip(IdxFiles.file(0x08, new byte[] {'a', 'b'}, 2)));
        assertThat(idx.sha256()).isEqualTo("7cccc43fa780eed3ff6af10a65ada5734ea56b255588451382fd9f48a64e75d9");
    }

    @Property(tries = 100)
    void everyTruncationIsSaid(@ForAll @IntRange(min = 0, max = 1000) int cut) {
        byte[] whole = IdxFiles.ubyte(256, 5, 3, 2);
        int kept = cut % whole.length;
        failure(Arrays.copyOf(whole, kept)).isInstanceOf(DataException.class).hasMessageContaining("in: test-file");
    }

    @Property(tries = 100)
    void everyTruncationOfAGzippedFileIsSaid(@ForAll @IntRange(min = 0, max = 1000) int cut) {
        byte[] whole = IdxFiles.gzip(IdxFiles.ubyte(256, 5, 3, 2));
        int kept = cut % whole.length;
        failure(Arrays.copyOf(whole, kept)).isInstanceOf(DataException.class).hasMessageContaining("in: test-file");
    }

    @Test
    void aShortFileSaysWhatTheHeaderPromisedAndWhatFollows() {
        byte[] whole = IdxFiles.ubyte(256, 5, 3, 2);
        failure(Arrays.copyOf(whole, whole.length - 10)).hasMessage("""
                        data: the header promises ubyte [5, 3, 2], 30 bytes, only 20 follow
                          in: test-file
                          fix: the file was cut short or damaged on its way; fetch or copy it again""");
    }

    @Test
    void aTruncatedGzipSaysSo() {
        byte[] zipped = IdxFiles.gzip(IdxFiles.ubyte(256, 50, 30, 2));
        failure(Arrays.copyOf(zipped, zipped.length / 2)).hasMessageContaining("gzip stream ends before its end mark");
    }

    @Test
    void aDamagedGzipIsFoundByItsChecksum() {
        byte[] zipped = IdxFiles.gzip(IdxFiles.ubyte(256, 5, 3, 2));
        zipped[zipped.length - 6] ^= 1;
        failure(zipped).hasMessageContaining("gzip stream is damaged");
    }

    @Test
    void trailingBytesAreAnError() {
        byte[] whole = IdxFiles.ubyte(256, 5, 3, 2);
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        failure(longer).hasMessageContaining("promises ubyte [5, 3, 2], 30 bytes, more follow");
        failure(IdxFiles.gzip(longer)).hasMessageContaining("more follow");
    }

    @Test
    void aFileOfAnotherKindShowsItsFirstBytes() {
        failure("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8))
                .hasMessageContaining("this one with 3c 21 44 4f (<!DO)")
                .hasMessageContaining("not an archive or a web page");
        failure(new byte[0]).hasMessageContaining("this one with 0 bytes in all");
        failure(IdxFiles.file(0x0A, new byte[2], 2)).hasMessageContaining("IDX type 0a is unknown; known are 08 ubyte");
        failure(IdxFiles.file(0x08, new byte[1])).hasMessageContaining("the number of dimensions");
    }

    @Test
    void sizesBeyondTwoGibibytesAreRefusedBeforeAnythingIsAllocated() {
        failure(IdxFiles.file(0x08, new byte[0], -1, 28, 28))
                .hasMessageContaining("promises [4294967295, 28, 28] numbers of 1 bytes; at most 2 GiB");
        failure(IdxFiles.file(0x0E, new byte[0], 1 << 30)).hasMessageContaining("at most 2 GiB");
        failure(IdxFiles.file(0x08, new byte[0], -1, 0)).hasMessageContaining("at most 2 GiB");
    }

    @Test
    void filesThatCannotBeOpenedAreNamed(@TempDir Path directory) {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> Idx.read(missing))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is no such file")
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> Idx.read(directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("reading fails");
    }

    @Test
    void readsFromAFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("some.idx");
        Files.write(file, IdxFiles.gzip(IdxFiles.ubyte(256, 4)));
        assertThat(Idx.read(file)).hasToString("idx UBYTE[4] from " + file);
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size);
    }

    private static Idx read(byte[] bytes) {
        return Idx.read("test-file", new ByteArrayInputStream(bytes));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> failure(byte[] bytes) {
        return assertThatThrownBy(() -> read(bytes));
    }
}
