package dev.seiche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private final Task task = new Matmul(8, 8, 100);

    @Test
    void acceptsWhatRoundingExplains() {
        assertThat(Answers.distance(task, changedBy(1e-6), changedBy(0))).isLessThan(1);
    }

    @Test
    void seesOneWrongElementAmongMany() {
        assertThat(Answers.distance(task, changedBy(1e-3), changedBy(0))).isGreaterThan(1);
    }

    @Test
    void neverAcceptsNaN() {
        assertThat(Answers.distance(task, changedBy(Double.NaN), changedBy(0))).isInfinite();
        assertThat(Answers.distance(task, changedBy(0), changedBy(Double.NaN))).isInfinite();
    }

    @Test
    void aStepIsJudgedByHowFarTheWeightsMoved() {
        Step step = Step.mlp();
        List<Array> unmoved = moved(step, 0);
        List<Array> moved = moved(step, 0.001f);

        assertThat(Answers.distance(step, moved, moved)).isZero();
        assertThat(Answers.distance(step, unmoved, moved)).isGreaterThan(1);
    }

    /** An answer of N(0, 1) elements, one of them changed. */
    private static List<Array> changedBy(double change) {
        Array array = Array.normal("answer", 1, 8, 8);
        array.values()[13] += (float) change;
        return List.of(array);
    }

    private static List<Array> moved(Step step, float by) {
        List<Array> answer = new ArrayList<>();
        answer.add(new Array("loss", Shape.of(1), new float[] {2}));
        for (Array parameter : step.parameters()) {
            for (int i = 0; i < parameter.values().length; i++) {
                parameter.values()[i] += by;
            }
            answer.add(parameter);
        }
        return answer;
    }
}
