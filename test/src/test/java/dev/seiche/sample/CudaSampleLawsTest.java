package dev.seiche.sample;

import net.jqwik.api.PropertyDefaults;

/** The laws on the CUDA kernels: answers are composed of ops alone, so what holds on one device has to hold on the other. */
@PropertyDefaults(tries = 1)
class CudaSampleLawsTest extends SampleLaws {
    @Override
    SampleDevice device() {
        return SampleDevice.EMULATED;
    }
}
