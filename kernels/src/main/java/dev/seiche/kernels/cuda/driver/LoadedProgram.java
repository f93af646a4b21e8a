package dev.seiche.kernels.cuda.driver;

import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** A compiled program on a device. Belongs to the context that loaded it. */
public final class LoadedProgram {
    private final GpuContext context;
    private final String name;
    private final CUmodule module;

    LoadedProgram(GpuContext context, String name, CUmodule module) {
        this.context = context;
        this.name = name;
        this.module = module;
    }

    /**
     * A kernel of the program.
     *
     * @throws CudaException when it has none of this name
     */
    public Function function(String kernel) {
        context.enter(); // several contexts may share the thread
        CUfunction function = new CUfunction();
        Status.check(
                JCudaDriver.cuModuleGetFunction(function, module, kernel),
                "looking for kernel " + kernel + " in " + name);
        return new Function(kernel, function);
    }

    CUmodule module() {
        return module;
    }
}
