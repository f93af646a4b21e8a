package dev.seiche.kernels.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiled programs on disk, one file each, named after everything that goes into it. Any number of processes may use it:
 * a file is written aside and renamed. A cache that cannot be read or written only costs the time to compile.
 */
final class ImageCache {
    private final @Nullable Path folder;

    private ImageCache(@Nullable Path folder) {
        this.folder = folder;
    }

    /** In {@code seiche.cuda.cache} ({@code off} keeps nothing), or under the user's cache folder. */
    static ImageCache standard() {
        String given = System.getProperty("seiche.cuda.cache", "");
        if (given.equals("off")) {
            return new ImageCache(null);
        }
        if (!given.isEmpty()) {
            return new ImageCache(Path.of(given));
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache != null && Path.of(cache).isAbsolute()) {
            return new ImageCache(Path.of(cache, "seiche", "cuda"));
        }
        String home = System.getProperty("user.home", "");
        return new ImageCache(home.isEmpty() ? null : Path.of(home, ".cache", "seiche", "cuda"));
    }

    /** What identifies a compiled program. */
    static String key(String name, List<String> parts) {
        return name + "-" + digest(parts);
    }

    /** 24 digits that differ wherever a part does. */
    static String digest(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // the length goes in, so that text cannot move from one part to the next unseen
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** The bytes kept under a key, or null. */
    byte @Nullable [] find(String key) {
        if (folder == null) {
            return null;
        }
        try {
            return Files.readAllBytes(folder.resolve(key));
        } catch (IOException e) {
            return null; // never written, or not readable: compiling gives the same
        }
    }

    void put(String key, byte[] image) {
        if (folder == null) {
            return;
        }
        try {
            if (!Files.isDirectory(folder)) {
                Path parent = folder.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path part = Files.createTempFile(folder, key, ".part");
            try {
                Files.write(part, image);
                Files.move(
                        part, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // a full or read-only disk: the next process compiles again, which is all that is lost
            return;
        }
    }
}
