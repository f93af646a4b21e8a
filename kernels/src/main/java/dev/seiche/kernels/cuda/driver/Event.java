package dev.seiche.kernels.cuda.driver;

import jcuda.driver.CUevent;

/** A mark in the stream. Belongs to the context that made it. */
public final class Event {
    private final CUevent handle;

    Event(CUevent handle) {
        this.handle = handle;
    }

    CUevent handle() {
        return handle;
    }
}
