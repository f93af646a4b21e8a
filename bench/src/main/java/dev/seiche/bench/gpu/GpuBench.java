package dev.seiche.bench.gpu;

import dev.seiche.bench.Machine;
import dev.seiche.bench.Rows;
import dev.seiche.bench.gpu.GpuTask.Library;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.kernels.cuda.CudaTimer;
import dev.seiche.kernels.cuda.driver.CudaUnavailableException;
import dev.seiche.kernels.cuda.driver.Gpu;
import dev.seiche.kernels.cuda.driver.Peak;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.EmulatedDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Holds ours and NVIDIA's answers to the CPU's in f64, then times them, and prints and stores the table. */
@Command(
        name = "bench/gpu",
        description = "Checks Seiche's CUDA kernels on a device and times them beside cuBLAS and cuDNN.",
        mixinStandardHelpOptions = true)
final class GpuBench implements Callable<Integer> {
    private static final int WARM_UP = 3;
    private static final int MOST_RUNS = 50;
    private static final int FEWEST_RUNS = 5;
    private static final double MOST_MILLISECONDS = 1000;

    /** What overwriting takes a fast GPU some 100 microseconds, in which the host asks for the work that is timed. */
    private static final long FLUSH_BYTES = 256L << 20;

    private static final int EMULATED_SHRINK = 64;

    @Parameters(paramLabel = "NAME", description = "Tasks whose names begin like this; default: all.")
    private List<String> names = List.of();

    @Option(
            names = "--device",
            description = "cuda:0 (default), cuda:1, ..., or emulated: answers only, of small sizes, no times.")
    private String device = "cuda:0";

    @Option(names = "--out", description = "The file of results; default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("bench", "target", "gpu", "results.json");

    @Option(names = "--describe", description = "Says what the device is, or why it cannot be used, and ends.")
    private boolean describe;

    @Option(names = "--tested", description = "What tests before said, to be stored with the results.")
    private String tested = "";

    private final Map<CudaOptions, CudaBackend> backends = new LinkedHashMap<>();

    /** Entry of {@code bench/gpu}. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Exit codes: 0 done, 1 an answer is wrong, 2 the device cannot be used or the command is not understood. */
    static int run(String... args) {
        return new CommandLine(new GpuBench()).execute(args);
    }

    @Override
    public Integer call() throws IOException {
        try {
            CudaOptions options = options();
            // NVIDIA's libraries are needed too: better refused now than after minutes
            Gpu gpu = open(GpuTask.theirs(options)).gpu();
            System.out.println(gpu + "; host " + Machine.describe());
            return describe ? CommandLine.ExitCode.OK : measure(gpu, options);
        } catch (CudaUnavailableException e) {
            // the hint to use another device is for studies
            System.err.println("bench/gpu: " + e.getMessage().replace("; use --device cpu", ""));
            return CommandLine.ExitCode.USAGE;
        } catch (TestAbortedException e) {
            System.err.println("bench/gpu: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } finally {
            backends.values().forEach(CudaBackend::close);
        }
    }

    private CudaOptions options() {
        try {
            return EmulatedDevice.options(device);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(new CommandLine(this), e.getMessage(), e);
        }
    }

    private int measure(Gpu gpu, CudaOptions options) throws IOException {
        Peak peak = Peak.of(gpu);
        boolean timed = options.libraries() == null;
        List<GpuResult> results = new ArrayList<>();
        try (CpuBackend cpu = CpuBackend.open()) {
            for (GpuTask task : GpuCatalogue.tasks(timed ? 1 : EMULATED_SHRINK)) {
                if (names.isEmpty() || names.stream().anyMatch(task.name()::startsWith)) {
                    if (task.tf32() != 0 && gpu.capability() < 80) {
                        System.out.println(task.title() + ": left out, tensor cores of capability 8.0 are needed");
                        continue;
                    }
                    results.add(result(task, options, cpu, timed, peak));
                }
            }
        }
        if (results.isEmpty()) {
            throw new CommandLine.ParameterException(new CommandLine(this), "no task begins with one of " + names);
        }
        System.out.println();
        System.out.print(table(results, timed, peak));
        System.out.println();
        store(gpu, timed, peak, results);
        List<String> wrong = results.stream()
                .filter(r -> !r.agrees())
                .map(r -> r.task().title())
                .toList();
        if (!wrong.isEmpty()) {
            System.err.println("bench/gpu: WRONG ANSWERS: " + String.join("; ", wrong));
            return CommandLine.ExitCode.SOFTWARE;
        }
        System.out.printf("%d answers agree with the CPU's in f64%n", results.size());
        if (!timed) {
            System.out.println("an emulated device was checked; its times say nothing about a GPU and are not shown");
        }
        return CommandLine.ExitCode.OK;
    }

    private GpuResult result(GpuTask task, CudaOptions options, CpuBackend cpu, boolean timed, Peak peak) {
        double[] right;
        try (Scope scope = Scope.root(cpu, "bench")) {
            List<Tensor> in = task.work().tensors(scope, DType.F64);
            right = scope.ops().apply(task.work().op(), in).toDoubles();
        }
        long flush = timed ? Math.max(FLUSH_BYTES, 4 * peak.cacheBytes()) : 1;
        Answer ours = answer(open(task.own(options)), task, timed, flush);
        double distance = task.distance(ours.values, right, task.rounding());
        if (task.library() == Library.NONE) {
            return new GpuResult(task, distance, Double.NaN, ours.timing, null);
        }
        CudaBackend library = open(GpuTask.theirs(options));
        Answer theirs = answer(library, task, timed, flush);
        if (library.launched().keySet().stream().anyMatch(kernel -> !kernel.startsWith("copy_"))) {
            throw new AssertionError(task.title() + " was left to our own kernels: " + library.launched());
        }
        double rounding = task.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
        return new GpuResult(task, distance, task.distance(theirs.values, right, rounding), ours.timing, theirs.timing);
    }

    private CudaBackend open(CudaOptions options) {
        return backends.computeIfAbsent(options, CudaBackend::open);
    }

    private record Answer(double[] values, @Nullable DeviceTiming timing) {}

    private static Answer answer(CudaBackend backend, GpuTask task, boolean timed, long flushBytes) {
        try (Scope scope = Scope.root(backend, "bench");
                CudaTimer timer = CudaTimer.of(backend, flushBytes)) {
            List<Tensor> in = task.work().tensors(scope, task.dtype());
            Tensor out = scope.allocate(task.work().op().infer(in));
            Runnable once = () -> scope.ops().applyInto(task.work().op(), in, out);
            timer.milliseconds(once); // on any device, so that all of this is exercised
            return new Answer(out.toDoubles(), timed ? time(timer, once) : null);
        }
    }

    private static DeviceTiming time(CudaTimer timer, Runnable once) {
        for (int i = 0; i < WARM_UP; i++) {
            timer.milliseconds(once);
        }
        List<Double> times = new ArrayList<>();
        double sum = 0;
        while (times.size() < FEWEST_RUNS || (times.size() < MOST_RUNS && sum < MOST_MILLISECONDS)) {
            double each = timer.milliseconds(once);
            times.add(each);
            sum += each;
        }
        return new DeviceTiming(times.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Rows table(List<GpuResult> results, boolean timed, Peak peak) {
        Rows rows = timed
                ? new Rows("work", "Seiche, ms", "cuBLAS or cuDNN, ms", "theirs / ours", "Gflop/s", "GB/s", "of peak")
                : new Rows("work", "Seiche, error / tolerance", "cuBLAS or cuDNN, error / tolerance");
        for (GpuResult result : results) {
            String title = result.task().title();
            DeviceTiming ours = result.ours();
            if (ours == null) {
                rows.add(title, number("%.3f", result.distance()), number("%.3f", result.theirDistance()));
                continue;
            }
            double theirs =
                    result.theirs() == null ? Double.NaN : result.theirs().median();
            rows.add(
                    title,
                    number("%.4f", ours.median()),
                    number("%.4f", theirs),
                    number("%.2f", theirs / ours.median()),
                    number("%.0f", result.task().flops() / ours.median() / 1e6),
                    number("%.0f", result.task().bytes() / ours.median() / 1e6),
                    result.ofPeak(peak));
        }
        return rows;
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private void store(Gpu gpu, boolean timed, Peak peak, List<GpuResult> results) throws IOException {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("device", gpu.toString());
        about.put("host", Machine.describe());
        about.put("tested", tested);
        about.put("timed", timed);
        about.put("peak", peak);
        about.put("results", results.stream().map(r -> r.json(peak)).toList());
        ObjectMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        mapper.writeValue(out.toFile(), about);
        System.out.println("stored in " + out);
    }
}
