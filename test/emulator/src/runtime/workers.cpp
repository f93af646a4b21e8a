#include "workers.h"

#include <signal.h>
#include <ucontext.h>

#include <algorithm>
#include <cstdlib>

namespace seiche {

static constexpr int faultSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
static struct sigaction earlierHandlers[65];

// The address of the instruction at fault.
static const void* codeAddress(void* context) {
#if defined(__x86_64__)
    return reinterpret_cast<const void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    return reinterpret_cast<const void*>(static_cast<ucontext_t*>(context)->uc_mcontext.pc);
#else
    (void)context;
    return nullptr;
#endif
}

// A kernel's fault ends its block. Every other fault belongs to whoever listened before: in a JVM it is daily business.
static void onSignal(int number, siginfo_t* info, void* context) {
    BlockRunner* runner = blockRunner;
    if (runner != nullptr && runner->running()) {
        runner->signal.number = number;
        runner->signal.address = info->si_addr;
        runner->signal.code = codeAddress(context);
        siglongjmp(runner->escape, 1);
    }
    const struct sigaction& earlier = earlierHandlers[number];
    if (earlier.sa_flags & SA_SIGINFO) {
        earlier.sa_sigaction(number, info, context);
    } else if (earlier.sa_handler == SIG_DFL || earlier.sa_handler == SIG_IGN) {
        ::signal(number, SIG_DFL);
        raise(number);
    } else {
        earlier.sa_handler(number);
    }
}

static void listenToSignals() {
    struct sigaction action = {};
    action.sa_sigaction = onSignal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (int number : faultSignals) sigaction(number, &action, &earlierHandlers[number]);
}

// SEICHE_EMULATOR_THREADS, or one for each processor, and 16 at most.
static int workerCount() {
    const char* wish = getenv("SEICHE_EMULATOR_THREADS");
    const int count = wish != nullptr ? atoi(wish) : (int)std::thread::hardware_concurrency();
    return std::clamp(count, 1, 16);
}

Workers& Workers::all() {
    static Workers* workers = new Workers();  // never destroyed: its threads wait until the process ends
    return *workers;
}

Workers::Workers() : count_(workerCount()) {
    listenToSignals();
    for (int i = 0; i < count_; i++) std::thread([this, i] { work(i); }).detach();
}

std::optional<Fault> Workers::run(const Launch& launch) {
    // A few hundred threads are done sooner than a second worker wakes up.
    constexpr uint64_t threadsWorthAWorker = 512;
    std::lock_guard<std::mutex> one(oneLaunch_);
    std::unique_lock<std::mutex> lock(mutex_);
    launch_ = &launch;
    nextBlock_ = 0;
    failed_ = false;
    fault_.reset();
    const uint64_t worth = std::max<uint64_t>(1, launch.blocks() * launch.threadsPerBlock() / threadsWorthAWorker);
    wanted_ = launch.checker != nullptr ? 1 : (int)std::min<uint64_t>({worth, launch.blocks(), (uint64_t)count_});
    busy_ = wanted_;
    generation_++;
    start_.notify_all();
    done_.wait(lock, [this] { return busy_ == 0; });
    return fault_;
}

void Workers::work(int number) {
    sigset_t signals;
    sigfillset(&signals);
    for (int fault : faultSignals) sigdelset(&signals, fault);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // the process's signals go to its own threads
    constexpr size_t handlerStackBytes = 64 * 1024;
    stack_t handlerStack = {};
    handlerStack.ss_sp = malloc(handlerStackBytes);
    handlerStack.ss_size = handlerStackBytes;
    sigaltstack(&handlerStack, nullptr);
    auto runner = std::make_unique<BlockRunner>();
    blockRunner = runner.get();
    uint64_t seen = 0;
    for (;;) {
        std::unique_lock<std::mutex> lock(mutex_);
        start_.wait(lock, [&] { return generation_ != seen; });
        seen = generation_;
        if (number >= wanted_) continue;
        lock.unlock();
        runBlocks(*runner);
        lock.lock();
        if (--busy_ == 0) done_.notify_all();
    }
}

void Workers::runBlocks(BlockRunner& runner) {
    const Launch& launch = *launch_;
    const uint64_t blocks = launch.blocks();
    for (;;) {
        const uint64_t i = nextBlock_.fetch_add(1);
        if (i >= blocks || failed_) return;
        std::optional<Fault> fault = runner.run(launch, i);
        if (!fault) continue;
        std::lock_guard<std::mutex> lock(mutex_);
        if (!failed_) fault_ = std::move(fault);
        failed_ = true;
    }
}

}  // namespace seiche
