package dev.seiche.study.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What computed a run. Equal bits are promised only where all of it but the thread count is equal.
 *
 * @param seiche  version of Seiche
 * @param build   digest of the program's own classes, the same for equal code
 * @param java    version and vendor of the JVM
 * @param os      name, version and architecture
 * @param cpu     model of the processor
 * @param cores   processors that the JVM may use
 * @param device  name of the device that computed
 * @param threads compute threads
 */
public record Platform(
        String seiche, String build, String java, String os, String cpu, int cores, String device, int threads) {
    /** Looks at this process. */
    public static Platform here(String device, int threads) {
        return new Platform(
                Build.version(),
                Build.id(),
                System.getProperty("java.runtime.version", "?") + " (" + System.getProperty("java.vendor", "?") + ")",
                "%s %s %s"
                        .formatted(
                                System.getProperty("os.name", "?"),
                                System.getProperty("os.version", "?"),
                                System.getProperty("os.arch", "?")),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                device,
                threads);
    }

    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            return lines.filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | UncheckedIOException e) {
            return "unknown";
        }
    }
}
