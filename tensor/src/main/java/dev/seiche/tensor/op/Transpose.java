package dev.seiche.tensor.op;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.ViewOp;
import java.util.List;

/** Axis k of y is axis {@code permutation[k]} of x. A view. */
public record Transpose(List<Integer> permutation) implements ViewOp {
    public Transpose {
        permutation = List.copyOf(permutation);
    }

    /** The permutation that undoes this one. */
    public Transpose inverse() {
        Integer[] back = new Integer[permutation.size()];
        for (int k = 0; k < back.length; k++) {
            back[permutation.get(k)] = k;
        }
        return new Transpose(List.of(back));
    }

    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Shape shape = in.get(0).shape();
        boolean[] seen = new boolean[shape.rank()];
        int[] dims = new int[shape.rank()];
        boolean valid = permutation.size() == shape.rank();
        for (int k = 0; valid && k < dims.length; k++) {
            int axis = permutation.get(k);
            valid = axis >= 0 && axis < dims.length && !seen[axis];
            if (valid) {
                seen[axis] = true;
                dims[k] = shape.dim(axis);
            }
        }
        Check.that(valid, this, permutation + " is not a permutation of the " + shape.rank() + " axes", in);
        return in.get(0).type().withShape(Shape.of(dims));
    }

    @Override
    public Layout view(Layout input) {
        return input.transpose(permutation.stream().mapToInt(Integer::intValue).toArray());
    }
}
