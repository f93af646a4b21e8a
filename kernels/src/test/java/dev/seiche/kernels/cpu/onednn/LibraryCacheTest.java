package dev.seiche.kernels.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
    private static final String CONTENT = "not really a library";

    @TempDir
    Path temporary;

    private Path jar;
    private Path root;

    @BeforeEach
    void makeJar() throws IOException {
        jar = temporary.resolve("natives.jar");
        root = temporary.resolve("cache").resolve("seiche");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("lib/libone.so"));
            out.write(CONTENT.getBytes(StandardCharsets.UTF_8));
        }
    }

    private LibraryCache.Resource resource() throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return Objects.requireNonNull(LibraryCache.Resource.find(loader, "lib/", "libone.so"));
        }
    }

    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void aLibraryIsUnpackedIntoAFolderNamedAfterItsContent() throws IOException {
        LibraryCache.Resource resource = resource();
        Path folder = new LibraryCache(root).unpack("test", resource);
        assertThat(folder).hasParent(root).hasFileName("test-" + String.format("%08x", resource.crc()));
        assertThat(folder.resolve("libone.so")).hasContent(CONTENT);
        assertThat(files(folder)).hasSize(1);
    }

    @Test
    void aWholeFileIsLeftAlone() throws IOException {
        LibraryCache cache = new LibraryCache(root);
        Path file = cache.unpack("test", resource()).resolve("libone.so");
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(9)));
        Files.setLastModifiedTime(file, old);
        Object key = Files.getAttribute(file, "basic:fileKey");
        cache.unpack("test", resource());
        assertThat(Files.getAttribute(file, "basic:fileKey")).isEqualTo(key);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    }

    @Test
    void aTruncatedFileIsReplaced() throws IOException {
        LibraryCache cache = new LibraryCache(root);
        Path file = cache.unpack("test", resource()).resolve("libone.so");
        Files.writeString(file, "not rea");
        cache.unpack("test", resource());
        assertThat(file).hasContent(CONTENT);
    }

    @Test
    void partsOfDeadProcessesAreSweptAndThoseOfLivingOnesAreNot() throws IOException {
        LibraryCache cache = new LibraryCache(root);
        Path folder = cache.unpack("test", resource());
        Path dead = Files.writeString(folder.resolve("libone.so.1.part"), "not");
        Path living = Files.writeString(folder.resolve("libone.so.2.part"), "not rea");
        Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        cache.unpack("test", resource());
        assertThat(dead).doesNotExist();
        assertThat(living).exists();
    }

    @Test
    void aLibraryOnTheDiskIsMeasuredByReadingIt() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("classes").resolve("lib"));
        Files.writeString(folder.resolve("libone.so"), CONTENT);
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {temporary.resolve("classes").toUri().toURL()}, null)) {
            LibraryCache.Resource found = LibraryCache.Resource.find(loader, "lib/", "libone.so");
            LibraryCache.Resource packed = resource();
            assertThat(Objects.requireNonNull(found).crc()).isEqualTo(packed.crc());
            assertThat(found.size()).isEqualTo(packed.size());
        }
    }

    @Test
    void aDamagedArchiveIsRefusedAndLeavesNothing() throws IOException {
        LibraryCache.Resource good = resource();
        LibraryCache.Resource wrong = new LibraryCache.Resource(good.url(), "libone.so", good.size(), 0x12345678);
        assertThatIOException()
                .isThrownBy(() -> new LibraryCache(root).unpack("test", wrong))
                .withMessageContaining("is damaged");
        assertThat(files(root.resolve("test-12345678"))).isEmpty();
    }

    @Test
    void aResourceThatIsNotThereIsNull() throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            assertThat(LibraryCache.Resource.find(loader, "lib/", "libtwo.so")).isNull();
        }
    }

    /** With the real library, 85 MB, whose first file is truncated before they start. */
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void twoProgramsMayUnpackAtOnceOverATruncatedFile() throws IOException, InterruptedException {
        Path caches = temporary.resolve("caches");
        Path folder = Files.createDirectories(caches.resolve("seiche").resolve(folderOfTheRealLibrary()));
        Path target = folder.resolve("libdnnl.so.3");
        Files.write(target, new byte[1000]);
        List<Process> programs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    UnpackingProcess.class.getName());
            builder.environment().put("XDG_CACHE_HOME", caches.toString());
            builder.redirectError(
                    ProcessBuilder.Redirect.to(temporary.resolve("errors" + i).toFile()));
            programs.add(builder.start());
        }
        for (int i = 0; i < 2; i++) {
            String output = new String(programs.get(i).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(programs.get(i).waitFor())
                    .as(Files.readString(temporary.resolve("errors" + i)))
                    .isZero();
            assertThat(output).isEqualToIgnoringNewLines("12.0");
        }
        assertThat(files(folder))
                .extracting(Path::getFileName)
                .containsExactlyInAnyOrder(Path.of("libdnnl.so.3"), Path.of("libgomp.so.1"));
        assertThat(Files.size(target)).isGreaterThan(1_000_000);
    }

    private static String folderOfTheRealLibrary() throws IOException {
        StringBuilder name = new StringBuilder("onednn");
        for (String file : new String[] {"libdnnl.so.3", "libgomp.so.1"}) {
            LibraryCache.Resource resource = Objects.requireNonNull(LibraryCache.Resource.find(
                    LibraryCacheTest.class.getClassLoader(), "org/bytedeco/dnnl/linux-x86_64/", file));
            name.append('-').append(String.format("%08x", resource.crc()));
        }
        return name.toString();
    }

    @Test
    void theCacheFolderIsTheUsersAlone() throws IOException {
        new LibraryCache(root).unpack("test", resource());
        assertThat(Files.getPosixFilePermissions(root)).hasSize(3);
        assertThatNoException().isThrownBy(() -> new LibraryCache(root).unpack("test", resource()));
    }
}
