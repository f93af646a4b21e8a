package dev.seiche.kernels.cuda.driver;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** Addresses of JCuda's pointers as numbers, and back. */
final class Address {
    private Address() {}

    /** Receives an allocation on the device. */
    static final class Device extends CUdeviceptr {
        long value() {
            return getNativePointer();
        }
    }

    /** Receives an allocation on the host. */
    static final class Host extends Pointer {
        long value() {
            return getNativePointer();
        }
    }

    static CUdeviceptr device(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }
}
