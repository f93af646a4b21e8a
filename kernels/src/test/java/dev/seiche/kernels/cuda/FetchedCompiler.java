package dev.seiche.kernels.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * NVIDIA's compiler as a command fetches it.
 *
 * @param command prints the folder of NVRTC, or fails
 * @param skipped written when it fails, for {@code .ci/run} to print at the end; removed when it does not
 */
record FetchedCompiler(Path command, Path skipped) {
    static FetchedCompiler inCheckout(Path root) {
        return new FetchedCompiler(
                root.resolve("kernels/fetch-nvrtc"), root.resolve("kernels/target/compile-gate-skipped"));
    }

    /**
     * The folder of NVRTC.
     *
     * @throws TestAbortedException where it cannot be had: the tests count as skipped
     */
    Path folder() throws IOException, InterruptedException {
        Files.deleteIfExists(skipped);
        Process fetch = new ProcessBuilder(command.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String folder = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (fetch.waitFor() == 0) {
            return Path.of(folder);
        }
        Path target = skipped.getParent();
        if (target != null) {
            Files.createDirectories(target);
        }
        Files.writeString(skipped, "NVRTC could not be fetched: no kernel was compiled by NVIDIA's compiler\n");
        throw new TestAbortedException("the compile gate is SKIPPED: NVRTC could not be fetched");
    }
}
