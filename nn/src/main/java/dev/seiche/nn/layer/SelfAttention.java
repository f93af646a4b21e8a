package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Multi-head scaled dot-product attention of x[B, T, D] to itself: Vaswani et al. 2017. Queries, keys and values come from
 * one linear map {@code qkv} [D, 3 D], in this order; a linear map {@code out} [D, D] joins the heads. Both have biases.
 *
 * @param features D, a multiple of the heads
 * @param causal position t attends to positions 0 to t only
 * @param init of the weight of {@code qkv}; biases begin at 0
 * @param outInit of the weight of {@code out}
 */
public record SelfAttention(int features, int heads, boolean causal, Init init, Init outInit) implements Module {
    /** Added to a score that must not count: e to this is 0 in every type, and the sum stays finite. */
    private static final double NEVER = -1e30;

    public SelfAttention {
        if (heads < 1 || features % heads != 0) {
            throw new IllegalArgumentException("attention: " + features + " features do not divide into " + heads
                    + " heads; use a multiple of the heads");
        }
    }

    private Linear qkv() {
        return new Linear(features, 3 * features, init, Init.zeros());
    }

    private Linear out() {
        return new Linear(features, features, outInit, Init.zeros());
    }

    @Override
    public void declare(Declaration declaration) {
        qkv().declare(declaration.in("qkv"));
        out().declare(declaration.in("out"));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        Ops<T> ops = pass.ops();
        int batch = x.shape().dim(0);
        int positions = x.shape().dim(1);
        T all = pass.run("qkv", qkv(), x);
        T query = head(ops, all, 0, batch, positions);
        T key = head(ops, all, 1, batch, positions);
        T value = head(ops, all, 2, batch, positions);
        T scores = ops.scale(ops.matmul(query, key, false, true), 1 / Math.sqrt((double) features / heads));
        if (causal) {
            scores = ops.add(scores, ops.scale(ops.shift(lower(ops, positions, x.dtype()), -1), -NEVER));
        }
        T mixed = ops.matmul(ops.softmax(scores, -1), value);
        return pass.run("out", out(), ops.reshape(ops.swapAxes(mixed, 1, 2), batch, positions, features));
    }

    /** [B, heads, T, D / heads]: part 0 the queries, 1 the keys, 2 the values. */
    private <T extends Value> T head(Ops<T> ops, T all, int part, int batch, int positions) {
        T own = ops.slice(all, -1, part * features, (part + 1) * features);
        return ops.swapAxes(ops.reshape(own, batch, positions, heads, features / heads), 1, 2);
    }

    /** 1 on and below the diagonal, 0 above, [n, n]: doubled from a single 1, and cut. */
    static <T extends Value> T lower(Ops<T> ops, int n, DType dtype) {
        T mask = ops.fill(new TensorType(dtype, Shape.of(1, 1)), 1);
        for (int size = 1; size < n; size *= 2) {
            TensorType block = new TensorType(dtype, Shape.of(size, size));
            T top = ops.concat(1, List.of(mask, ops.fill(block, 0)));
            T bottom = ops.concat(1, List.of(ops.fill(block, 1), mask));
            mask = ops.concat(0, List.of(top, bottom));
        }
        return ops.slice(ops.slice(mask, 0, 0, n), 1, 0, n);
    }
}
