package dev.seiche.kernels.cuda;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How much a kernel does on an example size: floating operations, and the bytes that have to cross memory when each
 * operand is read once and each result written once.
 *
 * @param size the example
 */
record KernelWork(String size, double flops, double bytes) {
    private static final double N = 1 << 20;

    /** One family: kernels by their names, and for elements of {@code e} bytes the work of the example. */
    private record Family(Pattern names, String size, double flops, double elements, double idBytes) {}

    private static final List<Family> FAMILIES = List.of(
            // x[64,32,32,64] by w[3,3,64,64]: 2 flops for each of 65536 positions, 576 rows, 64 columns
            family("conv2d_weight_parts_fwd.*", "8 parts of dw[3,3,64,64]", 8 * 36864, 9 * 36864),
            family("conv2d.*", "x[64,32,32,64] w[3,3,64,64]", 2.0 * 65536 * 576 * 64, 2.0 * 65536 * 64 + 36864),
            family("matmul.*", "1024x1024x1024", 2.0 * 1024 * N, 3 * N),
            family("(log_)?softmax.*", "[8192, 128]", 5 * N, 2 * N),
            new Family(Pattern.compile("cross_entropy_fwd.*"), "[8192, 128]", 4 * N, N, 4 * 8192),
            new Family(Pattern.compile("cross_entropy_grad_fwd.*"), "[8192, 128]", 6 * N, 2 * N, 4 * 8192),
            family("multi_tensor_sgd.*", "2^20 in 20 tensors, momentum", 6 * N, 5 * N),
            family("multi_tensor_adam.*", "2^20 in 20 tensors", 14 * N, 7 * N),
            family("multi_tensor_dots.*", "2^20 in 20 tensors", 2 * N, 2 * N),
            family("standardise_fwd.*", "[8192, 128]", 8 * N, 2 * N),
            family("standardise_grad_fwd.*", "[8192, 128]", 15 * N, 3 * N),
            family("sum_parts.*", "64 parts of 16384", N, N),
            family("(sum|max)_fwd.*", "[8192, 128]", N, N),
            family("arg_max.*", "[8192, 128]", N, N),
            family("max_pool2d_scatter.*", "x[64,32,32,16], window 2, stride 2", 4.0 * N, 2.25 * N),
            family("max_pool2d_gather.*", "x[64,32,32,16], window 2, stride 2", N, 2.25 * N),
            family("(max|avg)_pool2d.*", "x[64,32,32,16], window 2, stride 2", N, 1.25 * N),
            new Family(Pattern.compile("gather_fwd.*"), "16384 rows of 64", 0, 2 * N, 4 * 16384),
            new Family(Pattern.compile("scatter_add_chains.*"), "16384 ids", 0, 0, 12 * 16384),
            new Family(Pattern.compile("scatter_add_fwd.*"), "16384 rows of 64", N, 2 * N, 4 * 16384),
            new Family(Pattern.compile("(un)?pick_fwd.*"), "[8192, 128]", 0, N, 4 * 8192),
            family("(fill|bernoulli|uniform)_fwd.*", "2^20", 0, N),
            // a logarithm, a sine and a cosine of 13, 10 and 10 terms for two elements
            family("normal_fwd.*", "2^20", 45 * N, N),
            family("(copy|cast)_fwd.*", "2^20", 0, 2 * N),
            family("where_fwd.*", "2^20", 0, 4 * N),
            family("(add|sub|mul|div|maximum|minimum|greater|greater_equal|equal)_fwd.*", "2^20", N, 3 * N),
            family("\\w+_fwd_f\\d+_v1", "2^20", N, 2 * N));

    private static Family family(String names, String size, double flops, double elements) {
        return new Family(Pattern.compile(names), size, flops, elements, 0);
    }

    /** @throws AssertionError for a kernel that no line is written for */
    static KernelWork of(String kernel) {
        for (Family family : FAMILIES) {
            if (family.names.matcher(kernel).matches()) {
                int bytes = kernel.contains("f64") ? 8 : 4;
                return new KernelWork(family.size, family.flops, family.elements * bytes + family.idBytes);
            }
        }
        throw new AssertionError("KernelWork has no line for " + kernel);
    }

    /** Floating operations a byte. */
    String intensity() {
        return String.format(Locale.ROOT, "%.2f", flops / bytes);
    }
}
