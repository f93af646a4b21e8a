package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;

/**
 * A derivative at a site, as a map that is linear in {@code t}: for a VJP, {@code t} is the cotangent dy of the result
 * and the value is the cotangent of one input; for a JVP, {@code t} is the tangent of one input and the value its share
 * of the result's tangent. Written against the op set, so it can be differentiated itself.
 */
@FunctionalInterface
public interface LinearMap<O extends Op> {
    /** The map at {@code site}, applied to {@code t} by the interpreter {@code k}. */
    Value apply(Ops<Value> k, Site<O> site, Value t);
}
