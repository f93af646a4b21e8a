package dev.seiche.nn.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The content of one IDX file: an array of numbers of one type, in row-major order, big-endian. The format of the MNIST
 * family: two zero bytes, a type byte, the rank, each dimension as a 32-bit integer, then the numbers.
 *
 * <p>Plain and gzipped files are told apart by their first bytes, not by their names. Immutable.
 */
public final class Idx {

    /** What the third byte of a file says about its numbers. */
    public enum Type {
        UBYTE(0x08, 1),
        BYTE(0x09, 1),
        SHORT(0x0B, 2),
        INT(0x0C, 4),
        FLOAT(0x0D, 4),
        DOUBLE(0x0E, 8);

        private final int code;
        private final int bytes;

        Type(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }
    }

    private static final String FETCH_AGAIN = "the file was cut short or damaged on its way; fetch or copy it again";

    private final String source;
    private final Type type;
    private final int[] dims;
    private final byte[] content;
    private final String sha256;

    private Idx(String source, Type type, int[] dims, byte[] content, String sha256) {
        this.source = source;
        this.type = type;
        this.dims = dims;
        this.content = content;
        this.sha256 = sha256;
    }

    /**
     * Reads a file, plain or gzipped.
     *
     * @throws DataException if the file is missing, unreadable, cut short, damaged, too long, or no IDX file
     */
    public static Idx read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (NoSuchFileException e) {
            throw new DataException("there is no such file", file.toString(), "check the path");
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Reads a stream to its end, plain or gzipped; does not close it.
     *
     * @param source the name that errors show
     * @throws DataException as {@link #read(Path)}
     */
    public static Idx read(String source, InputStream in) {
        try {
            BufferedInputStream buffered = new BufferedInputStream(in);
            buffered.mark(2);
            boolean gzipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            return parse(source, gzipped ? new GZIPInputStream(buffered, 1 << 16) : buffered);
        } catch (EOFException e) {
            throw new DataException("the gzip stream ends before its end mark", source, FETCH_AGAIN);
        } catch (ZipException e) {
            throw new DataException("the gzip stream is damaged (" + e.getMessage() + ")", source, FETCH_AGAIN);
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    private static Idx parse(String source, InputStream in) throws IOException {
        byte[] magic = in.readNBytes(4);
        Type type = magic.length == 4 && magic[0] == 0 && magic[1] == 0 ? typeOf(source, magic) : null;
        if (type == null || magic[3] < 1) {
            throw new DataException(
                    "an IDX file begins with 00 00, a type (08 to 0e) and the number of dimensions; this one with "
                            + shown(magic),
                    source,
                    "give the extracted or gzipped IDX file itself, not an archive or a web page");
        }
        byte[] sizes = in.readNBytes(4 * magic[3]);
        if (sizes.length < 4 * magic[3]) {
            throw new DataException(
                    "the header names %d dimensions and needs %d bytes, the file ends after %d"
                            .formatted(magic[3], 4 + 4 * magic[3], 4 + sizes.length),
                    source,
                    FETCH_AGAIN);
        }
        int[] dims = new int[magic[3]];
        int bytes = countBytes(source, type, ByteBuffer.wrap(sizes), dims);
        byte[] content = in.readNBytes(bytes);
        String promise =
                "%s %s, %d bytes".formatted(type.name().toLowerCase(Locale.ROOT), Arrays.toString(dims), bytes);
        if (content.length < bytes) {
            throw new DataException(
                    "the header promises " + promise + ", only " + content.length + " follow", source, FETCH_AGAIN);
        }
        if (in.read() >= 0) {
            throw new DataException(
                    "the header promises " + promise + ", more follow",
                    source,
                    "the header or the file is wrong; " + FETCH_AGAIN);
        }
        return new Idx(source, type, dims, content, digest(magic, sizes, content));
    }

    private static Type typeOf(String source, byte[] magic) {
        for (Type type : Type.values()) {
            if (type.code == magic[2]) {
                return type;
            }
        }
        throw new DataException(
                "IDX type %02x is unknown; known are 08 ubyte, 09 byte, 0b short, 0c int, 0d float, 0e double"
                        .formatted(magic[2]),
                source,
                "check that this is an IDX file");
    }

    private static int countBytes(String source, Type type, ByteBuffer sizes, int[] dims) {
        double bytes = type.bytes;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = sizes.getInt();
            bytes *= Integer.toUnsignedLong(dims[i]);
        }
        boolean negative = Arrays.stream(dims).anyMatch(dim -> dim < 0);
        // A double is exact far beyond the limit, which leaves room for what arrays need themselves.
        if (negative || bytes > Integer.MAX_VALUE - 64) {
            String[] shown =
                    Arrays.stream(dims).mapToObj(Integer::toUnsignedString).toArray(String[]::new);
            throw new DataException(
                    "the header promises " + List.of(shown) + " numbers of " + type.bytes
                            + " bytes; at most 2 GiB can be read",
                    source,
                    "check that this is an IDX file, or split it");
        }
        return (int) bytes;
    }

    private static String shown(byte[] magic) {
        if (magic.length < 4) {
            return "%d bytes in all".formatted(magic.length);
        }
        StringBuilder text = new StringBuilder();
        for (byte b : magic) {
            text.append(b >= ' ' && b < 127 ? (char) b : '.');
        }
        return HexFormat.ofDelimiter(" ").formatHex(magic) + " (" + text + ")";
    }

    private static DataException unreadable(String source, IOException e) {
        return new DataException(
                "reading fails (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                source,
                "check the file and its permissions");
    }

    private static String digest(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The file's name, as errors show it. */
    public String source() {
        return source;
    }

    public Type type() {
        return type;
    }

    /** A copy of the dimensions. */
    public int[] dims() {
        return dims.clone();
    }

    public int rank() {
        return dims.length;
    }

    /** Size of dimension {@code i}, from 0. */
    public int dim(int i) {
        return dims[i];
    }

    /** How many numbers the file holds. */
    public int size() {
        return content.length / type.bytes;
    }

    /** Number {@code i} in row-major order, as a double, which holds every type exactly. */
    public double value(int i) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        return switch (type) {
            case UBYTE -> content[i] & 0xFF;
            case BYTE -> content[i];
            case SHORT -> bytes.getShort(2 * i);
            case INT -> bytes.getInt(4 * i);
            case FLOAT -> bytes.getFloat(4 * i);
            case DOUBLE -> bytes.getDouble(8 * i);
        };
    }

    /** SHA-256 of the uncompressed file, as 64 hexadecimal digits: the same for a plain and a gzipped copy. */
    public String sha256() {
        return sha256;
    }

    /** The bytes behind the header, not copied; this package does not change them. */
    byte[] content() {
        return content;
    }

    /** Type, dimensions and source. */
    @Override
    public String toString() {
        return "idx " + type + Arrays.toString(dims) + " from " + source;
    }
}
