package dev.seiche.study.data;

import dev.seiche.nn.data.DataException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The pixels of a PNG with 8 bits a channel, red, green and blue with or without alpha, not interlaced. ISO/IEC 15948.
 * Reading it takes no drawing library, which a machine without a screen may lack.
 *
 * @param width columns
 * @param height rows
 * @param rgb three bytes a pixel, row by row; alpha is left out
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Png(int width, int height, byte[] rgb) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int COLOUR = 2;
    private static final int COLOUR_AND_ALPHA = 6;

    /**
     * Reads a file's bytes.
     *
     * @param source what errors call it
     * @throws DataException if it is no such PNG, or damaged
     */
    static Png read(String source, byte[] file) {
        if (file.length < 33 || !Arrays.equals(SIGNATURE, Arrays.copyOf(file, 8))) {
            throw new DataException("this is no PNG file", source, "get it again");
        }
        ByteBuffer in = ByteBuffer.wrap(file);
        in.position(8);
        ByteBuffer header = null;
        ByteArrayOutputStream packed = new ByteArrayOutputStream(file.length);
        while (in.remaining() >= 12) {
            int length = in.getInt();
            byte[] kind = new byte[4];
            in.get(kind);
            if (length < 0 || length > in.remaining() - 4) {
                throw new DataException("the PNG file ends within a chunk", source, "it was cut short; get it again");
            }
            switch (new String(kind, StandardCharsets.US_ASCII)) {
                case "IHDR" -> header = in.slice(in.position(), length);
                case "IDAT" -> packed.write(file, in.position(), length);
                default -> {}
            }
            in.position(in.position() + length + 4);
        }
        if (header == null || header.remaining() < 13) {
            throw new DataException("the PNG file has no header", source, "get it again");
        }
        int width = header.getInt(0);
        int height = header.getInt(4);
        int colour = header.get(9);
        if (header.get(8) != 8 || colour != COLOUR && colour != COLOUR_AND_ALPHA || header.get(12) != 0) {
            throw new DataException(
                    "the PNG has %d bits, colour type %d, interlacing %d; can be read: 8 bits, colour type 2 or 6, none"
                            .formatted(header.get(8), colour, header.get(12)),
                    source,
                    "save it as an RGB image of 8 bits a channel");
        }
        return new Png(width, height, pixels(source, packed.toByteArray(), width, height, colour == COLOUR ? 3 : 4));
    }

    private static byte[] pixels(String source, byte[] packed, int width, int height, int channels) {
        int stride = width * channels;
        byte[] before = new byte[stride];
        byte[] row = new byte[stride];
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            byte[] filter = new byte[1];
            for (int y = 0; y < height; y++) {
                fill(inflater, filter, source);
                fill(inflater, row, source);
                unfilter(filter[0], row, before, channels, source);
                for (int x = 0; x < width; x++) {
                    System.arraycopy(row, x * channels, rgb, 3 * (y * width + x), 3);
                }
                byte[] spare = before;
                before = row;
                row = spare;
            }
        } catch (DataFormatException e) {
            throw new DataException(
                    "the PNG's pixels cannot be unpacked (" + e.getMessage() + ")", source, "get it again");
        } finally {
            inflater.end();
        }
        return rgb;
    }

    private static void fill(Inflater inflater, byte[] into, String source) throws DataFormatException {
        int at = 0;
        while (at < into.length) {
            int got = inflater.inflate(into, at, into.length - at);
            if (got == 0) {
                throw new DataException("the PNG has fewer pixels than its header says", source, "get it again");
            }
            at += got;
        }
    }

    /** Each byte was stored as its difference from a guess made of the bytes to the left, above, and above left. */
    private static void unfilter(int kind, byte[] row, byte[] above, int channels, String source) {
        for (int i = 0; i < row.length; i++) {
            int left = i < channels ? 0 : row[i - channels] & 0xFF;
            int up = above[i] & 0xFF;
            int corner = i < channels ? 0 : above[i - channels] & 0xFF;
            int guess = switch (kind) {
                case 0 -> 0;
                case 1 -> left;
                case 2 -> up;
                case 3 -> (left + up) / 2;
                case 4 -> paeth(left, up, corner);
                default ->
                    throw new DataException(
                            "the PNG uses filter " + kind + ", there are 0 to 4", source, "get it again");
            };
            row[i] += (byte) guess;
        }
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
