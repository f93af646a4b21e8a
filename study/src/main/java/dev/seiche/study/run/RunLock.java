package dev.seiche.study.run;

import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Held by the one process that writes a run. The system lets go of it when the process dies, however it dies.
 *
 * <p>The file stays behind: removing it would let two processes hold locks on two files of the same name.
 */
final class RunLock implements AutoCloseable {
    static final String NAME = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws UserException when another process has it
     */
    static RunLock acquire(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel, false) == null) {
                channel.close();
                throw new UserException("%s is being written by another process (%s); wait for it, or stop it"
                        .formatted(directory, owner(file)));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(thisProcess().getBytes(StandardCharsets.UTF_8)), 0);
            return new RunLock(channel);
        } catch (IOException e) {
            throw DiskFault.writing(file, e);
        }
    }

    /** Whether a living process holds the lock. */
    static boolean isHeld(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        // On Linux, closing any handle of a file gives up all locks of this process on it: never open our own.
        if (owner(file).equals(thisProcess())) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return tryLock(channel, true) == null;
        } catch (IOException e) {
            // Not ours to look at: nobody here can be writing it.
            return false;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Number and birth of this process; the birth tells it from an earlier one with the same number. */
    private static String thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        Instant birth = self.info().startInstant().orElse(Instant.EPOCH);
        return "process " + self.pid() + ", started " + birth;
    }

    @Override
    public void close() {
        try (channel) {
            channel.truncate(0);
        } catch (IOException e) {
            throw new UserException("cannot let go of the lock of a run: " + DiskFault.reason(e), e);
        }
    }
}
