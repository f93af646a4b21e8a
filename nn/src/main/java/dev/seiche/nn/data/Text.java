package dev.seiche.nn.data;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text as ids of its symbols: bytes, or the characters that occur in it. Immutable. {@link #windows} makes a data set of
 * it, in which a network learns to tell the next symbol.
 */
public final class Text {
    private final String name;
    private final int[] ids;
    private final List<String> symbols;

    private Text(String name, int[] ids, List<String> symbols) {
        this.name = name;
        this.ids = ids;
        this.symbols = List.copyOf(symbols);
    }

    /** Bytes 0 to 255 are the ids. */
    public static Text bytes(String name, byte[] bytes) {
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        return new Text(
                name, ids, IntStream.range(0, 256).mapToObj("%02x"::formatted).toList());
    }

    /** Id k is the k-th of the characters (code points) that occur, in their Unicode order. */
    public static Text characters(String name, String text) {
        int[] points = text.codePoints().toArray();
        int[] distinct = Arrays.stream(points).sorted().distinct().toArray();
        int[] ids = new int[points.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Arrays.binarySearch(distinct, points[i]);
        }
        return new Text(
                name, ids, Arrays.stream(distinct).mapToObj(Character::toString).toList());
    }

    /** Characters of UTF-8 text; what is no UTF-8 becomes the replacement character. */
    public static Text characters(String name, byte[] utf8) {
        return characters(name, new String(utf8, StandardCharsets.UTF_8));
    }

    public String name() {
        return name;
    }

    /** Number of ids that there are: what a network must tell apart. */
    public int vocabulary() {
        return symbols.size();
    }

    /** What each id stands for: the character, or two hexadecimal digits of the byte. */
    public List<String> symbols() {
        return symbols;
    }

    /** Symbols in the text. */
    public int length() {
        return ids.length;
    }

    /** The id at a place of the text. */
    public int id(int at) {
        return ids[at];
    }

    /**
     * Windows of the text one after the other, without overlap: inputs are {@code context} ids [context], targets the ids
     * that follow each of them [context].
     *
     * @param count windows, from the start of the text on
     * @throws DataException if the text is too short
     */
    public Dataset windows(int context, int count) {
        long needed = (long) context * count + 1;
        if (context < 1 || count < 1 || needed > ids.length) {
            throw new DataException(
                    "%d windows of %d symbols need a text of %d, this one has %d"
                            .formatted(count, context, needed, ids.length),
                    "text '" + name + "'",
                    "use fewer or shorter windows, at least 1 of 1, or a longer text");
        }
        return new Dataset(
                name, new Windows(ids, context, context, count, 0), new Windows(ids, context, context, count, 1));
    }

    /**
     * Windows spread evenly over the text, each with the one symbol after it, so that a sample is one prediction: inputs are
     * {@code context} ids [context], targets an id. Windows overlap where the text is short.
     *
     * @param count windows, at most one for each place of the text
     * @throws DataException if the text is too short
     */
    public Dataset continuations(int context, int count) {
        if (context < 1 || count < 1 || context + (long) count > ids.length) {
            throw new DataException(
                    "%d windows of %d symbols and the next need a text of %d, this one has %d"
                            .formatted(count, context, context + (long) count, ids.length),
                    "text '" + name + "'",
                    "use fewer or shorter windows, at least 1 of 1, or a longer text");
        }
        int stride = (ids.length - context) / count;
        int[] next =
                IntStream.range(0, count).map(i -> ids[i * stride + context]).toArray();
        return new Dataset(name, new Windows(ids, context, stride, count, 0), Column.labels(next));
    }

    /** Window i holds the ids from i stride + offset on. */
    @SuppressWarnings("ArrayRecordComponent") // shared, never compared
    private record Windows(int[] ids, int context, int stride, int count, int offset) implements Column {
        @Override
        public Shape shape() {
            return Shape.of(context);
        }

        @Override
        public DType dtype(DType floating) {
            return DType.I32;
        }

        @Override
        public void write(int example, DType dtype, MemorySegment into) {
            if (dtype != DType.I32) {
                throw new IllegalArgumentException("column: ids are i32, asked for " + dtype);
            }
            MemorySegment.copy(ids, example * stride + offset, into, ValueLayout.JAVA_INT_UNALIGNED, 0, context);
        }
    }
}
