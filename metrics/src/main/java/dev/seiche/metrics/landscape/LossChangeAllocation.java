package dev.seiche.metrics.landscape;

import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much of a change of the loss each layer made: the integral of g_j dw_j over the straight line of a step, by Simpson's
 * rule, which is fourth-order Runge-Kutta for an integral. Lan, Liu, Zhou, Yosinski, "LCA: Loss change allocation for neural
 * network training", 2019. Negative is help, positive is harm; layers sum to the change of the loss, up to {@link #residual}.
 *
 * @param byLayer  in units of the loss, in the network's order
 * @param residual change of the loss minus the sum over layers: the error of the rule, and of rounding; 0 on a quadratic
 */
public record LossChangeAllocation(Map<String, Double> byLayer, double residual) {
    public LossChangeAllocation {
        byLayer = Collections.unmodifiableMap(new LinkedHashMap<>(byLayer));
    }

    /** Of the objective's loss between two points; three gradients. */
    public static LossChangeAllocation of(
            Objective objective, ParameterVector before, ParameterVector after, Scope scope) {
        try (Scope step = scope.child("allocation")) {
            ParameterVector move = after.subtract(before, step);
            var first = objective.evaluate(before, step);
            var middle = objective.evaluate(before.addScaled(0.5, move, step), step);
            var last = objective.evaluate(after, step);
            ParameterVector simpson = first.gradient()
                    .addScaled(4, middle.gradient(), step)
                    .add(last.gradient(), step)
                    .scale(1.0 / 6, step);
            Map<String, Double> layers = simpson.dotByLayer(move);
            double sum =
                    layers.values().stream().mapToDouble(Double::doubleValue).sum();
            return new LossChangeAllocation(layers, last.loss() - first.loss() - sum);
        }
    }
}
