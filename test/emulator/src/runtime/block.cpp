#include "block.h"

#include <sys/mman.h>

#include <csignal>
#include <cstdio>
#include <new>
#include <stdexcept>

#include "../checker/checker.h"

extern "C" {
__attribute__((visibility("default"), tls_model("initial-exec"))) __thread SeicheThread* seiche_thread = nullptr;
}

namespace seiche {

__thread BlockRunner* blockRunner __attribute__((tls_model("initial-exec"))) = nullptr;

static constexpr size_t page = 4096;

BlockRunner::BlockRunner() {
    const size_t threadBytes = (sizeof(Thread) * mostThreads + page - 1) / page * page;
    memoryBytes_ = threadBytes + stackBytes * mostThreads;
    void* memory = mmap(nullptr, memoryBytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    memory_ = reinterpret_cast<uint64_t>(memory);
    threads_ = static_cast<Thread*>(memory);
    for (int i = 0; i < mostThreads; i++) new (&threads_[i]) Thread();
    stacks_ = static_cast<char*>(memory) + threadBytes;
    // A stack that grows too far meets a page that may not be touched.
    for (int i = 0; i < mostThreads; i++) mprotect(stacks_ + (size_t)i * stackBytes, page, PROT_NONE);
}

void BlockRunner::start(uint64_t blockNumber) {
    const dim3 size = launch_->block;
    block_ = launch_->blockAt(blockNumber);
    count_ = alive_ = (int)launch_->threadsPerBlock();
    atBarrier_ = barrierCount_ = 0;
    epoch_ = 0;
    usedStacks_ = 0;
    freeStacks_.clear();
    failed_ = false;
    fault_ = Fault();
    for (int w = 0; w * 32 < count_; w++) gathers_[w] = 0;
    unsigned i = 0;
    for (unsigned z = 0; z < size.z; z++) {
        for (unsigned y = 0; y < size.y; y++) {
            for (unsigned x = 0; x < size.x; x++, i++) {
                Thread& t = threads_[i];
                t.thread = {x, y, z};
                t.block = block_;
                t.blockSize = size;
                t.gridSize = launch_->grid;
                t.index = i;
                t.state = State::fresh;
                t.warpEpoch = 0;
                t.copies.clear();
            }
        }
    }
    shared_.startBlock(launch_->dynamicShared, launch_->mostShared);
    if (launch_->checker != nullptr) launch_->checker->startBlock();
}

std::optional<Fault> BlockRunner::run(const Launch& launch, uint64_t blockNumber) {
    launch_ = &launch;
    start(blockNumber);
    if (sigsetjmp(escape, 1) == 0) {
        goOn(main_, &threads_[launch.reverse ? count_ - 1 : 0]);
    } else {
        failed_ = true;
        fault_ = faultOfSignal();
    }
    seiche_thread = nullptr;
    if (!failed_ && alive_ > 0) failWaiting();
    if (!failed_) {
        const std::string damage = shared_.damage();
        if (!damage.empty()) fail(nullptr, damage);
    }
    if (!failed_) return std::nullopt;
    fault_.block = block_;
    return fault_;
}

void BlockRunner::fibreMain() {
    BlockRunner& runner = *blockRunner;
    for (;;) {
        Thread& me = runner.current();
        runner.launch_->entry->run(const_cast<void**>(runner.launch_->arguments.data()));
        me.state = State::finished;
        runner.alive_--;
        if (runner.alive_ > 0 && runner.atBarrier_ == runner.alive_) runner.releaseBarrier();
        Thread* next = runner.failed_ ? nullptr : runner.nextRunnable(me.index);
        if (next != nullptr && next->state == State::fresh) {
            // The next thread goes on with this stack: kernels without barriers never switch.
            next->stack = me.stack;
            next->state = State::ready;
            seiche_thread = next;
            continue;
        }
        runner.freeStacks_.push_back(me.stack);
        runner.goOn(me.fibre, next);
    }
}

void BlockRunner::goOn(Fibre& from, Thread* to) {
    if (to == nullptr) {
        switchFibre(from, main_);
        return;
    }
    if (to->state == State::fresh) {
        if (freeStacks_.empty()) {
            to->stack = usedStacks_++;
        } else {
            to->stack = freeStacks_.back();
            freeStacks_.pop_back();
        }
        char* bottom = stacks_ + (size_t)to->stack * stackBytes;
        // Stacks start at different cache lines, or all of them would fight for the same few sets.
        const size_t colour = (size_t)(to->stack * 7 % 61) * 64;
        prepareFibre(to->fibre, bottom + page, bottom + stackBytes - colour, fibreMain);
    }
    to->state = State::ready;
    seiche_thread = to;
    switchFibre(from, to->fibre);
}

Thread* BlockRunner::nextRunnable(unsigned after) {
    const int step = launch_->reverse ? count_ - 1 : 1;
    int i = (int)after;
    for (int k = 0; k < count_; k++) {
        i += step;
        if (i >= count_) i -= count_;
        const State state = threads_[i].state;
        if (state == State::fresh || state == State::ready) return &threads_[i];
    }
    return nullptr;
}

void BlockRunner::stop(Fault fault) {
    Thread& me = current();
    if (!failed_) {
        failed_ = true;
        fault_ = std::move(fault);
        fault_.thread = me.thread;
    }
    me.state = State::finished;
    goOn(me.fibre, nullptr);
    __builtin_unreachable();
}

void BlockRunner::fail(const Thread* thread, std::string what) {
    if (failed_) return;
    failed_ = true;
    fault_ = Fault();
    fault_.what = std::move(what);
    fault_.ofThread = thread != nullptr;
    if (thread != nullptr) {
        fault_.thread = thread->thread;
        if (thread->file != nullptr) fault_.line = std::string(thread->file) + ":" + std::to_string(thread->line);
    }
}

// No thread can go on: says so of the first that waits.
void BlockRunner::failWaiting() {
    const Thread* first = threads_;
    while (first->state == State::finished) first++;
    fail(first, std::string("waits for ever ")
                        + (first->state == State::atBarrier ? "at a barrier: " : "for the other lanes of its mask: ")
                        + std::to_string(count_ - alive_) + " of " + std::to_string(count_)
                        + " threads have ended, no other can go on");
}

void BlockRunner::waitForOthers(Thread& me) {
    Thread* next = nextRunnable(me.index);
    if (next == nullptr) failWaiting();
    goOn(me.fibre, failed_ ? nullptr : next);
    if (failed_) goOn(me.fibre, nullptr);
}

int BlockRunner::barrier(SeicheBarrier kind, int predicate, const char* file, int line) {
    Thread& me = current();
    me.state = State::atBarrier;
    me.file = file;
    me.line = line;
    me.barrier = kind;
    me.predicate = predicate;
    if (++atBarrier_ == alive_) {
        releaseBarrier();
        if (failed_) goOn(me.fibre, nullptr);
    } else {
        waitForOthers(me);
    }
    switch (kind) {
        case SEICHE_BARRIER_COUNT: return barrierCount_;
        case SEICHE_BARRIER_AND: return barrierCount_ == count_;
        case SEICHE_BARRIER_OR: return barrierCount_ > 0;
        default: return 0;
    }
}

void BlockRunner::releaseBarrier() {
    const Thread* first = nullptr;
    int predicates = 0;
    for (int i = 0; i < count_; i++) {
        Thread& t = threads_[i];
        if (t.state != State::atBarrier) continue;
        if (first == nullptr) first = &t;
        if (t.line != first->line || t.barrier != first->barrier) {
            fail(first, "barrier divergence: another thread of the block waits at line " + std::to_string(t.line));
        }
        predicates += t.predicate;
        t.state = State::ready;
    }
    if (atBarrier_ != count_) {
        fail(first, "barrier divergence: " + std::to_string(atBarrier_) + " of " + std::to_string(count_)
                            + " threads reached the barrier, the others ended without it");
    }
    barrierCount_ = predicates;
    atBarrier_ = 0;
    epoch_++;
}

Fault BlockRunner::faultOfSignal() const {
    Fault fault;
    fault.thread = seiche_thread->thread;
    fault.address = static_cast<const char*>(signal.code) + 1;  // as if it were a return address
    const auto address = reinterpret_cast<uint64_t>(signal.address);
    char text[160];
    if (signal.number == SIGFPE) {
        snprintf(text, sizeof text, "integer division by zero, or of the least int by -1");
    } else if (signal.number == SIGILL) {
        snprintf(text, sizeof text, "ran into a trap");
    } else if (owns(address)) {
        snprintf(text, sizeof text, "stack overflow: a thread has %zu bytes for its local variables", stackBytes);
    } else {
        snprintf(text, sizeof text, "invalid or misaligned access, to address %#lx where the host knows it", (unsigned long)address);
    }
    fault.what = text;
    return fault;
}

}  // namespace seiche
