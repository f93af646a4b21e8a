package dev.seiche.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.nn.train.Schedule;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rates and schedules as functions of the step. */
class LearningRateTest {
    @Test
    void milestonesMultiplyFromTheStepTheyName() {
        LearningRate rate = LearningRate.steps(1, 0.1, 2, 4);
        assertThat(LongStream.range(0, 6).mapToDouble(rate::at).toArray())
                .containsExactly(new double[] {1, 1, 0.1, 0.1, 0.01, 0.01}, within(1e-17));
    }

    @Test
    void aCosineBeginsAtTheRateIsHalfwayInTheMiddleAndStaysAtItsEnd() {
        LearningRate rate = LearningRate.cosine(0.5, 0.1, 10);
        assertThat(rate.at(0)).isEqualTo(0.5);
        assertThat(rate.at(5)).isCloseTo(0.3, within(1e-15));
        assertThat(rate.at(10)).isCloseTo(0.1, within(1e-15));
        assertThat(rate.at(1000)).isEqualTo(rate.at(10));
    }

    @Test
    void aWarmUpRisesLinearlyFromAboveZeroAndThenLeavesTheRateAlone() {
        LearningRate rate = LearningRate.constant(0.8).warmedUp(4);
        assertThat(LongStream.range(0, 6).mapToDouble(rate::at).toArray())
                .containsExactly(new double[] {0.2, 0.4, 0.6, 0.8, 0.8, 0.8}, within(1e-15));
    }

    @Test
    void badRatesAreRefused() {
        assertThatThrownBy(() -> LearningRate.constant(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> LearningRate.constant(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> LearningRate.cosine(0.1, 0.2, 5)).hasMessageContaining("0.2");
        assertThatThrownBy(() -> LearningRate.steps(0.1, 0)).hasMessageContaining("factor");
        assertThatThrownBy(() -> LearningRate.constant(1).warmedUp(0)).hasMessageContaining("warm-up");
        assertThatThrownBy(() -> Optimizer.heavyBall(1)).hasMessageContaining("1.0");
        assertThatThrownBy(() -> Optimizer.nesterov(0)).hasMessageContaining("Nesterov");
        assertThatThrownBy(() -> Optimizer.adamW(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new GradientClip(0)).hasMessageContaining("0.0");
    }

    @Test
    void schedulesNameTheirSteps() {
        assertThat(LongStream.range(0, 7).filter(Schedule.every(3)::at)).containsExactly(0L, 3L, 6L);
        assertThat(LongStream.range(0, 7).filter(Schedule.steps(5, 1).or(Schedule.every(4))::at))
                .containsExactly(0L, 1L, 4L, 5L);
        assertThatThrownBy(() -> Schedule.every(0)).hasMessageContaining("0");
    }
}
