package dev.seiche.sample;

import net.jqwik.api.PropertyDefaults;

/** The laws on the CPU. */
@PropertyDefaults(tries = 4)
class SampleLawsTest extends SampleLaws {
    @Override
    SampleDevice device() {
        return SampleDevice.CPU;
    }
}
