package dev.seiche.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of all kernels as it is shipped, and which file each kernel stands in.
 *
 * @param programs text of each {@code .cu} by file name
 * @param headers text of each {@code .cuh} by file name
 * @param kernels file name of each kernel, by the kernel's name
 */
public record KernelSources(Map<String, String> programs, Map<String, String> headers, Map<String, String> kernels) {
    private static final List<String> PROGRAMS = List.of(
            "conv.cu",
            "conv_gemm.cu",
            "elementwise.cu",
            "indexing.cu",
            "loss.cu",
            "matmul.cu",
            "matmul_tf32.cu",
            "movement.cu",
            "multi_tensor.cu",
            "norm.cu",
            "norm_columns.cu",
            "pool.cu",
            "reduce.cu",
            "sample_dots.cu",
            "sample_moments.cu",
            "sample_norms.cu",
            "sample_products.cu",
            "sample_sketch.cu",
            "sample_slab.cu",
            "softmax.cu");
    private static final List<String> HEADERS = List.of(
            "box_muller.cuh",
            "conv.cuh",
            "device.cuh",
            "expressions.cuh",
            "matmul.cuh",
            "norm.cuh",
            "sample.cuh",
            "sample_gradients.cuh",
            "tile.cuh");

    private static final Pattern KERNEL = Pattern.compile(
            "extern\\s+\"C\"\\s+__global__\\s+(?:__launch_bounds__\\([^)]*\\)\\s+)?void\\s+(\\w+)\\s*\\(");

    /** Reads the sources from the class path. */
    public static KernelSources read() {
        Map<String, String> programs = new LinkedHashMap<>();
        Map<String, String> kernels = new LinkedHashMap<>();
        for (String file : PROGRAMS) {
            String text = text(file);
            programs.put(file, text);
            Matcher matcher = KERNEL.matcher(text);
            while (matcher.find()) {
                String before = kernels.put(matcher.group(1), file);
                if (before != null) {
                    throw new IllegalStateException(
                            "kernel " + matcher.group(1) + " stands in " + before + " and again in " + file);
                }
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        HEADERS.forEach(file -> headers.put(file, text(file)));
        return new KernelSources(Map.copyOf(programs), Map.copyOf(headers), Map.copyOf(kernels));
    }

    private static String text(String file) {
        try (InputStream in = KernelSources.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("cuda: no resource " + file + " beside " + KernelSources.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
