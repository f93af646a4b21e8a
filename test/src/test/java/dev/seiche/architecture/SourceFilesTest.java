package dev.seiche.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceFilesTest {
    private static final int MOST_LINES = 600;
    private static final Set<String> CODE = Set.of("java", "cu", "cuh", "cpp", "h", "sh", "py", "js", "css");

    @Test
    void noFileIsLongerThanAReaderCanHold() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources()) {
            long lines = countLines(file);
            if (lines > MOST_LINES) {
                tooLong.add(file + ": " + lines + " lines, at most " + MOST_LINES + ": split it");
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsAndThatItIsNullMarked() throws IOException {
        Set<Path> packages = sources().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
                .map(Path::getParent)
                .collect(Collectors.toSet());
        assertThat(packages).isNotEmpty();

        List<String> unmarked = new ArrayList<>();
        for (Path directory : packages) {
            Path info = directory.resolve("package-info.java");
            if (!Files.exists(info)) {
                unmarked.add(directory + ": no package-info.java");
            } else {
                String text = Files.readString(info);
                if (!text.contains("@NullMarked") || !text.contains("/**")) {
                    unmarked.add(info + ": needs a sentence in /** */ and @NullMarked");
                }
            }
        }

        assertThat(unmarked).isEmpty();
    }

    /** Every file that people write code in, vendored resources and build output left out. */
    private static List<Path> sources() throws IOException {
        Path root = root();
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = String.valueOf(directory.getFileName());
                boolean foreign = name.equals("target") || name.equals("vendor") || name.startsWith(".");
                return foreign && !directory.equals(root) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (CODE.contains(name.substring(name.lastIndexOf('.') + 1)) && !name.contains(".min.")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** The directory that holds all modules, whether the test runs in its own or in that of the whole. */
    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("tensor"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no directory above " + Path.of("").toAbsolutePath() + " holds tensor/");
            }
            directory = parent;
        }
        return directory;
    }

    private static long countLines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
