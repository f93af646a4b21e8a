package dev.seiche.kernels.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import org.jspecify.annotations.Nullable;

/** CUDA's compiler at run time. Needs no device. */
public final class Nvrtc {
    private final String version;
    private final int newest;

    private Nvrtc(String device) {
        int[] major = {0};
        int[] minor = {0};
        check(JNvrtc.nvrtcVersion(major, minor), device + ": nvrtcVersion");
        int[] count = {0};
        check(JNvrtc.nvrtcGetNumSupportedArchs(count), device + ": nvrtcGetNumSupportedArchs");
        int[] archs = new int[count[0]];
        check(JNvrtc.nvrtcGetSupportedArchs(archs), device + ": nvrtcGetSupportedArchs");
        this.version = major[0] + "." + minor[0];
        this.newest = IntStream.of(archs).max().orElseThrow();
    }

    /**
     * Loads the compiler.
     *
     * @param device who asks, for the error
     * @param folder that holds it, or null for the installed one
     * @throws CudaUnavailableException when it is not there
     */
    public static Nvrtc open(String device, @Nullable Path folder) {
        new Libraries(device, folder).requireNvrtc();
        return new Nvrtc(device);
    }

    /** {@code 12.6}. */
    public String version() {
        return version;
    }

    /**
     * What to compile for a device of this capability: machine code ({@code sm_80}), or for a device newer than the
     * compiler the newest intermediate code ({@code compute_90}), which the driver finishes.
     */
    public String architecture(int capability) {
        return capability <= newest ? "sm_" + capability : "compute_" + newest;
    }

    /**
     * Compiled code and what the compiler said.
     *
     * @param image machine code, or intermediate text that ends with a zero
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Compiled(byte[] image, String log) {}

    /**
     * Compiles one program.
     *
     * @param name as errors of the compiler call it
     * @param headers text by the name that {@code #include} uses
     * @param architecture see {@link #architecture}
     * @throws CudaException with the compiler's log when it does not compile
     */
    public Compiled compile(
            String name, String source, Map<String, String> headers, String architecture, List<String> options) {
        String[] names = headers.keySet().toArray(String[]::new);
        String[] texts = headers.values().toArray(String[]::new);
        nvrtcProgram program = new nvrtcProgram();
        check(JNvrtc.nvrtcCreateProgram(program, source, name, names.length, texts, names), name + ": creating it");
        try {
            String[] all = Stream.concat(Stream.of("--gpu-architecture=" + architecture), options.stream())
                    .toArray(String[]::new);
            int status = JNvrtc.nvrtcCompileProgram(program, all.length, all);
            String[] log = {""};
            check(JNvrtc.nvrtcGetProgramLog(program, log), name + ": reading the compiler's log");
            if (status != 0) {
                throw new CudaException(
                        name + " does not compile for " + architecture + ": " + JNvrtc.nvrtcGetErrorString(status)
                                + "\n" + log[0].strip(),
                        status);
            }
            return new Compiled(
                    architecture.startsWith("sm_") ? machineCode(program, name) : text(program, name), log[0].strip());
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static byte[] machineCode(nvrtcProgram program, String name) {
        long[] size = {0};
        check(JNvrtc.nvrtcGetCUBINSize(program, size), name + ": reading its machine code");
        byte[] image = new byte[Math.toIntExact(size[0])];
        check(JNvrtc.nvrtcGetCUBIN(program, image), name + ": reading its machine code");
        return image;
    }

    private static byte[] text(nvrtcProgram program, String name) {
        String[] text = {""};
        check(JNvrtc.nvrtcGetPTX(program, text), name + ": reading its intermediate code");
        return (text[0] + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static void check(int status, String what) {
        if (status != 0) {
            throw new CudaException(what + " failed: " + JNvrtc.nvrtcGetErrorString(status), status);
        }
    }
}
