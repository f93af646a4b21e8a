package dev.seiche.study.run;

import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that a reader sees the old whole or the new whole, never a part.
 *
 * <p>The bytes go to a file beside it, are forced to disk, and take the name in one step. What is left behind by a
 * killed writer ends in {@value #UNFINISHED} and is never read.
 */
public final class AtomicFile {
    /** End of the name of a file that is not whole yet. */
    public static final String UNFINISHED = ".part";

    /** Fills a file. */
    public interface Content {
        /** Writes all bytes in order. */
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Replaces the file, or creates it.
     *
     * @throws UserException when the place cannot be written or the disk is full; an earlier file is then unharmed
     */
    public static void write(Path file, Content content) {
        Path part = file.resolveSibling(file.getFileName() + UNFINISHED);
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            discard(part, e);
            throw DiskFault.writing(file, e);
        }
    }

    private static void discard(Path part, IOException because) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
