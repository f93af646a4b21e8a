package dev.seiche.emulator;

import static dev.seiche.emulator.Gpu.argument;
import static dev.seiche.emulator.Gpu.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.seiche.emulator.Gpu.CudaError;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jcuda.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One mistake in each kernel of planted.cu: the message names the kernel, what is wrong, and the line. */
class PlantedKernelBugsTest {
    private static final List<String> LINES = Gpu.source("planted.cu").lines().toList();

    private static String line(String kernel) {
        int index = IntStream.range(0, LINES.size())
                .filter(i -> LINES.get(i).endsWith("// BUG " + kernel))
                .findFirst()
                .orElseThrow();
        return "planted.cu:" + (index + 1);
    }

    private static float[] ones(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 1);
        return values;
    }

    private static String fault(EmulatedMode device, String kernel) {
        try (Gpu gpu = new Gpu(device)) {
            Pointer ones = Pointer.to(gpu.floats(ones(256)));
            Pointer never = Pointer.to(gpu.allocate(4 * 64));
            Pointer[] arguments = switch (kernel) {
                case "off_by_one" -> new Pointer[] {argument(256), ones};
                case "wrong_stride" -> new Pointer[] {argument(64), argument(4), ones, never};
                case "uninitialised_global" -> new Pointer[] {never, ones};
                case "signed_overflow" -> new Pointer[] {argument(1 << 30), ones};
                case "division_by_zero" -> new Pointer[] {argument(0), ones};
                case "missing_wait" -> new Pointer[] {ones, never};
                case "null_pointer" -> new Pointer[] {argument(0L)};
                case "wild_pointer" -> new Pointer[] {ones, argument(1L << 40)};
                case "counted_without_atomics" -> new Pointer[] {Pointer.to(gpu.ints(0))};
                default -> new Pointer[] {ones};
            };
            int blocks = switch (kernel) {
                case "off_by_one" -> 5;
                case "cross_block_write" -> 2;
                default -> 1;
            };
            int threads = kernel.equals("missing_wait") ? 32 : 64;
            int shared = kernel.equals("dynamic_overrun") ? 4 * 64 : 0;
            gpu.launch(
                    function(gpu.module("planted.cu"), kernel), new int[] {blocks, 1, threads, 1}, shared, arguments);
            CudaError error = catchThrowableOfType(CudaError.class, gpu::synchronise);
            assertThat(error).describedAs("%s on %s", kernel, device).isNotNull();
            return error.text;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "missing_barrier, race: write of 4 bytes",
        "missing_first_barrier, 'before anybody wrote it; if another thread was to write it, a barrier is missing'",
        "missing_second_barrier, race",
        "off_by_one, out of bounds: write of 4 bytes at byte 1024",
        "wrong_stride, out of bounds: read of 4 bytes",
        "uninitialised_shared, 'uninitialised: read of 4 bytes at byte 252 of shared array s'",
        "uninitialised_global, uninitialised",
        "divergent_barrier, barrier divergence: 40 of 64 threads",
        "two_barriers, barrier divergence: another thread of the block waits at line",
        "misaligned_float4, misaligned:",
        "cross_block_write, race: write of 4 bytes",
        "shared_overrun, out of bounds: index 64 into an array",
        "dynamic_overrun, out of bounds: write of 4 bytes at byte 256 of shared array d",
        "local_overrun, out of bounds: index 4",
        "signed_overflow, overflow: signed multiplication",
        "division_by_zero, integer division by zero",
        "wrong_mask, waits for ever for the other lanes of its mask",
        "missing_wait, uninitialised",
        "null_pointer, null pointer",
        "wild_pointer, belongs to no allocation",
        "counted_without_atomics, race",
        "last_writer, race: write of 4 bytes",
    })
    void aCheckedDeviceNamesTheKernelAndTheLine(String kernel, String what) {
        assertThat(fault(EmulatedMode.CHECKED, kernel))
                .startsWith("kernel " + kernel + ", block (")
                .contains(what)
                .contains(line(kernel));
        assertThat(fault(EmulatedMode.CHECKED_REVERSE, kernel))
                .startsWith("kernel " + kernel + ", block (")
                .contains(line(kernel));
    }

    @ParameterizedTest
    @CsvSource({
        "off_by_one, somebody wrote at byte 1024 of allocation 1",
        "divergent_barrier, barrier divergence: 40 of 64 threads",
        "two_barriers, barrier divergence",
        "shared_overrun, 'wrote at byte 256 of shared array s, which has 256'",
        "dynamic_overrun, 'wrote at byte 256 of shared array d, which has 256'",
        "division_by_zero, integer division by zero",
        "wrong_mask, waits for ever for the other lanes of its mask",
        "null_pointer, invalid or misaligned access",
        "wild_pointer, invalid or misaligned access",
    })
    void aFastDeviceSeesWhatItsHostSeesOrWhatIsLeftBehind(String kernel, String what) {
        assertThat(fault(EmulatedMode.FAST, kernel))
                .contains("kernel " + kernel)
                .contains(what);
    }

    @ParameterizedTest
    @EnumSource
    void aStackThatIsTooSmallIsAFaultAndNotTheEndOfTheJvm(EmulatedMode device) {
        assertThat(fault(device, "endless_stack"))
                .contains("kernel endless_stack")
                .contains("stack overflow: a thread has 131072 bytes");
    }
}
