package dev.seiche.tensor.op;

/**
 * Marks an op that computes in one pass what others compute in several. It exists for speed on plain tensors only: it
 * has no derivative, is not offered by {@link dev.seiche.tensor.Ops}, and equals its composed twin, which its doc names,
 * up to rounding. Used by optimizers, and by rules where nothing differentiates again.
 */
public interface FusedOp {}
