package dev.seiche.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.study.MetricRow;
import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @Provide
    Arbitrary<List<Double>> anyDoubles() {
        return Arbitraries.longs()
                .map(Double::longBitsToDouble)
                .edgeCases(c ->
                        c.add(-0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE))
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 200)
    void everyDoubleIsReadBackToTheBit(@ForAll("anyDoubles") List<Double> values) throws IOException {
        Path file = Files.createTempFile("seiche", ".jsonl");
        try {
            try (MetricsLog log = MetricsLog.open(file, 0, 0)) {
                for (int i = 0; i < values.size(); i++) {
                    log.append(new MetricRow(i).put("a/b", values.get(i)));
                }
            }
            MetricsFile table = MetricsFile.read(file);
            assertThat(table.rows()).isEqualTo(values.size());
            double[] read = table.column("a/b").map(MetricsFile.Column::values).orElse(new double[0]);
            assertThat(Arrays.stream(read).boxed().toList())
                    .isEqualTo(values.stream().map(MetricsTest::canonical).toList());
        } finally {
            Files.delete(file);
        }
    }

    /** All NaNs are written alike. */
    private static double canonical(double x) {
        return Double.isNaN(x) ? Double.NaN : x;
    }

    @Property(tries = 200)
    void aFileCutAnywhereKeepsItsWholeRowsAndDropsTheTornOne(@ForAll int cut) throws IOException {
        Path file = Files.createTempFile("seiche", ".jsonl");
        try {
            byte[] whole = rows(file, 5);
            byte[] part = Arrays.copyOf(whole, Math.floorMod(cut, whole.length + 1));
            Files.write(file, part);
            long ends = 0;
            for (byte b : part) {
                ends += b == '\n' ? 1 : 0;
            }
            MetricsFile table = MetricsFile.read(file);
            assertThat(table.rows()).isEqualTo(ends);
            assertThat(table.torn()).isEqualTo(part.length > 0 && part[part.length - 1] != '\n');
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] rows(Path file, int count) throws IOException {
        try (MetricsLog log = MetricsLog.open(file, 0, 0)) {
            for (int i = 0; i < count; i++) {
                log.append(new MetricRow(i).put("lr=0.1/loss", 1.0 / (i + 1)).put("x", Double.NaN));
            }
        }
        return Files.readAllBytes(file);
    }

    @Test
    void aRowIsOneLineWithTheShortestNumbers() {
        assertThat(MetricsLog.line(new MetricRow(3)
                        .put("a", 0.1)
                        .put("b", 1e-9)
                        .put("c", Double.NaN)
                        .put("d", Double.NEGATIVE_INFINITY)))
                .isEqualTo("{\"step\":3,\"a\":0.1,\"b\":1.0E-9,\"c\":\"NaN\",\"d\":\"-Infinity\"}\n");
    }

    @Test
    void aLineInTheMiddleThatIsNoRowIsAnErrorWithItsNumber(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("metrics.jsonl");
        for (String bad : List.of(
                "oops", "{\"step\":1,\"a\":}", "{\"a\":1}", "{\"step\":1,\"a\":\"x\"}", "[1]", "", "{\"step\":1}{}")) {
            Files.writeString(file, "{\"step\":0,\"a\":1.0}\n" + bad + "\n{\"step\":2,\"a\":1.0}\n");
            assertThatThrownBy(() -> MetricsFile.read(file))
                    .as(bad)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(file + ":2 is not a row of metrics");
        }
    }

    @Test
    void openingAtAnEarlierPlaceTakesBackTheLaterRows(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("metrics.jsonl");
        byte[] five = rows(file, 5);
        long place = MetricsLog.line(new MetricRow(0).put("lr=0.1/loss", 1).put("x", Double.NaN))
                .length();
        try (MetricsLog log = MetricsLog.open(file, place, 1)) {
            for (int i = 1; i < 5; i++) {
                log.append(new MetricRow(i).put("lr=0.1/loss", 1.0 / (i + 1)).put("x", Double.NaN));
            }
            assertThat(log.rows()).isEqualTo(5);
            assertThat(log.bytes()).isEqualTo(five.length);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(five);
    }

    @Test
    void aPlaceThatIsNotThereOrNotTheEndOfARowIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("metrics.jsonl");
        int size = rows(file, 2).length;
        assertThatThrownBy(() -> MetricsLog.open(file, size + 1, 3)).hasMessageContaining("has " + size + " bytes");
        assertThatThrownBy(() -> MetricsLog.open(file, size - 1, 2)).hasMessageContaining("should end a row");
        assertThat(Files.size(file)).isEqualTo(size);
    }

    @Test
    void aFullDiskIsTold(@TempDir Path directory) throws IOException {
        // Linux has a device on which every write finds no space left.
        Path full = Path.of("/dev/full");
        if (!Files.exists(full)) {
            return;
        }
        Path file = Files.createSymbolicLink(directory.resolve("metrics.jsonl"), full);
        assertThatThrownBy(() -> {
                    try (MetricsLog log = MetricsLog.open(file, 0, 0)) {
                        log.append(new MetricRow(0).put("a", 1));
                    }
                })
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot write " + file + ": the disk is full");
    }

    @Test
    void aRowRefusesNamesThatWouldBreakItsLine() {
        for (String bad : List.of("", "step", "a b", "a\"", "a\\", "a\n")) {
            assertThatThrownBy(() -> new MetricRow(0).put(bad, 1)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new MetricRow(0).put("a", 1).put("a", 2)).hasMessageContaining("twice");
    }
}
