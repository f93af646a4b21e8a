package dev.seiche.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the times were taken on. */
public final class Machine {
    private Machine() {}

    /** Processor, cores, memory, system and Java: {@code AMD EPYC, 2 cores, 24 GiB, Linux 6.1, Java 25.0.3+9}. */
    public static String describe() {
        return "%s, %d cores, %d GiB, %s %s, Java %s"
                .formatted(
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        Math.round(memoryBytes() / 0x1p30),
                        System.getProperty("os.name"),
                        System.getProperty("os.version").replaceFirst("[^0-9.].*", ""),
                        Runtime.version());
    }

    /** Programs that want to run, averaged over the last minute; negative where the system does not tell. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String processor() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        try {
            return Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"))
                    .replaceAll("\\((R|TM)\\)", "");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + info, e);
        }
    }

    private static double memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** As {@code 0.31}. */
    static String load(double load) {
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", load);
    }
}
