package dev.seiche.nn.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Makes the bytes of IDX files. */
final class IdxFiles {

    private IdxFiles() {}

    /** A ubyte file of these dimensions; number i is i mod {@code modulus}. */
    static byte[] ubyte(int modulus, int... dims) {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i % modulus);
        }
        return file(0x08, content, dims);
    }

    static byte[] file(int type, byte[] content, int... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dims.length + content.length);
        bytes.put(new byte[] {0, 0, (byte) type, (byte) dims.length});
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        return bytes.put(content).array();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
            zipped.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
