package dev.seiche.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class FetchedCompilerTest {
    @TempDir
    private Path directory = Path.of("");

    private FetchedCompiler by(String script) throws IOException {
        Path command = Files.createFile(
                directory.resolve("fetch"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(command, "#!/bin/sh\n" + script + "\n");
        return new FetchedCompiler(command, directory.resolve("target/skipped"));
    }

    @Test
    void withoutTheCompilerTheGateIsSkippedAndSaysSoInAFile() throws Exception {
        FetchedCompiler none = by("echo no network >&2; exit 1");
        assertThatThrownBy(none::folder)
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("SKIPPED");
        assertThat(none.skipped()).content().contains("no kernel was compiled");
    }

    @Test
    void withItNothingIsLeftOfAnEarlierSkip() throws Exception {
        FetchedCompiler some = by("echo /opt/nvrtc");
        Files.createDirectories(directory.resolve("target"));
        Files.writeString(some.skipped(), "earlier\n");
        assertThat(some.folder()).isEqualTo(Path.of("/opt/nvrtc"));
        assertThat(some.skipped()).doesNotExist();
    }
}
