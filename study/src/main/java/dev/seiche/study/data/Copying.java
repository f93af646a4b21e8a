package dev.seiche.study.data;

import dev.seiche.study.UserException;
import dev.seiche.study.run.AtomicFile;
import dev.seiche.study.run.DiskFault;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The files of the set as they are in the source, unpacked where they are gzipped; {@code -idx} may be {@code .idx} there. */
final class Copying implements Preparation {
    /** Levels below the source's directory that are searched. */
    private static final int DEPTH = 2;

    private static final int PIECE = 1 << 20;

    @Override
    public void prepare(String file, Path found, Path to) {
        Path from = find(
                found, List.of(file, file + ".gz", file.replace("-idx", ".idx"), file.replace("-idx", ".idx") + ".gz"));
        try (InputStream in = unpacked(from)) {
            AtomicFile.write(to, channel -> copy(in, channel));
        } catch (IOException e) {
            throw DiskFault.reading(from, e);
        }
    }

    /** The first file with one of these names, the directory itself before what is below it. */
    static Path find(Path directory, List<String> names) {
        try (Stream<Path> all = Files.walk(directory, DEPTH)) {
            List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
            for (String name : names) {
                for (Path file : files) {
                    if (file.getFileName().toString().equals(name)) {
                        return file;
                    }
                }
            }
        } catch (IOException e) {
            throw DiskFault.reading(directory, e);
        }
        throw new UserException("%s holds no %s; give the directory that holds the files of the set"
                .formatted(directory, String.join(" or ", names)));
    }

    private static InputStream unpacked(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), PIECE);
        in.mark(2);
        boolean gzipped = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzipped ? new GZIPInputStream(in, PIECE) : in;
    }

    private static void copy(InputStream in, FileChannel to) throws IOException {
        byte[] piece = new byte[PIECE];
        for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
            ByteBuffer bytes = ByteBuffer.wrap(piece, 0, size);
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        }
    }
}
