package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.optim.Updater;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.testkit.EmulatedDevice;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What chains of elementwise ops save: launches, and passes over memory, of work that is done again and again.
 *
 * <p>What was expected before it was counted. GELU is five ops, its VJP ten: one launch each, 15 become 2. Passes: a chain
 * reads each operand once and writes each result that somebody can still ask for, so GELU's 11 become 6 while its
 * intermediate results live, and 2 once their scope is closed; with its VJP 36 become 20. A sum and a rectifier are 5
 * passes, as a chain 4, and 3 when the sum is gone. All of this came out. A Hessian-vector product of a network with tanh was
 * expected to take half of its launches, a training step with GELU two thirds: the product takes 61%, since more of it
 * than thought are products, transposes and single sums, the step 43%.
 */
class ChainLaunchesTest {
    /** From the third time on a chain has its kernel. */
    private static final int TIMES = 4;

    private static final Pattern CHAIN = Pattern.compile("chain_\\w+_in(\\d+)_by(\\d+)_out(\\d+)_\\w+");

    private static final Set<String> OF_TWO = Set.of("add", "mul");

    /** @param passes over all elements, read or written, by elementwise kernels whose operands all have that many */
    private record Cost(long launches, long passes) {}

    /**
     * What work costs that was done before.
     *
     * @param work does it in a scope of its own and returns what outlives it
     * @param kept whether the intermediate results are still there when the device is asked
     */
    private static Cost cost(boolean fuse, boolean kept, Function<Scope, Consumer<Scope>> work) {
        try (CudaBackend backend = CudaBackend.open(EmulatedDevice.options().withFuse(fuse));
                Scope model = Scope.root(backend, "model")) {
            Consumer<Scope> once = work.apply(model);
            Map<String, Long> before = Map.of();
            Map<String, Long> after = Map.of();
            for (int time = 0; time < TIMES; time++) {
                before = backend.launched();
                try (Scope step = model.child("step")) {
                    once.accept(step);
                    after = kept ? backend.launched() : after;
                }
                after = kept ? after : backend.launched();
            }
            Map<String, Long> during = new HashMap<>(after);
            before.forEach((kernel, count) -> during.merge(kernel, -count, Long::sum));
            long launches = during.values().stream().mapToLong(count -> count).sum();
            long passes = during.entrySet().stream()
                    .mapToLong(each -> each.getValue() * passes(each.getKey()))
                    .sum();
            return new Cost(launches, passes);
        }
    }

    private static long passes(String kernel) {
        Matcher chain = CHAIN.matcher(kernel);
        if (chain.matches()) {
            return Long.parseLong(chain.group(1)) + Long.parseLong(chain.group(3));
        }
        return OF_TWO.contains(kernel.replaceAll("_fwd_.*", "")) ? 3 : 2;
    }

    private static Tensor values(Scope scope) {
        return scope.ops().normal(Rng.seed(1), new TensorType(DType.F32, Shape.of(30, 40)));
    }

    private static Consumer<Scope> gelu(Scope model) {
        Tensor x = values(model);
        return step -> model.adopt(step.ops().gelu(x));
    }

    @Test
    void geluIsOneLaunchInsteadOfFive() {
        assertThat(cost(false, true, ChainLaunchesTest::gelu)).isEqualTo(new Cost(5, 11));
        assertThat(cost(true, true, ChainLaunchesTest::gelu)).isEqualTo(new Cost(1, 6));
        assertThat(cost(true, false, ChainLaunchesTest::gelu)).isEqualTo(new Cost(1, 2));
    }

    /** The cotangent is there before. */
    private static Consumer<Scope> geluAndItsVjp(Scope model) {
        Tensor x = values(model);
        Tensor dy = values(model);
        return step -> {
            Tape<Tensor> tape = new Tape<>(step.ops());
            Var<Tensor> leaf = tape.watch(x);
            Var<Tensor> y = tape.gelu(leaf);
            ((CudaBackend) step.backend()).launched(); // ends the chain, as a product would
            model.adopt(tape.backward(y, dy).of(leaf));
        };
    }

    @Test
    void geluAndItsVjpAreTwoLaunchesInsteadOfFifteen() {
        assertThat(cost(false, true, ChainLaunchesTest::geluAndItsVjp)).isEqualTo(new Cost(15, 36));
        assertThat(cost(true, true, ChainLaunchesTest::geluAndItsVjp)).isEqualTo(new Cost(2, 20));
    }

    private static Consumer<Scope> residual(Scope model) {
        Tensor x = values(model);
        Tensor branch = values(model);
        return step -> model.adopt(step.ops().relu(step.ops().add(x, branch)));
    }

    @Test
    void theEndOfAResidualBlockIsOneLaunchInsteadOfTwo() {
        assertThat(cost(false, true, ChainLaunchesTest::residual)).isEqualTo(new Cost(2, 5));
        assertThat(cost(true, true, ChainLaunchesTest::residual)).isEqualTo(new Cost(1, 4));
        assertThat(cost(true, false, ChainLaunchesTest::residual)).isEqualTo(new Cost(1, 3));
    }

    private static Consumer<Scope> hessianVectorProduct(Scope model) {
        Network network = Examples.mlp();
        ParameterVector weights = network.init(model, DType.F32, Rng.seed(2));
        ParameterVector direction = weights.gaussian(Rng.seed(3), model);
        Objective objective = Objective.of(network, Loss.CROSS_ENTROPY, Examples.blobs(20), 20, model, DType.F32);
        return step -> objective.hvp(weights, direction, step);
    }

    @Test
    void aHessianVectorProductOfAnMlpWithTanhTakes50LaunchesInsteadOf82() {
        assertThat(cost(false, true, ChainLaunchesTest::hessianVectorProduct).launches)
                .isEqualTo(82);
        assertThat(cost(true, true, ChainLaunchesTest::hessianVectorProduct).launches)
                .isEqualTo(50);
    }

    private static Consumer<Scope> trainingStep(Scope model) {
        Network network = Network.of(Mlp.of(5, 7, 6, 3).withActivation(Activation.GELU));
        ParameterVector weights = network.init(model, DType.F32, Rng.seed(2));
        Objective objective = Objective.of(network, Loss.CROSS_ENTROPY, Examples.blobs(20), 20, model, DType.F32);
        Updater updater = Optimizer.adam().start(weights, model);
        return step -> updater.step(objective.gradient(weights, step), 0.01);
    }

    @Test
    void aTrainingStepOfAnMlpWithGeluTakes20LaunchesInsteadOf46() {
        assertThat(cost(false, true, ChainLaunchesTest::trainingStep).launches).isEqualTo(46);
        assertThat(cost(true, true, ChainLaunchesTest::trainingStep).launches).isEqualTo(20);
    }
}
