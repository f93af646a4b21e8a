package dev.seiche.testkit.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The libraries of the emulated CUDA device for tests. They are built by g++ on first use into
 * {@code test/target/emulator}, where compiled kernels are kept too.
 */
public final class EmulatedLibraries {
    // The later ones ask for the first.
    private static final List<String> NAMES =
            List.of("libcuda.so.1", "libnvrtc.so.12", "libcublas.so.12", "libcudnn.so.9");

    // build.sh: there is no compiler
    private static final int UNAVAILABLE = 69;

    private EmulatedLibraries() {}

    /**
     * Puts the emulated device in the place of a CUDA driver for this JVM, for code that calls JCuda itself. To be called
     * before any class of JCuda is used; doing it again changes nothing.
     *
     * <p>The native halves of JCuda ask for {@code libcuda.so.1} and its companions by name, and the dynamic linker takes
     * a library of that name that the process holds already. So nothing about the environment has to change.
     *
     * @throws TestAbortedException when this machine has no g++; the test counts as skipped
     */
    @SuppressWarnings("restricted") // loading native libraries is what this is for
    public static void load() {
        Path directory = build();
        for (String name : NAMES) {
            System.load(directory.resolve(name).toString());
        }
    }

    /**
     * Builds what is out of date; other processes that build wait for each other.
     *
     * @return the directory of the libraries
     * @throws TestAbortedException when this machine has no g++; the test counts as skipped
     */
    public static Path build() {
        Path root = root();
        Path out = root.resolve("test/target/emulator");
        try {
            if (isNewerThan(out.resolve("objects/done"), root.resolve("test/emulator"))) {
                return out;
            }
            Process build = new ProcessBuilder(
                            root.resolve("test/emulator/build.sh").toString(), out.toString())
                    .redirectErrorStream(true)
                    .start();
            build.getOutputStream().close();
            String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = build.waitFor();
            if (status == UNAVAILABLE) {
                throw new TestAbortedException(
                        "NOTHING WAS CHECKED on the emulated CUDA device: " + output.strip() + "; install g++");
            }
            if (status != 0) {
                throw new IllegalStateException("test/emulator/build.sh ended with status " + status + ":\n" + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the emulated device was built", e);
        }
        return out;
    }

    /** True when no source was touched since the last build: spares a test the start of a shell. */
    private static boolean isNewerThan(Path done, Path sources) throws IOException {
        if (!Files.exists(done)) {
            return false;
        }
        FileTime built = Files.getLastModifiedTime(done);
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).compareTo(built) >= 0) {
                    return false;
                }
            }
        }
        return true;
    }

    static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("test/emulator/build.sh"))) {
                return directory;
            }
        }
        throw new IllegalStateException("no directory above " + start + " holds test/emulator/build.sh");
    }
}
