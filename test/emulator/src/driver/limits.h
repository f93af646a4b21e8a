#pragma once
#include <cstddef>

namespace seiche {

// What a device of compute capability 8.0 allows.
struct Limits {
    static constexpr int major = 8, minor = 0;
    static constexpr unsigned threadsPerBlock = 1024;
    static constexpr unsigned blockZ = 64;
    static constexpr unsigned gridX = 2147483647;
    static constexpr unsigned gridYZ = 65535;
    static constexpr size_t sharedPerBlock = 48 * 1024;
    static constexpr size_t sharedPerBlockOptIn = 163 * 1024;
};

}  // namespace seiche
