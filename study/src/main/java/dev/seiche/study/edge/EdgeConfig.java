package dev.seiche.study.edge;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.LessThan;
import dev.seiche.study.config.Positive;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import java.util.List;

/** What the study of the edge of stability does. */
public record EdgeConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("what learns") NetworkChoice network,
        @Doc("how it learns") FullBatch train,
        @Doc("what is tried") Arms arms,

        @Doc("repetitions, with the run's seed and the next ones") @AtLeast(1)
        int seeds) {

    /** Learning rates, an arm each. */
    public record Arms(
            @Doc("of gradient descent") @Positive List<Double> rates,

            @Doc("of gradient descent with Polyak's momentum") @Positive
            List<Double> polyak,

            @Doc("of gradient descent with Nesterov's momentum") @Positive
            List<Double> nesterov,

            @Doc("momentum of both") @AtLeast(0) @LessThan(1)
            double momentum,

            @Doc("of gradient descent on cross-entropy") @Positive
            List<Double> crossEntropy) {}
}
