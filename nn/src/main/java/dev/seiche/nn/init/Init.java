package dev.seiche.nn.init;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/**
 * How a parameter begins. Values are computed in f64 and rounded to the parameter's type, so that f32 and f64 networks of
 * one seed agree up to that rounding. Immutable; prints as it would be written in a record of a run.
 */
public interface Init {

    /**
     * The first values of a parameter, in row-major order.
     *
     * @param rng a key that belongs to this parameter alone
     * @param fans of the layer; a bias gets those of its weight
     */
    double[] values(Rng rng, Shape shape, Fans fans);

    /** The same value everywhere. */
    static Init constant(double value) {
        return new Constant(value);
    }

    static Init zeros() {
        return constant(0.0);
    }

    static Init ones() {
        return constant(1.0);
    }

    /** N(0, deviation^2), whatever the fans. */
    static Init normal(double deviation) {
        return new Normal(deviation);
    }

    /** Uniform on [-bound, bound), whatever the fans. */
    static Init uniform(double bound) {
        return new Uniform(bound);
    }

    /**
     * Uniform on +-1/sqrt(fan in): what PyTorch gives the weight and the bias of a Linear or Conv2d. Variance 1/(3 fan in).
     */
    static Init uniformFanIn() {
        return new VarianceScaling(Math.sqrt(1.0 / 3), VarianceScaling.Fan.IN, VarianceScaling.Distribution.UNIFORM);
    }

    /** N(0, 2/fan in): He et al. 2015, keeps the forward variance of a ReLU network. Also called MSRA. */
    static Init kaimingNormal() {
        return new VarianceScaling(Math.sqrt(2), VarianceScaling.Fan.IN, VarianceScaling.Distribution.NORMAL);
    }

    /** Uniform with variance 2/fan in. */
    static Init kaimingUniform() {
        return new VarianceScaling(Math.sqrt(2), VarianceScaling.Fan.IN, VarianceScaling.Distribution.UNIFORM);
    }

    /** N(0, 2/fan out): keeps the backward variance of a ReLU network; the MSRA of wide residual networks. */
    static Init kaimingNormalFanOut() {
        return new VarianceScaling(Math.sqrt(2), VarianceScaling.Fan.OUT, VarianceScaling.Distribution.NORMAL);
    }

    /** N(0, 2 gain^2/(fan in + fan out)): Glorot and Bengio 2010. */
    static Init xavierNormal(double gain) {
        return new VarianceScaling(gain, VarianceScaling.Fan.AVERAGE, VarianceScaling.Distribution.NORMAL);
    }

    /** Uniform on +-gain sqrt(6/(fan in + fan out)): Glorot and Bengio 2010. */
    static Init xavierUniform(double gain) {
        return new VarianceScaling(gain, VarianceScaling.Fan.AVERAGE, VarianceScaling.Distribution.UNIFORM);
    }

    /**
     * N(0, 1/(kappa fan in)): with kappa 1 the N(0, 1/d) of a first layer, with another kappa the inner layers of
     * Sankararaman et al. 2020, section 4.
     */
    static Init gaussian(double kappa) {
        if (!(kappa > 0)) {
            throw new IllegalArgumentException("init: kappa must be positive, got " + kappa);
        }
        return new VarianceScaling(Math.sqrt(1 / kappa), VarianceScaling.Fan.IN, VarianceScaling.Distribution.NORMAL);
    }

    /** gain times a matrix with orthonormal columns (or rows, where it has more columns than rows): Saxe et al. 2014. */
    static Init orthogonal(double gain) {
        return new Orthogonal(gain);
    }
}
