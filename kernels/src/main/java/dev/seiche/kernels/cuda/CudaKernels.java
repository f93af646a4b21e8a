package dev.seiche.kernels.cuda;

import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import dev.seiche.tensor.op.Div;
import dev.seiche.tensor.op.Equal;
import dev.seiche.tensor.op.Erf;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Greater;
import dev.seiche.tensor.op.GreaterEqual;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Log;
import dev.seiche.tensor.op.Log1p;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Pow;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleSketch;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Shift;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.SigmoidGrad;
import dev.seiche.tensor.op.Sign;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import dev.seiche.tensor.op.Sub;
import dev.seiche.tensor.op.Sum;
import dev.seiche.tensor.op.Tanh;
import dev.seiche.tensor.op.TanhGrad;
import dev.seiche.tensor.op.Uniform;
import dev.seiche.tensor.op.Unpick;
import dev.seiche.tensor.op.Where;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of launchers, one line per op. */
final class CudaKernels {
    private final Map<Class<? extends Op>, Kernel<?>> table = new HashMap<>();

    private CudaKernels() {}

    /** A launcher for every op. */
    static CudaKernels of(CudaMachine machine) {
        CudaKernels kernels = new CudaKernels();
        kernels.elementwise(new Elementwise(machine));
        kernels.movement(new Movement(machine));
        kernels.reductions(new Reductions(machine));
        kernels.losses(new Losses(machine));
        kernels.norms(new Norms(machine));
        kernels.indexing(new Indexing(machine));
        kernels.products(new Products(machine), new Convolutions(machine));
        kernels.pooling(new Pooling(machine));
        kernels.samples(new Samples(machine));
        return kernels;
    }

    private void elementwise(Elementwise kernels) {
        put(Abs.class, kernels.of());
        put(Exp.class, kernels.of());
        put(Log.class, kernels.of());
        put(Log1p.class, kernels.of());
        put(Neg.class, kernels.of());
        put(Relu.class, kernels.of());
        put(Sigmoid.class, kernels.of());
        put(Sign.class, kernels.of());
        put(Softplus.class, kernels.of());
        put(Sqrt.class, kernels.of());
        put(Tanh.class, kernels.of());
        put(Erf.class, kernels.of());
        put(Clamp.class, kernels.of(Clamp::low, Clamp::high));
        put(LeakyRelu.class, kernels.of(LeakyRelu::slope));
        put(Pow.class, kernels.of(Pow::exponent));
        put(Scale.class, kernels.of(Scale::factor));
        put(Shift.class, kernels.of(Shift::offset));
        put(Add.class, kernels.of());
        put(Sub.class, kernels.of());
        put(Mul.class, kernels.of());
        put(Div.class, kernels.of());
        put(Maximum.class, kernels.of());
        put(Minimum.class, kernels.of());
        put(Greater.class, kernels.of());
        put(GreaterEqual.class, kernels.of());
        put(Equal.class, kernels.of());
        put(TanhGrad.class, kernels.of());
        put(SigmoidGrad.class, kernels.of());
        put(AddScaled.class, kernels.of(AddScaled::factor));
        put(Where.class, kernels.of());
        put(Cast.class, CudaKernel.elementwise(kernels::cast));
    }

    private void movement(Movement kernels) {
        put(Copy.class, CudaKernel.strided((op, in, out) -> kernels.copy(in.get(0), out)));
        put(Fill.class, CudaKernel.contiguous(kernels::fill));
        put(Bernoulli.class, CudaKernel.contiguous(kernels::bernoulli));
        put(Uniform.class, CudaKernel.contiguous((op, in, out) -> kernels.draw("uniform", op.rng(), out)));
        put(Normal.class, CudaKernel.contiguous((op, in, out) -> kernels.draw("normal", op.rng(), out)));
        put(Concat.class, CudaKernel.strided(kernels::concat));
        put(Place.class, CudaKernel.strided(kernels::place));
    }

    private void reductions(Reductions kernels) {
        put(Sum.class, CudaKernel.strided(kernels::sum));
        put(Max.class, CudaKernel.strided(kernels::max));
        put(ArgMax.class, CudaKernel.contiguous(kernels::argMax));
        put(Softmax.class, CudaKernel.contiguous(kernels::softmax));
        put(LogSoftmax.class, CudaKernel.contiguous(kernels::logSoftmax));
        put(SoftmaxGrad.class, CudaKernel.contiguous(kernels::softmaxGrad));
        put(LogSoftmaxGrad.class, CudaKernel.contiguous(kernels::logSoftmaxGrad));
    }

    private void losses(Losses kernels) {
        put(CrossEntropy.class, CudaKernel.contiguous(kernels::crossEntropy));
        put(CrossEntropyGrad.class, CudaKernel.contiguous(kernels::crossEntropyGrad));
    }

    private void norms(Norms kernels) {
        put(Moments.class, CudaKernel.contiguous(kernels::moments));
        put(Standardise.class, CudaKernel.contiguous(kernels::standardise));
        put(StandardiseGrad.class, CudaKernel.contiguous(kernels::standardiseGrad));
    }

    private void indexing(Indexing kernels) {
        put(Gather.class, CudaKernel.contiguous(kernels::gather));
        put(ScatterAdd.class, CudaKernel.contiguous(kernels::scatterAdd));
        put(Pick.class, CudaKernel.contiguous(kernels::pick));
        put(Unpick.class, CudaKernel.contiguous(kernels::unpick));
    }

    private void products(Products products, Convolutions convolutions) {
        put(Matmul.class, CudaKernel.strided(products::matmul));
        put(Linear.class, CudaKernel.contiguous(products::linear));
        put(Conv2d.class, CudaKernel.contiguous(convolutions::forward));
        put(Conv2dInput.class, CudaKernel.contiguous(convolutions::input));
        put(Conv2dWeight.class, CudaKernel.contiguous(convolutions::weight));
    }

    private void pooling(Pooling kernels) {
        put(MaxPool2d.class, CudaKernel.contiguous(kernels::max));
        put(MaxPool2dGather.class, CudaKernel.contiguous(kernels::maxGather));
        put(MaxPool2dScatter.class, CudaKernel.contiguous(kernels::maxScatter));
        put(AvgPool2d.class, CudaKernel.contiguous(kernels::average));
        put(AvgPool2dInput.class, CudaKernel.contiguous(kernels::averageInput));
    }

    private void samples(Samples kernels) {
        put(SampleNorms.class, CudaKernel.contiguous(kernels::norms));
        put(SampleGram.class, CudaKernel.contiguous(kernels::gram));
        put(SampleMoments.class, CudaKernel.contiguous(kernels::moments));
        put(SampleSketch.class, CudaKernel.contiguous(kernels::sketch));
    }

    private <O extends Op> void put(Class<O> op, Kernel<O> kernel) {
        table.put(op, kernel);
    }

    @SuppressWarnings("unchecked") // put() pairs a class with a kernel of that class only
    <O extends Op> @Nullable Kernel<O> find(O op) {
        return (Kernel<O>) table.get(op.getClass());
    }
}
