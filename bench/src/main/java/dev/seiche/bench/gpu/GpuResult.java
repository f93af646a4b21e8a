package dev.seiche.bench.gpu;

import dev.seiche.kernels.cuda.driver.Peak;
import dev.seiche.tensor.DType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one task.
 *
 * @param distance of our answer from the CPU's in f64: see {@link GpuTask#distance}
 * @param theirDistance of the library's, NaN without one
 * @param ours null where nothing was timed
 * @param theirs null where nothing was timed, or there is no library for it
 */
record GpuResult(
        GpuTask task,
        double distance,
        double theirDistance,
        @Nullable DeviceTiming ours,
        @Nullable DeviceTiming theirs) {
    /** True when all answers are right. */
    boolean agrees() {
        return distance <= 1 && !(theirDistance > 1);
    }

    /** The part of the time, in percent, that the device needs at its peak, and what bounds it; empty where not known. */
    String ofPeak(Peak peak) {
        if (ours == null || peak.bytes() == 0) {
            return "";
        }
        double flops = task.dtype() == DType.F64 ? peak.f64() : task.tf32() != 0 ? peak.tf32() : peak.f32();
        if (flops == 0) {
            return "";
        }
        // three passes do the work three times
        double computing = task.flops() * Math.max(1, task.tf32()) / flops;
        double moving = task.bytes() / peak.bytes();
        String bound = computing < moving
                ? "memory"
                : task.tf32() != 0 ? "tensor cores" : task.dtype().toString();
        return String.format(Locale.ROOT, "%.0f%% of %s", 100e3 * Math.max(computing, moving) / ours.median(), bound);
    }

    /** For the file of results. */
    Map<String, Object> json(Peak peak) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("task", task.name());
        row.put("dtype", task.dtype().toString());
        row.put("flops", task.flops());
        row.put("bytes", task.bytes());
        row.put("distance_of_tolerance", distance);
        if (!Double.isNaN(theirDistance)) {
            row.put("library", task.library().toString().toLowerCase(Locale.ROOT));
            row.put("library_distance_of_tolerance", theirDistance);
        }
        put(row, "", ours);
        put(row, "library_", theirs);
        if (ours != null) {
            row.put("gflops", task.flops() / ours.median() / 1e6);
            row.put("gbytes_per_second", task.bytes() / ours.median() / 1e6);
            row.put("of_peak", ofPeak(peak));
        }
        return row;
    }

    private static void put(Map<String, Object> row, String prefix, @Nullable DeviceTiming timing) {
        if (timing != null) {
            row.put(prefix + "median_ms", timing.median());
            row.put(prefix + "best_ms", timing.best());
            row.put(prefix + "p90_ms", timing.quantile(0.9));
            row.put(prefix + "runs", timing.runs());
        }
    }
}
