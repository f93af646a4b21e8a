package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    private Progress progress(boolean interactive) {
        return new Progress(new Console(err, err, interactive, nanos::get));
    }

    private String text() {
        return told.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalSeesOneLineThatNeverWraps() {
        Progress progress = progress(true);
        for (int i = 0; i <= 100; i++) {
            nanos.addAndGet(50_000_000);
            progress.progress(i, 100, "a long note ".repeat(20));
        }
        progress.line("said in between");
        assertThat(text().lines().filter(l -> !l.isEmpty()).toList()).last().isEqualTo("said in between");
        for (String drawn : text().split("\r")) {
            assertThat(drawn.replaceAll("\033\\[K[\\s\\S]*", "")).hasSizeLessThan(80);
        }
        // Every second of the 101 calls comes 0.1 s after the one drawn before.
        assertThat(text().split("\r")).hasSize(1 + 51);
    }

    @Test
    void theRateAndTheTimeLeftAreThoseSinceTheStartOrTheResumption() {
        Progress progress = progress(false);
        progress.progress(500, 1000, "resumed");
        nanos.addAndGet(2_000_000_000);
        progress.progress(600, 1000, "later");
        assertThat(text().strip()).isEqualTo("60% 600/1000 | 50.0/s | ETA 8.0 s | later");
    }
}
