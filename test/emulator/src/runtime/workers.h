#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "block.h"

namespace seiche {

// The host threads that kernels run on. Not the caller's: a JVM's threads have stacks and signals of their own kind.
class Workers {
public:
    static Workers& all();

    // Runs all blocks of a launch, those of a checked one by one, and returns the first fault.
    std::optional<Fault> run(const Launch& launch);

private:
    Workers();
    void work(int number);
    void runBlocks(BlockRunner& runner);

    const int count_;
    std::mutex oneLaunch_;
    std::mutex mutex_;
    std::condition_variable start_, done_;
    const Launch* launch_ = nullptr;
    std::atomic<uint64_t> nextBlock_{0};
    std::atomic<bool> failed_{false};
    uint64_t generation_ = 0;
    int wanted_ = 0, busy_ = 0;
    std::optional<Fault> fault_;
};

}  // namespace seiche
