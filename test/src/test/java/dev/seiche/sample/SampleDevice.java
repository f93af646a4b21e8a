package dev.seiche.sample;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Scope;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.Testbed;
import java.util.function.Consumer;

/** What the laws of sample gradients are checked on. */
enum SampleDevice {
    CPU,
    EMULATED;

    private Backend open() {
        return this == CPU ? CpuBackend.open(CpuOptions.defaults()) : CudaBackend.open(EmulatedDevice.options());
    }

    /** Runs a body on it; throws if memory is live after that. */
    void run(Consumer<Scope> body) {
        Testbed.run(this::open, body);
    }
}
