// Runs the threads of one block as fibres of one host thread.
#pragma once
#include <csetjmp>
#include <cstdarg>
#include <optional>

#include "async_copies.h"
#include "fibre.h"
#include "launch.h"
#include "shared_memory.h"

namespace seiche {

enum class State : unsigned char { fresh, ready, atBarrier, inWarpCall, finished };

struct Thread : SeicheThread {
    State state = State::fresh;
    int stack = -1;
    Fibre fibre;
    // what it waits for
    const char* file = nullptr;
    int line = 0;
    SeicheBarrier barrier = SEICHE_BARRIER_PLAIN;
    int predicate = 0;
    SeicheWarpCall call = SEICHE_WARP_SYNC;
    unsigned mask = 0;
    unsigned long long value = 0, result = 0;
    int argument = 0, width = 32;
    // how often its warp came together; tells the checker what is ordered
    unsigned warpEpoch = 0;
    AsyncCopies copies;
};

class BlockRunner {
public:
    static constexpr int mostThreads = 1024;
    static constexpr size_t stackBytes = 128 * 1024;

    BlockRunner();

    // Runs a block from its first thread to the end of its last; the fault if one of them did what it must not.
    std::optional<Fault> run(const Launch& launch, uint64_t blockNumber);

    // --- for the thread that runs
    Thread& current() { return *static_cast<Thread*>(seiche_thread); }
    const Launch& launch() const { return *launch_; }
    unsigned epoch() const { return epoch_; }
    SharedMemory& shared() { return shared_; }
    int barrier(SeicheBarrier kind, int predicate, const char* file, int line);
    unsigned long long warpCall(
            SeicheWarpCall call, unsigned mask, unsigned long long value, int argument, int width, const char* file,
            int line);
    // Ends the block with a fault of the current thread.
    [[noreturn]] void stop(Fault fault);
    // True for the threads' own stacks and registers, which no other thread may see.
    bool owns(uint64_t address) const {
        return address - memory_ < memoryBytes_ || address - reinterpret_cast<uint64_t>(this) < sizeof *this;
    }

    // --- for the handler of signals
    sigjmp_buf escape;
    struct {
        int number = 0;
        const void* address = nullptr;
        const void* code = nullptr;
    } signal;
    bool running() const { return seiche_thread != nullptr; }

private:
    static void fibreMain();
    void start(uint64_t blockNumber);
    void goOn(Fibre& from, Thread* to);
    Thread* nextRunnable(unsigned after);
    void releaseBarrier();
    void completeWarpCall(Thread* first, int lanes, unsigned mask);
    int sourceLane(const Thread& thread, int lane) const;
    void waitForOthers(Thread& me);
    void failWaiting();
    void fail(const Thread* thread, std::string what);
    Fault faultOfSignal() const;

    const Launch* launch_ = nullptr;
    uint3 block_{0, 0, 0};
    uint64_t memory_ = 0;
    size_t memoryBytes_ = 0;
    Thread* threads_ = nullptr;
    char* stacks_ = nullptr;
    std::vector<int> freeStacks_;
    int usedStacks_ = 0;
    Fibre main_;
    int count_ = 0, alive_ = 0, atBarrier_ = 0;
    int barrierCount_ = 0;
    unsigned epoch_ = 0;
    bool failed_ = false;
    Fault fault_;
    SharedMemory shared_;
    unsigned long long gathered_[mostThreads / 32][2][32];
    unsigned gathers_[mostThreads / 32];
};

// The one that runs on this host thread, or null.
extern __thread BlockRunner* blockRunner __attribute__((tls_model("initial-exec")));

}  // namespace seiche
