package dev.seiche.study.run;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Which program this is. */
public final class Build {
    private static final String OURS = "dev/seiche/";

    private Build() {}

    /** The version, or {@code unknown} when it was not built by Maven. */
    public static String version() {
        try (InputStream in = Build.class.getResourceAsStream("version.txt")) {
            String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.isEmpty() || text.startsWith("$") ? "unknown" : text;
        } catch (IOException e) {
            return "unknown";
        }
    }

    /**
     * Twelve hexadecimal digits that are equal for equal code: a digest of all our classes and resources on the class
     * path, whether in folders or jars, and of the names of the other jars.
     */
    public static String id() {
        Map<String, byte[]> parts = new TreeMap<>();
        try {
            for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
                Path path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    folder(path, parts);
                } else if (Files.isRegularFile(path)) {
                    jar(path, parts);
                }
            }
            MessageDigest all = sha256();
            parts.forEach((name, digest) -> {
                all.update(name.getBytes(StandardCharsets.UTF_8));
                all.update(digest);
            });
            return HexFormat.of().formatHex(all.digest(), 0, 6);
        } catch (IOException | UncheckedIOException e) {
            return "unknown";
        }
    }

    private static void folder(Path root, Map<String, byte[]> parts) throws IOException {
        Path ours = root.resolve(OURS);
        if (!Files.isDirectory(ours)) {
            return;
        }
        try (Stream<Path> files = Files.walk(ours)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = root.relativize(file).toString().replace(File.separatorChar, '/');
                parts.put(name, sha256().digest(Files.readAllBytes(file)));
            }
        }
    }

    private static void jar(Path path, Map<String, byte[]> parts) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            boolean ours = false;
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (entry.getName().startsWith(OURS) && !entry.isDirectory()) {
                    ours = true;
                    try (InputStream in = zip.getInputStream(entry)) {
                        parts.put(entry.getName(), sha256().digest(in.readAllBytes()));
                    }
                }
            }
            if (!ours) {
                parts.put(path.getFileName().toString(), new byte[0]);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
