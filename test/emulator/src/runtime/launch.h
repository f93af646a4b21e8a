// One launch of a kernel, and what may go wrong in it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "../device/thread.h"

namespace seiche {

class Checker;

struct Launch {
    std::string kernel;
    const SeicheKernel* entry = nullptr;
    dim3 grid, block;
    size_t dynamicShared = 0;
    size_t mostShared = 48 * 1024;  // static and dynamic together
    bool reverse = false;           // the order of blocks and threads
    Checker* checker = nullptr;     // in checked mode
    std::vector<std::vector<char>> argumentValues;
    std::vector<void*> arguments;

    unsigned threadsPerBlock() const { return block.x * block.y * block.z; }
    uint64_t blocks() const { return (uint64_t)grid.x * grid.y * grid.z; }
    uint3 blockAt(uint64_t i) const {
        if (reverse) i = blocks() - 1 - i;
        return {(unsigned)(i % grid.x), (unsigned)(i / grid.x % grid.y), (unsigned)(i / grid.x / grid.y)};
    }
};

// The first thing that went wrong in a launch.
struct Fault {
    std::string what;
    uint3 block{0, 0, 0};
    uint3 thread{0, 0, 0};
    bool ofThread = true;            // else of the block as a whole
    const void* address = nullptr;   // of the machine code at fault, to find the line by
    std::string line;                // or the line itself
    const void* otherAddress = nullptr;  // of the access that it collides with
    std::string other;               // in words, in front of that line

    std::string text(const std::string& kernel) const;
};

}  // namespace seiche
