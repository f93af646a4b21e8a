package dev.seiche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Task task = new Matmul(1, 1, 1);

    @Test
    void theRatioIsTheFastestOtherMedianOverOurs() {
        Timing ours = timing("seiche", 1, 2, 9);
        List<Timing> timings = List.of(ours, timing("djl", 5, 6, 7), timing("bytedeco", 3, 3, 30));

        assertThat(Table.ratio(ours, timings)).hasValue(1.5);
    }

    @Test
    void thereIsNoRatioWithoutAPeer() {
        Timing ours = timing("seiche", 1, 2, 3);

        assertThat(Table.ratio(ours, List.of(ours))).isEmpty();
    }

    @Test
    void theMedianIsThatOfTheQuietestWindow() {
        Timing timing = timing("seiche", 5, 5, 5, 5);
        timing.addWindow(new double[] {1, 1, 9});

        assertThat(timing.median()).isEqualTo(1);
        assertThat(timing.medians()).containsExactly(5.0, 1.0);
    }

    private Timing timing(String framework, double... milliseconds) {
        Timing timing = new Timing(task, framework, 1);
        timing.addWindow(milliseconds);
        return timing;
    }
}
