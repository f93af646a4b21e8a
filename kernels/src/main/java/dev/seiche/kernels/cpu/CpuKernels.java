package dev.seiche.kernels.cpu;

import static dev.seiche.kernels.cpu.ReferenceElementwise.binary;
import static dev.seiche.kernels.cpu.ReferenceElementwise.unary;

import dev.seiche.kernels.cpu.gemm.VectorGemm;
import dev.seiche.kernels.cpu.onednn.OneDnn;
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

/** The table of kernels, one line per op. A later line for the same op replaces the earlier one. */
final class CpuKernels {
    private final Map<Class<? extends Op>, Kernel<?>> table = new HashMap<>();

    private CpuKernels() {}

    /** Plain loops for every op: the oracle, and the fallback of all faster tables. */
    static CpuKernels reference() {
        CpuKernels kernels = new CpuKernels();
        kernels.put(Abs.class, unary(op -> Math::abs));
        kernels.put(Exp.class, unary(op -> Math::exp));
        kernels.put(Log.class, unary(op -> Math::log));
        kernels.put(Log1p.class, unary(op -> Math::log1p));
        kernels.put(Neg.class, unary(op -> x -> -x));
        kernels.put(Relu.class, unary(op -> x -> Math.max(x, 0)));
        kernels.put(Sigmoid.class, unary(op -> Formulas::sigmoid));
        kernels.put(Sign.class, unary(op -> Math::signum));
        kernels.put(Softplus.class, unary(op -> Formulas::softplus));
        kernels.put(Sqrt.class, unary(op -> Math::sqrt));
        kernels.put(Tanh.class, unary(op -> Math::tanh));
        kernels.put(Erf.class, unary(op -> Formulas::erf));
        kernels.put(Clamp.class, unary(op -> x -> Math.min(Math.max(x, op.low()), op.high())));
        kernels.put(LeakyRelu.class, unary(op -> x -> x > 0 ? x : op.slope() * x));
        kernels.put(Pow.class, unary(op -> x -> Math.pow(x, op.exponent())));
        kernels.put(Scale.class, unary(op -> x -> op.factor() * x));
        kernels.put(Shift.class, unary(op -> x -> x + op.offset()));
        kernels.put(Add.class, binary(Double::sum));
        kernels.put(Sub.class, binary((a, b) -> a - b));
        kernels.put(Mul.class, binary((a, b) -> a * b));
        kernels.put(Div.class, binary((a, b) -> a / b));
        kernels.put(Maximum.class, binary(Math::max));
        kernels.put(Minimum.class, binary(Math::min));
        kernels.put(Greater.class, binary((a, b) -> a > b ? 1 : 0));
        kernels.put(GreaterEqual.class, binary((a, b) -> a >= b ? 1 : 0));
        kernels.put(Equal.class, binary((a, b) -> a == b ? 1 : 0));
        kernels.put(AddScaled.class, StridedKernel.elementwise(ReferenceElementwise::addScaled));
        kernels.put(TanhGrad.class, binary((y, dy) -> dy * (1 - y * y)));
        kernels.put(SigmoidGrad.class, binary((y, dy) -> dy * y * (1 - y)));
        kernels.put(Where.class, StridedKernel.elementwise(ReferenceElementwise::where));
        kernels.put(Cast.class, StridedKernel.elementwise(ReferenceElementwise::cast));
        kernels.put(Copy.class, StridedKernel.of(ReferenceElementwise::copy));
        kernels.put(Fill.class, StridedKernel.of(ReferenceElementwise::fill));
        kernels.put(Bernoulli.class, StridedKernel.of(ReferenceElementwise::bernoulli));
        kernels.put(Uniform.class, StridedKernel.of(ReferenceElementwise::uniform));
        kernels.put(Normal.class, StridedKernel.of(ReferenceElementwise::normal));
        kernels.put(Sum.class, StridedKernel.of(ReferenceReductions::sum));
        kernels.put(Max.class, StridedKernel.of(ReferenceReductions::max));
        kernels.put(ArgMax.class, StridedKernel.of(ReferenceReductions::argMax));
        kernels.put(Softmax.class, StridedKernel.of(ReferenceReductions::softmax));
        kernels.put(LogSoftmax.class, StridedKernel.of(ReferenceReductions::logSoftmax));
        kernels.put(SoftmaxGrad.class, StridedKernel.of(ReferenceReductions::softmaxGrad));
        kernels.put(LogSoftmaxGrad.class, StridedKernel.of(ReferenceReductions::logSoftmaxGrad));
        kernels.put(CrossEntropy.class, StridedKernel.of(ReferenceLosses::crossEntropy));
        kernels.put(CrossEntropyGrad.class, StridedKernel.of(ReferenceLosses::crossEntropyGrad));
        kernels.put(Moments.class, StridedKernel.of(ReferenceNorms::moments));
        kernels.put(Standardise.class, StridedKernel.of(ReferenceNorms::standardise));
        kernels.put(StandardiseGrad.class, StridedKernel.of(ReferenceNorms::standardiseGrad));
        kernels.put(Matmul.class, StridedKernel.of(ReferenceProducts::matmul));
        kernels.put(Linear.class, StridedKernel.of(ReferenceProducts::linear));
        kernels.put(Gather.class, StridedKernel.of(ReferenceIndexing::gather));
        kernels.put(ScatterAdd.class, StridedKernel.of(ReferenceIndexing::scatterAdd));
        kernels.put(Pick.class, StridedKernel.of(ReferenceIndexing::pick));
        kernels.put(Unpick.class, StridedKernel.of(ReferenceIndexing::unpick));
        kernels.put(Concat.class, StridedKernel.of(ReferenceIndexing::concat));
        kernels.put(Place.class, StridedKernel.of(ReferenceIndexing::place));
        kernels.put(Conv2d.class, StridedKernel.of(ReferenceConvolution::forward));
        kernels.put(Conv2dInput.class, StridedKernel.of(ReferenceConvolution::input));
        kernels.put(Conv2dWeight.class, StridedKernel.of(ReferenceConvolution::weight));
        kernels.put(MaxPool2d.class, StridedKernel.of(ReferencePooling::max));
        kernels.put(MaxPool2dGather.class, StridedKernel.of(ReferencePooling::maxGather));
        kernels.put(MaxPool2dScatter.class, StridedKernel.of(ReferencePooling::maxScatter));
        kernels.put(AvgPool2d.class, StridedKernel.of(ReferencePooling::average));
        kernels.put(AvgPool2dInput.class, StridedKernel.of(ReferencePooling::averageInput));
        kernels.put(SampleNorms.class, StridedKernel.of(ReferenceSamples::norms));
        kernels.put(SampleGram.class, StridedKernel.of(ReferenceSamples::gram));
        kernels.put(SampleMoments.class, StridedKernel.of(ReferenceSamples::moments));
        kernels.put(SampleSketch.class, StridedKernel.of(ReferenceSamples::sketch));
        return kernels;
    }

    /**
     * Vector kernels for all ops that have one, reference kernels for the rest.
     *
     * @param library for matrix products and convolutions in f32; null leaves them to Java
     */
    static CpuKernels vector(CpuMachine machine, @Nullable OneDnn library) {
        Gemm gemm = Gemm.of(new VectorGemm(machine.pool()), library);
        CpuKernels kernels = reference();
        VectorFormulas.register(machine, kernels);
        VectorMovement movement = new VectorMovement(machine);
        kernels.put(Copy.class, StridedKernel.of(movement::copy));
        kernels.put(Cast.class, movement::cast);
        kernels.put(Fill.class, movement::fill);
        kernels.put(Bernoulli.class, movement::bernoulli);
        kernels.put(Uniform.class, movement::uniform);
        kernels.put(Normal.class, movement::normal);
        kernels.put(Concat.class, StridedKernel.of(movement::concat));
        kernels.put(Place.class, StridedKernel.of(movement::place));
        VectorReductions reductions = new VectorReductions(machine);
        kernels.put(Sum.class, reductions.sum());
        kernels.put(Max.class, reductions.max());
        VectorSoftmax softmax = new VectorSoftmax(machine);
        kernels.put(Softmax.class, softmax::softmax);
        kernels.put(LogSoftmax.class, softmax::logSoftmax);
        kernels.put(SoftmaxGrad.class, softmax::softmaxGrad);
        kernels.put(LogSoftmaxGrad.class, softmax::logSoftmaxGrad);
        VectorLosses losses = new VectorLosses(machine);
        kernels.put(CrossEntropy.class, losses::crossEntropy);
        kernels.put(CrossEntropyGrad.class, losses::crossEntropyGrad);
        VectorNorms norms = new VectorNorms(machine);
        kernels.put(Moments.class, norms::moments);
        kernels.put(Standardise.class, norms::standardise);
        kernels.put(StandardiseGrad.class, norms::standardiseGrad);
        VectorIndexing indexing = new VectorIndexing(machine);
        kernels.put(Gather.class, indexing::gather);
        kernels.put(ScatterAdd.class, indexing::scatterAdd);
        kernels.put(Pick.class, indexing::pick);
        kernels.put(Unpick.class, indexing::unpick);
        VectorProducts products = new VectorProducts(machine, gemm);
        kernels.put(Matmul.class, StridedKernel.of(products::matmul));
        kernels.put(Linear.class, products::linear);
        VectorConvolution convolution = new VectorConvolution(machine, gemm);
        if (library == null) {
            kernels.put(Conv2d.class, convolution::forward);
            kernels.put(Conv2dInput.class, convolution::input);
            kernels.put(Conv2dWeight.class, convolution::weight);
        } else {
            OneDnnConvolution f32 = new OneDnnConvolution(library, convolution);
            kernels.put(Conv2d.class, f32::forward);
            kernels.put(Conv2dInput.class, f32::input);
            kernels.put(Conv2dWeight.class, f32::weight);
        }
        VectorPooling pooling = new VectorPooling(machine);
        kernels.put(MaxPool2d.class, pooling::max);
        kernels.put(MaxPool2dGather.class, pooling::maxGather);
        kernels.put(MaxPool2dScatter.class, pooling::maxScatter);
        kernels.put(AvgPool2d.class, pooling::average);
        kernels.put(AvgPool2dInput.class, pooling::averageInput);
        VectorSamples samples = new VectorSamples(machine, gemm);
        kernels.put(SampleNorms.class, samples::norms);
        kernels.put(SampleGram.class, samples::gram);
        kernels.put(SampleMoments.class, samples::moments);
        kernels.put(SampleSketch.class, samples::sketch);
        return kernels;
    }

    <O extends Op> void put(Class<O> op, Kernel<O> kernel) {
        table.put(op, kernel);
    }

    @SuppressWarnings("unchecked") // put() pairs a class with a kernel of that class only
    <O extends Op> @Nullable Kernel<O> find(O op) {
        return (Kernel<O>) table.get(op.getClass());
    }
}
