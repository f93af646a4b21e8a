package dev.seiche.study.run;

import dev.seiche.study.MetricRow;
import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Appends rows to {@code metrics.jsonl}.
 *
 * <p>A row is one line, {@code {"step":12,"lr=0.1/loss":0.25}}, handed to the system in one piece: a killed process
 * leaves whole rows and at most one torn line at the end. Numbers are the shortest decimal that reads back to the same
 * double; the three that JSON lacks are the strings {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. There are
 * no times in the file, so equal runs give equal bytes.
 */
final class MetricsLog implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private long bytes;
    private long rows;

    private MetricsLog(Path file, FileChannel channel, long bytes, long rows) {
        this.file = file;
        this.channel = channel;
        this.bytes = bytes;
        this.rows = rows;
    }

    /**
     * Opens the file, creating it where it is missing, and forgets all that lies behind the given place.
     *
     * @param bytes size up to which the file is kept, the end of a row
     * @param rows  rows up to there
     * @throws UserException when the file is shorter than that, or cannot be written
     */
    static MetricsLog open(Path file, long bytes, long rows) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                cut(file, channel, bytes);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return new MetricsLog(file, channel, bytes, rows);
        } catch (IOException e) {
            throw DiskFault.writing(file, e);
        }
    }

    private static void cut(Path file, FileChannel channel, long bytes) throws IOException {
        if (channel.size() < bytes) {
            throw new UserException("%s has %d bytes, but the checkpoint was made when it had %d; start a new run"
                    .formatted(file, channel.size(), bytes));
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        if (bytes > 0 && (channel.read(last, bytes - 1) != 1 || last.get(0) != '\n')) {
            throw new UserException("%s: byte %d should end a row, as it did at the checkpoint; start a new run"
                    .formatted(file, bytes));
        }
        channel.truncate(bytes);
        channel.position(bytes);
    }

    /** Appends a row. When that fails, the part that was written is taken back. */
    void append(MetricRow row) {
        byte[] line = line(row).getBytes(StandardCharsets.UTF_8);
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            takeBack(e);
            throw DiskFault.writing(file, e);
        }
        bytes += line.length;
        rows++;
    }

    private void takeBack(IOException because) {
        try {
            channel.truncate(bytes);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** The text of a row, with its line end. */
    static String line(MetricRow row) {
        StringBuilder line = new StringBuilder(32 * (1 + row.values().size()));
        line.append("{\"step\":").append(row.step());
        for (Map.Entry<String, Double> entry : row.values().entrySet()) {
            line.append(",\"").append(entry.getKey()).append("\":");
            double value = entry.getValue();
            if (Double.isFinite(value)) {
                line.append(value);
            } else {
                line.append('"').append(value).append('"');
            }
        }
        return line.append("}\n").toString();
    }

    /** Bytes of all whole rows. */
    long bytes() {
        return bytes;
    }

    /** Rows so far, those before a resume included. */
    long rows() {
        return rows;
    }

    /** Makes all rows so far survive a power cut. */
    void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw DiskFault.writing(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw DiskFault.writing(file, e);
        }
    }
}
