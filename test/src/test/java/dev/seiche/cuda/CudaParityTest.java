package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.kernels.cuda.KernelSources;
import dev.seiche.nn.MultiTensorCases;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleProducts;
import dev.seiche.tensor.op.SampleSketch;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import dev.seiche.tensor.op.Sum;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import dev.seiche.testkit.Oracle;
import dev.seiche.testkit.emulator.EmulatedMode;
import dev.seiche.testkit.emulator.LaunchCount;
import dev.seiche.testkit.emulator.LaunchCount.Pass;
import dev.seiche.testkit.spec.OpSpecs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel of every version computes what the CPU's reference kernels compute. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LaunchCount.OfTheBuild.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CudaParityTest {
    private static final int RANDOM_CASES = 6;

    private static final ConvGeometry POINT = ConvGeometry.of(1, 0);

    /** Backends by the newest version that they use: from the plain kernels to the chosen ones. */
    private final Map<Integer, CudaBackend> backends = new TreeMap<>();

    private List<CudaBackend> tensorCores = List.of();

    private final Set<String> launched = new TreeSet<>();

    @BeforeAll
    void open() {
        CudaOptions options = EmulatedDevice.options();
        tensorCores = List.of(CudaBackend.open(options.withTf32(1)), CudaBackend.open(options.withTf32(3)));
        for (int version : List.of(1, 2, Integer.MAX_VALUE)) {
            backends.put(version, CudaBackend.open(options.withNewestVersion(version)));
        }
    }

    @AfterAll
    void close(LaunchCount count) {
        Stream.concat(backends.values().stream(), tensorCores.stream())
                .forEach(backend -> count.add(EmulatedMode.FAST, Pass.FORWARD, backend.launched()));
        backends.values().forEach(CudaBackend::close);
        tensorCores.forEach(CudaBackend::close);
    }

    static List<OpSpec<?>> specs() {
        return OpSpecs.all();
    }

    @ParameterizedTest
    @MethodSource("specs")
    @Order(1)
    void knownAnswersComeOut(OpSpec<?> spec) {
        backends.forEach((version, backend) -> {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                for (OpSpec.Example example : spec.examples()) {
                    double[] y = in(backend, scope -> {
                        List<Tensor> operands = new ArrayList<>();
                        example.in().forEach(literal -> operands.add(literal.tensor(scope, dtype)));
                        return scope.ops().apply(example.op(), operands).toDoubles();
                    });
                    double[] expected = in(
                            backend,
                            scope -> example.expected().tensor(scope, DType.F64).toDoubles());
                    assertThat(y).as(example.op() + " up to v" + version).hasSameSizeAs(expected);
                    for (int i = 0; i < y.length; i++) {
                        // a few units in the last place of the type: the examples are exact or one rounded function
                        double allowed = 8 * eps(dtype) * Math.max(1, Math.abs(expected[i]));
                        assertThat(Math.abs(y[i] - expected[i]) <= allowed || y[i] == expected[i])
                                .as(example.op() + " up to v" + version + " element " + i + ": " + y[i])
                                .isTrue();
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("specs")
    @Order(1)
    void everyVersionAgreesWithTheReference(OpSpec<?> spec) {
        for (long seed = 0; seed < RANDOM_CASES; seed++) {
            agrees(spec, spec.draw(seed));
        }
    }

    /** Sizes that make kernels split their work, which the specs' small cases do not. */
    static Stream<OpSpec<?>> large() {
        return Stream.of(
                sum(Shape.of(5000, 7), 0),
                sum(Shape.of(3, 6001), 1),
                sum(Shape.of(20011), 0),
                sum(Shape.of(3, 700, 2, 5), 1),
                // down 35 columns, of two parts each, as batch norm; the elements of the second matrix lie apart
                norm(new Moments(List.of(0)), Shape.of(1100, 35)),
                norm(new Standardise(0.5, List.of(0, 2)), Shape.of(300, 2, 4, 3)),
                norm(new StandardiseGrad(0.5, List.of(0)), Shape.of(1100, 35)),
                norm(new Moments(List.of(1)), Shape.of(3, 300)),
                OpSpec.of(Max.class, d -> Drawn.of(new Max(List.of(1), false), Operand.distinct(Shape.of(5, 700))))
                        .terms(c -> 1),
                // more elements than a thread looks through
                gradients(new SampleSketch(POINT, 1, 1, 5), 2, 70, 80, Operand.ids(Shape.of(5600), 10)),
                // more positions than a block holds
                positions(SampleProducts.PATCHES),
                positions(SampleProducts.PIXELS));
    }

    /** Small, but of the sizes or layouts for which a kernel is chosen that other small cases may miss. */
    static Stream<OpSpec<?>> chosen() {
        ConvGeometry same = ConvGeometry.of(1, 1);
        Shape x = Shape.of(4, 5, 4, 3);
        Shape dy = Shape.of(4, 5, 4, 2);
        return Stream.of(
                OpSpec.of(
                                Matmul.class,
                                (Draw d) -> new Drawn(
                                        new Matmul(false, false),
                                        List.of(
                                                Operand.uniform(Shape.of(130, 20), -1, 1),
                                                Operand.uniform(Shape.of(20, 132), -1, 1))))
                        .terms(c -> 20),
                gradients(
                        new SampleGram(POINT, 1, 1, SampleProducts.GRADIENTS),
                        5,
                        7,
                        6,
                        Operand.uniform(Shape.of(3, 1, 1, 7, 6), -1, 1)),
                sample(new SampleGram(same, 3, 3, SampleProducts.PIXELS), 20 * 20 * 45, x, dy),
                sample(new SampleGram(same, 3, 3, SampleProducts.PATCHES), 20 * 20 * 54, x, dy),
                sample(new SampleNorms(same, 3, 3, SampleProducts.PIXELS), 20 * 20 * 45, x, dy));
    }

    /** More gradients than a slab holds: of two tiles each, the second almost empty. */
    static Stream<OpSpec<?>> slabs() {
        return Stream.of(
                gradients(
                        new SampleGram(POINT, 1, 1, SampleProducts.GRADIENTS),
                        600,
                        70,
                        1,
                        Operand.uniform(Shape.of(3, 1, 1, 70), -1, 1),
                        Operand.uniform(Shape.of(3, 1, 1, 1), -1, 1)),
                gradients(new SampleSketch(POINT, 1, 1, 3), 520, 70, 1, Operand.ids(Shape.of(70), 6)));
    }

    private static OpSpec<?> gradients(Op op, int samples, int left, int right, Operand... more) {
        return sample(op, left * right, Shape.of(samples, 1, 1, left), Shape.of(samples, 1, 1, right), more);
    }

    private static OpSpec<?> positions(SampleProducts by) {
        SampleNorms op = new SampleNorms(ConvGeometry.of(1, 1), 3, 3, by);
        return sample(op, Math.pow(9 * 9, 2) * 9 * 3 * 2, Shape.of(2, 9, 9, 3), Shape.of(2, 9, 9, 2));
    }

    private static OpSpec<?> sample(Op op, double terms, Shape x, Shape dy, Operand... more) {
        List<Operand> operands = new ArrayList<>(List.of(Operand.uniform(x, -1, 1), Operand.uniform(dy, -1, 1)));
        operands.addAll(List.of(more));
        return OpSpec.of(op.getClass(), (Draw d) -> new Drawn(op, operands)).terms(c -> terms);
    }

    private static OpSpec<?> norm(Op op, Shape shape) {
        List<Operand> operands = Collections.nCopies(op.inputNames().size(), Operand.uniform(shape, -4, 4));
        return OpSpec.of(op.getClass(), (Draw d) -> new Drawn(op, operands))
                .ulps(8)
                .terms(c -> shape.size());
    }

    private static OpSpec<?> sum(Shape shape, int axis) {
        return OpSpec.of(Sum.class, (Draw d) -> Drawn.of(new Sum(List.of(axis), false), Operand.uniform(shape, -4, 4)))
                .terms(c -> shape.dim(axis));
    }

    @ParameterizedTest
    @MethodSource({"large", "slabs", "chosen"})
    @Order(1)
    void largeCasesAgreeWithTheReference(OpSpec<?> spec) {
        agrees(spec, spec.draw(1));
    }

    private void agrees(OpSpec<?> spec, OpCase c) {
        Oracle oracle = Oracle.of(spec, c);
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            if (dtype == DType.F64 || Oracle.continuous(c.op())) {
                backends.forEach((version, backend) -> oracle.check(
                        compute(backend, c, dtype, t -> t), dtype, "kernels up to v" + version + " in " + dtype));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    @Order(1)
    void stridedOperandsAndRepetitionsGiveTheSameBits(OpSpec<?> spec) {
        for (long seed = 100; seed < 103; seed++) {
            OpCase c = spec.draw(seed);
            for (Map.Entry<Integer, CudaBackend> each : backends.entrySet()) {
                double[] plain = compute(each.getValue(), c, DType.F32, t -> t);
                assertThat(compute(each.getValue(), c, DType.F32, t -> t))
                        .as(c.repro())
                        .isEqualTo(plain);
                double[] strided = compute(each.getValue(), c, DType.F32, CudaParityTest::reversedInMemory);
                if (each.getKey() == 1) {
                    assertThat(strided).as(c.repro()).isEqualTo(plain);
                } else {
                    // another version may be chosen for another layout
                    Oracle.of(OpSpecs.of(c.op().getClass()), c).check(strided, DType.F32, "strided operands");
                }
            }
        }
    }

    /** Ragged, operands as they lie and transposed, one of them a batch. */
    static Stream<OpCase> productsInAllLayouts() {
        return IntStream.range(0, 4).mapToObj(layout -> {
            boolean ta = layout % 2 == 1;
            boolean tb = layout / 2 == 1;
            return new OpCase(
                    new Matmul(ta, tb),
                    List.of(
                            Operand.uniform(ta ? Shape.of(3, 65, 150) : Shape.of(3, 150, 65), -1, 1),
                            Operand.uniform(tb ? Shape.of(40, 65) : Shape.of(65, 40), -1, 1)),
                    7);
        });
    }

    /** How exact they are, {@code CudaTensorCoreTest} says: here, that they read operands as they lie, batches too. */
    @ParameterizedTest
    @MethodSource("productsInAllLayouts")
    @Order(1)
    void productsOnTensorCoresAreCloseForAnyLayout(OpCase c) {
        double[] plain = compute(backends.values().iterator().next(), c, DType.F32, t -> t);
        for (CudaBackend backend : tensorCores) {
            double[] y = compute(backend, c, DType.F32, t -> t);
            for (int i = 0; i < y.length; i++) {
                // operands in [-1, 1) err by 2^-11 each, and 65 products are added
                assertThat(Math.abs(y[i] - plain[i])).as(c.repro()).isLessThanOrEqualTo(65 * 0x1p-10);
            }
        }
    }

    @Test
    @Order(1)
    void integersCastsAndDrawsAreExact() {
        backends.values().forEach(ExactCases::comeOut);
    }

    @Test
    @Order(1)
    void stepsOfOptimizersAndInnerProductsOfListsAgreeWithTheComposedOps() {
        CudaBackend backend = backends.values().iterator().next();
        MultiTensorCases.agreeWithTheComposedOps(backend, MultiTensorCases.many(), DType.F32);
        MultiTensorCases.agreeWithTheComposedOps(backend, MultiTensorCases.few(), DType.F64);
    }

    /** Runs last: every kernel that is shipped was launched by a test of this class. */
    @Test
    @Order(2)
    void noKernelWasLeftOut() {
        backends.values().forEach(backend -> launched.addAll(backend.launched().keySet()));
        tensorCores.forEach(backend -> launched.addAll(backend.launched().keySet()));
        Set<String> left = new TreeSet<>(KernelSources.read().kernels().keySet());
        left.removeAll(launched);
        assertThat(left).as("kernels that no test launched").isEmpty();
    }

    private static double[] compute(CudaBackend backend, OpCase c, DType dtype, Function<Tensor, Tensor> layout) {
        return in(backend, scope -> {
            List<Tensor> operands = new ArrayList<>();
            c.tensors(scope, dtype).forEach(t -> operands.add(layout.apply(t)));
            return scope.ops().apply(c.op(), operands).toDoubles();
        });
    }

    private static double[] in(CudaBackend backend, Function<Scope, double[]> body) {
        double[] result;
        try (Scope scope = Scope.root(backend, "test")) {
            result = body.apply(scope);
        }
        assertThat(backend.liveBytes()).isZero();
        return result;
    }

    /** The same elements in reversed axis order in memory. */
    private static Tensor reversedInMemory(Tensor t) {
        int rank = t.shape().rank();
        if (rank < 2) {
            return t;
        }
        int[] reversed = IntStream.range(0, rank).map(k -> rank - 1 - k).toArray();
        Scope scope = t.scope();
        return scope.ops().transpose(scope.keep(scope.ops().transpose(t, reversed)), reversed);
    }

    private static double eps(DType dtype) {
        return dtype == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
    }
}
