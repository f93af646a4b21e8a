package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import dev.seiche.testkit.Oracle;
import dev.seiche.testkit.spec.OpSpecs;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** cuBLAS and cuDNN, called for what our own kernels do, give the reference's answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaLibrariesTest {
    private static final int CASES = 30;

    private CudaBackend libraries;

    @BeforeAll
    void open() {
        libraries = CudaBackend.open(EmulatedDevice.options().withCublas(true).withCudnn(true));
    }

    @AfterAll
    void close() {
        if (libraries != null) {
            libraries.close();
        }
    }

    /** Convolutions with the same padding on opposite sides, which cuDNN takes. */
    private record Conv(ConvGeometry g, Shape x, Shape w, Shape y) {
        static Conv of(Draw d) {
            int groups = d.between(1, 2);
            int kh = d.between(1, 3);
            int kw = d.between(1, 3);
            int top = d.between(0, 2);
            int left = d.between(0, 2);
            ConvGeometry g = new ConvGeometry(
                    d.between(1, 2), d.between(1, 2), top, top, left, left, d.between(1, 2), d.between(1, 2), groups);
            Shape x = Shape.of(d.between(1, 3), 5 + d.between(0, 3), 5 + d.between(0, 3), groups * d.dim());
            Shape w = Shape.of(kh, kw, x.dim(3) / groups, groups * d.dim());
            Shape y = Shape.of(x.dim(0), g.outputH(x.dim(1), kh), g.outputW(x.dim(2), kw), w.dim(3));
            return new Conv(g, x, w, y);
        }
    }

    static Stream<OpSpec<?>> specs() {
        return Stream.of(
                OpSpecs.of(Matmul.class),
                OpSpecs.of(Linear.class),
                OpSpec.of(Conv2d.class, d -> {
                            Conv c = Conv.of(d);
                            return Drawn.of(new Conv2d(c.g), unit(c.x), unit(c.w));
                        })
                        .terms(c -> c.operands().get(1).shape().size()),
                OpSpec.of(Conv2dInput.class, d -> {
                            Conv c = Conv.of(d);
                            return Drawn.of(new Conv2dInput(c.g, c.x.dim(1), c.x.dim(2)), unit(c.y), unit(c.w));
                        })
                        .terms(c -> c.operands().get(1).shape().size()),
                OpSpec.of(Conv2dWeight.class, d -> {
                            Conv c = Conv.of(d);
                            return Drawn.of(new Conv2dWeight(c.g, c.w.dim(0), c.w.dim(1)), unit(c.x), unit(c.y));
                        })
                        .terms(c -> c.operands().get(1).shape().size()));
    }

    private static Operand unit(Shape shape) {
        return Operand.uniform(shape, -1, 1);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void librariesAgreeWithTheReference(OpSpec<?> spec) {
        Map<String, Long> before = libraries.launched();
        for (long seed = 0; seed < CASES; seed++) {
            OpCase c = spec.draw(seed);
            Oracle oracle = Oracle.of(spec, c);
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                try (Scope scope = Scope.root(libraries, "test")) {
                    oracle.check(
                            scope.ops().apply(c.op(), c.tensors(scope, dtype)).toDoubles(),
                            dtype,
                            "NVIDIA's in " + dtype);
                }
                assertThat(libraries.liveBytes()).isZero();
            }
        }
        // only products over several leading axes with different strides are left to our own kernels
        if (spec.type() != Matmul.class) {
            assertThat(libraries.launched().keySet())
                    .filteredOn(k -> !k.startsWith("copy_") && !before.containsKey(k))
                    .isEmpty();
        }
    }
}
