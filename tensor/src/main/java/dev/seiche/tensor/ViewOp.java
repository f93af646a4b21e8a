package dev.seiche.tensor;

import org.jspecify.annotations.Nullable;

/** An op of one input whose result can share the input's memory. It needs no kernel of its own. */
public interface ViewOp extends Op {
    /** The result's layout over the input's storage, or null where this input's layout needs a contiguous copy first. */
    @Nullable
    Layout view(Layout input);
}
