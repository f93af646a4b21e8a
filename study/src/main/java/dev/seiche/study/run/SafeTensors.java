package dev.seiche.study.run;

import dev.seiche.study.ArrayData;
import dev.seiche.study.UserException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Arrays and a few words of text in one file, in the safetensors format.
 *
 * <p>The file is: length of the header (u64, little-endian); the header, a JSON object of name to
 * {@code {"dtype", "shape", "data_offsets": [begin, end]}} with text under {@code "__metadata__"}; then the bytes of
 * all arrays, little-endian, row-major, without gaps. Types here: F32, F64, I32, I64, U8.
 *
 * @param arrays   arrays by name
 * @param metadata text by key
 */
public record SafeTensors(Map<String, ArrayData> arrays, Map<String, String> metadata) {
    /** The format's own limit for the header. */
    private static final long LONGEST_HEADER = 100_000_000;

    /** A byte buffer holds less than 2 GiB, so larger files are read in pieces. */
    private static final long PIECE = 1L << 30;

    private static final String METADATA = "__metadata__";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    public SafeTensors {
        arrays = Collections.unmodifiableMap(new TreeMap<>(arrays));
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /**
     * Writes the file as a whole; equal content gives equal bytes.
     *
     * @throws UserException when it cannot be written
     */
    public void write(Path file) {
        byte[] header = header();
        // A copy in between, since only byte arrays and native memory can be written as they are.
        ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
        AtomicFile.write(file, channel -> {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            writeAll(channel, length.putLong(header.length).flip());
            writeAll(channel, ByteBuffer.wrap(header));
            for (ArrayData array : arrays.values()) {
                for (long at = 0; at < array.bytes().byteSize(); at += piece.capacity()) {
                    long size = Math.min(piece.capacity(), array.bytes().byteSize() - at);
                    MemorySegment.copy(array.bytes(), at, MemorySegment.ofBuffer(piece.clear()), 0, size);
                    writeAll(channel, piece.limit(Math.toIntExact(size)));
                }
            }
        });
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private byte[] header() {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode text = header.putObject(METADATA);
            metadata.forEach(text::put);
        }
        long offset = 0;
        for (Map.Entry<String, ArrayData> entry : arrays.entrySet()) {
            if (entry.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("safetensors: an array cannot be called " + METADATA);
            }
            ArrayData array = entry.getValue();
            ObjectNode row = header.putObject(entry.getKey());
            row.put("dtype", array.type().name());
            Arrays.stream(array.shape()).forEach(row.putArray("shape")::add);
            long end = offset + array.bytes().byteSize();
            row.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        // Blanks behind the JSON are allowed; they put the arrays on an 8-byte boundary.
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    /**
     * Reads a file and checks it: sizes, types, offsets without gaps or overlaps, nothing missing, nothing left over.
     *
     * @throws UserException when it cannot be read or is not such a file; the message says what disagrees
     */
    public static SafeTensors read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw bad(file, "it has %d bytes, the length of the header alone takes 8".formatted(size));
            }
            ByteBuffer first = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            readAll(channel, first);
            long headerLength = first.getLong(0);
            if (headerLength < 2 || headerLength > Math.min(LONGEST_HEADER, size - 8)) {
                throw bad(
                        file,
                        "its header should have %d bytes, the file has %d behind it".formatted(headerLength, size - 8));
            }
            ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(headerLength));
            readAll(channel, header);
            long dataSize = size - 8 - headerLength;
            MemorySegment data =
                    Arena.ofAuto().allocate(Math.max(1, dataSize), 64).asSlice(0, dataSize);
            for (long at = 0; at < dataSize; at += PIECE) {
                readAll(
                        channel,
                        data.asSlice(at, Math.min(PIECE, dataSize - at)).asByteBuffer());
            }
            return parse(file, new String(header.array(), StandardCharsets.UTF_8), data);
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        }
    }

    private static void readAll(FileChannel channel, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
    }

    private static SafeTensors parse(Path file, String header, MemorySegment data) {
        JsonNode json;
        try {
            json = JSON.readTree(header);
        } catch (JacksonException e) {
            throw bad(file, "its header is not JSON: %s".formatted(e.getOriginalMessage()));
        }
        if (!json.isObject()) {
            throw bad(file, "its header is not a JSON object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<Long, Entry> byOffset = new TreeMap<>();
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> row : json.properties()) {
            if (row.getKey().equals(METADATA)) {
                row.getValue()
                        .properties()
                        .forEach(e -> metadata.put(e.getKey(), e.getValue().asString("")));
                continue;
            }
            Entry entry = Entry.of(file, row.getKey(), row.getValue(), data);
            arrays.put(entry.name, entry.array);
            if (entry.end > entry.begin && byOffset.put(entry.begin, entry) != null) {
                throw bad(file, "two arrays begin at byte %d, one is '%s'".formatted(entry.begin, entry.name));
            }
        }
        checkCoverage(file, byOffset, data.byteSize());
        return new SafeTensors(arrays, metadata);
    }

    private static void checkCoverage(Path file, Map<Long, Entry> byOffset, long size) {
        long at = 0;
        for (Entry entry : byOffset.values()) {
            if (entry.begin != at) {
                throw bad(file, "'%s' begins at byte %d, expected %d".formatted(entry.name, entry.begin, at));
            }
            at = entry.end;
        }
        if (at != size) {
            throw bad(file, "its arrays end at byte %d, the file holds %d".formatted(at, size));
        }
    }

    private static UserException bad(Path file, String message) {
        return new UserException(
                "%s is not a whole safetensors file: %s".formatted(file, message.replaceAll("\\p{Cntrl}", "?")));
    }

    private record Entry(String name, long begin, long end, ArrayData array) {
        static Entry of(Path file, String name, JsonNode row, MemorySegment data) {
            String typeName = row.path("dtype").asString("");
            ArrayData.Type type = Arrays.stream(ArrayData.Type.values())
                    .filter(t -> t.name().equals(typeName))
                    .findFirst()
                    .orElseThrow(() -> bad(
                            file,
                            "'%s' has type '%s', known: %s"
                                    .formatted(name, typeName, List.of(ArrayData.Type.values()))));
            long[] shape = longs(file, name, "shape", row.path("shape"));
            long[] offsets = longs(file, name, "data_offsets", row.path("data_offsets"));
            if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.byteSize()) {
                throw bad(
                        file,
                        "'%s' lies at %s, the file holds %d bytes"
                                .formatted(name, Arrays.toString(offsets), data.byteSize()));
            }
            long needed;
            try {
                needed = ArrayData.byteSize(type, shape);
            } catch (IllegalArgumentException e) {
                throw bad(file, "'%s': %s".formatted(name, e.getMessage()));
            }
            if (needed != offsets[1] - offsets[0]) {
                throw bad(
                        file,
                        "'%s' is %s%s, which needs %d bytes, but it has %d"
                                .formatted(name, type, Arrays.toString(shape), needed, offsets[1] - offsets[0]));
            }
            return new Entry(
                    name, offsets[0], offsets[1], new ArrayData(type, shape, data.asSlice(offsets[0], needed)));
        }

        private static long[] longs(Path file, String name, String field, JsonNode list) {
            boolean whole = list.isArray();
            long[] values = new long[list.size()];
            for (int i = 0; i < values.length && whole; i++) {
                whole = list.get(i).isIntegralNumber()
                        && list.get(i).canConvertToLong()
                        && list.get(i).asLong() >= 0;
                values[i] = whole ? list.get(i).asLong() : 0;
            }
            if (!whole) {
                throw bad(file, "'%s' has the %s %s".formatted(name, field, list));
            }
            return values;
        }
    }
}
