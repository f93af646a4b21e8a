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

    /** x and dy of a convolution 3x3 of 512 channels on maps of 4x4: 16 positions, 4608 rows, 512 columns, 256 samples. */
    private static final String SMALL_MAPS = "x, dy[256,4,4,512], w[3,3,512,512]";

    private static final double SAMPLES = 256;
    private static final double PAIRS = SAMPLES * (SAMPLES + 1) / 2;
    private static final double MAPS = 2 * SAMPLES * 16 * 512;
    private static final double WEIGHT = 4608 * 512;

    private static final List<Family> FAMILIES = List.of(
            family("sample_(norms_tiles|norms)_fwd.*", SMALL_MAPS, SAMPLES * 34 * WEIGHT, MAPS),
            family("sample_dots.*", SMALL_MAPS + ", 1 direction", SAMPLES * 34 * WEIGHT, MAPS + WEIGHT),
            family("sample_moments.*", SMALL_MAPS, SAMPLES * 37 * WEIGHT, MAPS + 3 * WEIGHT),
            family("sample_slab.*", SMALL_MAPS + ", 2 tiles", SAMPLES * 32 * 8192, MAPS / 9 + SAMPLES * 8192),
            family("sample_norms_patches.*", SMALL_MAPS, SAMPLES * 512 * 5120, MAPS),
            family("sample_norms_pixels.*", SMALL_MAPS, SAMPLES * (512 * 512 + 256 * 1033), MAPS),
            family("sample_gram_patches.*", SMALL_MAPS, PAIRS * 512 * 5120, MAPS),
            family("sample_gram_pixels.*", SMALL_MAPS, PAIRS * (512 * 512 + 256 * 1033), MAPS),
            family("sample_gram_slab.*", "1024 samples, 4096 elements", N * 4096, 4 * N + N),
            family("sample_gram_fwd.*", SMALL_MAPS, SAMPLES * SAMPLES * 66 * WEIGHT, MAPS),
            family("sample_(gram_)?parts.*", "16 parts of 256 x 256", 16 * 65536, 17 * 65536),
            new Family(
                    Pattern.compile("sample_sketch_(counts|begins|order).*"),
                    "2^20 elements, 1024 buckets",
                    0,
                    0,
                    8 * N),
            family("sample_sketch_(gather|squares).*", "2^20 elements, 1024 buckets, 1 sample", N, 2 * N),
            family("sample_sketch_fwd.*", SMALL_MAPS + ", 1024 buckets", SAMPLES * 34 * WEIGHT, MAPS),
            // x[64,32,32,64] by w[3,3,64,64]: 2 flops for each of 65536 positions, 576 rows, 64 columns
            family("conv2d_weight_parts_fwd.*", "8 parts of dw[3,3,64,64]", 8 * 36864, 9 * 36864),
            family("conv2d.*", "x[64,32,32,64] w[3,3,64,64]", 2.0 * 65536 * 576 * 64, 2.0 * 65536 * 64 + 36864),
            family("matmul.*", "1024x1024x1024", 2.0 * 1024 * N, 3 * N),
            family("softmax_grad.*", "[8192, 128]", 4 * N, 3 * N),
            family("log_softmax_grad.*", "[8192, 128]", 4 * N, 3 * N),
            family("(log_)?softmax.*", "[8192, 128]", 5 * N, 2 * N),
            new Family(Pattern.compile("cross_entropy_fwd.*"), "[8192, 128]", 4 * N, N, 4 * 8192),
            new Family(Pattern.compile("cross_entropy_grad_fwd.*"), "[8192, 128]", 6 * N, 2 * N, 4 * 8192),
            family("multi_tensor_sgd.*", "2^20 in 20 tensors, momentum", 6 * N, 5 * N),
            family("multi_tensor_adam.*", "2^20 in 20 tensors", 14 * N, 7 * N),
            family("multi_tensor_dots.*", "2^20 in 20 tensors", 2 * N, 2 * N),
            // 4 moments in f64 of each part, 4 numbers of the type of each column
            new Family(
                    Pattern.compile("(moments|standardise)_parts_fwd.*"),
                    "64 parts of 128 columns",
                    14 * 8192,
                    4 * 128,
                    32 * 8192),
            family("moments_fwd.*", "[8192, 128]", 6 * N, N),
            family("moments_with_fwd.*", "[8192, 128]", 11 * N, 2 * N),
            family("standardise_fwd_\\w+_v3", "[8192, 128]", 2 * N, 2 * N),
            family("standardise_grad_fwd_\\w+_v3", "[8192, 128]", 5 * N, 3 * N),
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
