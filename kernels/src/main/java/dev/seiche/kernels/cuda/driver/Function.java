package dev.seiche.kernels.cuda.driver;

import jcuda.driver.CUfunction;

/** A kernel that is loaded on a device. Belongs to the context that loaded it. */
public final class Function {
    private final String name;
    private final CUfunction handle;

    Function(String name, CUfunction handle) {
        this.name = name;
        this.handle = handle;
    }

    public String name() {
        return name;
    }

    CUfunction handle() {
        return handle;
    }
}
