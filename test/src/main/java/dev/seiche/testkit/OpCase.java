package dev.seiche.testkit;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** An op with attributes chosen and operands described; the same seed gives the same values on every machine. */
public record OpCase(Op op, List<Operand> operands, long seed) {
    /** The operands as tensors of {@code dtype} (ids i32), born in {@code scope}. */
    public List<Tensor> tensors(Scope scope, DType dtype) {
        List<Tensor> out = new ArrayList<>();
        Rng rng = Rng.seed(seed).fold("values");
        for (int i = 0; i < operands.size(); i++) {
            out.add(operands.get(i).tensor(scope, dtype, rng.fold(i)));
        }
        return out;
    }

    /** What to paste to see this case again. */
    public String repro() {
        return "OpSpecs.of(" + op.getClass().getSimpleName() + ".class).draw(" + seed + "L)  // " + op + " "
                + operands.stream().map(o -> o.shape().toString()).toList();
    }

    @Override
    public String toString() {
        return repro();
    }
}
