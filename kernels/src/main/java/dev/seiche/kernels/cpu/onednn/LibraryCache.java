package dev.seiche.kernels.cpu.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks shared libraries from the class path into a folder named after their content, once per user and version.
 *
 * <p>Every process may unpack at the same time: each writes a file of its own, and renames it into place when it is
 * whole and on disk. A file of the wrong length, left by a full disk or a crash, is replaced.
 */
final class LibraryCache {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final String PARTIAL = ".part";

    /** Parts older than this belong to processes that are gone. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path root;

    /** @param root folder that holds the cache; made when missing, readable by this user alone */
    LibraryCache(Path root) {
        this.root = root;
    }

    /** A resource on the class path, and what identifies its content without reading it. */
    record Resource(URL url, String fileName, long size, long crc) {
        /** Null where the class path has no such resource. */
        static @Nullable Resource find(ClassLoader loader, String folder, String fileName) throws IOException {
            URL url = loader.getResource(folder + fileName);
            if (url == null) {
                return null;
            }
            URLConnection connection = url.openConnection();
            if (connection instanceof JarURLConnection jar) {
                jar.setUseCaches(false);
                try (JarFile file = jar.getJarFile()) {
                    ZipEntry entry = file.getEntry(jar.getEntryName());
                    if (entry.getSize() >= 0 && entry.getCrc() >= 0) {
                        return new Resource(url, fileName, entry.getSize(), entry.getCrc());
                    }
                }
            }
            return measure(url, fileName);
        }

        private static Resource measure(URL url, String fileName) throws IOException {
            CRC32 crc = new CRC32();
            long size = 0;
            byte[] buffer = new byte[BUFFER_BYTES];
            try (InputStream in = url.openStream()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    crc.update(buffer, 0, n);
                    size += n;
                }
            }
            return new Resource(url, fileName, size, crc.getValue());
        }
    }

    /**
     * Makes sure that the libraries lie side by side, and returns their folder.
     *
     * @param name of the folder, before the key
     */
    Path unpack(String name, Resource... resources) throws IOException {
        StringBuilder key = new StringBuilder(name);
        for (Resource resource : resources) {
            key.append('-').append(HexFormat.of().toHexDigits((int) resource.crc));
        }
        Path folder = root.resolve(key.toString());
        makePrivate(root);
        Files.createDirectories(folder);
        for (Resource resource : resources) {
            place(resource, folder.resolve(resource.fileName));
        }
        sweep(folder);
        return folder;
    }

    private static void place(Resource resource, Path target) throws IOException {
        if (whole(resource, target)) {
            return;
        }
        Path part = Files.createTempFile(target.getParent(), resource.fileName + ".", PARTIAL);
        try {
            write(resource, part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static boolean whole(Resource resource, Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == resource.size;
    }

    private static void write(Resource resource, Path part) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = resource.url.openStream();
                FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
                for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
            }
            out.force(true); // a name must never stand for bytes that a crash can still take
        }
        if (crc.getValue() != resource.crc) {
            throw new IOException(resource.url + " is damaged: its CRC is " + Long.toHexString(crc.getValue())
                    + ", the archive says " + Long.toHexString(resource.crc));
        }
    }

    /** Makes the folder, and refuses one in which another user could plant a library. */
    private static void makePrivate(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            requireOwn(folder);
        }
    }

    private static void requireOwn(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "owner", PARTIAL);
        try {
            var us = Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
            var owner = Files.getOwner(folder);
            if (!owner.equals(us)) {
                throw new IOException(folder + " belongs to " + owner.getName() + ", not to " + us.getName());
            }
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static void sweep(Path folder) throws IOException {
        Instant limit = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PARTIAL)) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
