package dev.seiche.cuda;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Binary;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Unary;
import dev.seiche.tensor.op.Where;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.spec.OpSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A random program of elementwise ops, each of them once: on operands in order, stretched, transposed, strided and
 * overlapping; with results that are fresh, in place of an operand or of something else, and freed again, so that their
 * memory is handed out anew.
 */
final class RandomOps {
    /** Odd, so that views of it start in odd places. */
    private static final Shape SHAPE = Shape.of(3, 7);

    /** Of operands below 0 these are not a number, which would hide everything after them. */
    private static final Set<String> OF_POSITIVE = Set.of("log", "log1p", "sqrt", "pow", "div");

    /** Results of these grow, and are limited before they are used. */
    private static final Set<String> GROWING = Set.of("exp", "pow", "div", "mul", "scale", "add_scaled");

    private final Scope scope;
    private final Eager ops;
    private final DType dtype;
    private final Draw draw;

    /** What an op may read. */
    private final List<Tensor> operands = new ArrayList<>();

    /** What an op may write to. */
    private final List<Tensor> targets = new ArrayList<>();

    /** What may be freed. */
    private final List<Tensor> results = new ArrayList<>();

    private RandomOps(Scope scope, DType dtype, long seed) {
        this.scope = scope;
        this.ops = scope.ops();
        this.dtype = dtype;
        this.draw = new Draw(Rng.seed(seed));
    }

    /** All that is live at the end of the program of a seed. */
    static List<double[]> run(Scope scope, DType dtype, long seed) {
        RandomOps program = new RandomOps(scope, dtype, seed);
        program.begin();
        List<Op> all = elementwise(seed);
        for (int k : program.draw.permutation(all.size())) {
            program.step(all.get(k));
        }
        return program.operands.stream().map(Tensor::toDoubles).toList();
    }

    /** An op of each record that treats elements by themselves, without casts. */
    private static List<Op> elementwise(long seed) {
        return OpSpecs.all().stream()
                .filter(spec -> List.of(Unary.class, Binary.class, Where.class).stream()
                        .anyMatch(kind -> kind.isAssignableFrom(spec.type())))
                .map(spec -> spec.draw(seed).op())
                .toList();
    }

    private void begin() {
        Tensor tall = values(Shape.of(6, 7));
        operands.addAll(List.of(
                values(SHAPE),
                values(SHAPE),
                values(Shape.of(7)),
                values(Shape.of(3, 1)),
                values(Shape.of(1)),
                ops.transpose(values(Shape.of(7, 3)), 1, 0),
                ops.slice(tall, 0, 0, 3),
                ops.slice(tall, 0, 1, 4),
                ops.slice(tall, new int[] {0, 0}, new int[] {6, 7}, new int[] {2, 1})));
        for (Tensor each : operands) {
            if (each.shape().equals(SHAPE) && each.isContiguous()) {
                targets.add(each);
            }
        }
    }

    private Tensor values(Shape shape) {
        double[] values = IntStream.range(0, (int) shape.size())
                .mapToDouble(i -> draw.uniform(-2, 2))
                .toArray();
        return scope.tensor(dtype, shape, values);
    }

    private void step(Op op) {
        List<Tensor> in = new ArrayList<>();
        for (int k = 0; k < op.inputNames().size(); k++) {
            in.add(any(operands));
        }
        if (!op.infer(in).shape().equals(SHAPE)) {
            in.set(0, any(targets));
        }
        if (OF_POSITIVE.contains(op.name())) {
            int last = in.size() - 1;
            in.set(last, ops.shift(ops.abs(in.get(last)), 0.5));
        }
        Tensor target = draw.chance(0.3) ? any(targets) : null;
        Tensor y = target != null && into(op, in, target) ? target : fresh(op, in);
        if (GROWING.contains(op.name())) {
            into(new Clamp(-2, 2), List.of(y), y);
        }
        if (results.size() > 2 && draw.chance(0.5)) {
            Tensor gone = any(results);
            List.of(operands, targets, results).forEach(list -> list.removeIf(each -> each == gone));
            scope.free(gone);
        }
    }

    private Tensor fresh(Op op, List<Tensor> in) {
        Tensor y = ops.apply(op, in);
        List.of(operands, targets, results).forEach(list -> list.add(y));
        return y;
    }

    /** False where the result would overwrite an operand early, which is refused. */
    private boolean into(Op op, List<Tensor> in, Tensor target) {
        try {
            ops.applyInto(op, in, target);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Tensor any(List<Tensor> of) {
        return of.get(draw.between(0, of.size() - 1));
    }
}
