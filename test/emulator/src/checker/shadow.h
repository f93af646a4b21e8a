#pragma once
#include <cstdint>
#include <vector>

namespace seiche {

enum class Access { read, write, atomicRead, atomicWrite };

// Who made an access, and when: barriers of the block and of the warp put accesses in order.
struct Actor {
    uint32_t block = 0;
    uint32_t epoch = 0;
    uint32_t warpEpoch = 0;
    uint16_t thread = 0;
    uint8_t bytes = 0;  // which of the cell's four, one bit each; 0: nobody
    bool atomic = false;
    const void* code = nullptr;
};

// What is known about four bytes.
struct Cell {
    uint32_t launch = 0;      // the launch that the actors belong to
    uint8_t initialised = 0;  // one bit a byte; outlives launches
    Actor writer;
    Actor readers[2];  // the last ones of different threads
};

struct Shadow {
    explicit Shadow(size_t bytes) : cells((bytes + 3) / 4) {}
    std::vector<Cell> cells;
};

}  // namespace seiche
