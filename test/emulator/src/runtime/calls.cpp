// The functions that compiled kernels call (device/thread.h).
#include <cstring>

#include "../checker/checker.h"
#include "block.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace seiche;

static Fault faultAt(std::string what, const char* file, int line) {
    Fault fault;
    fault.what = std::move(what);
    if (file != nullptr) fault.line = std::string(file) + ":" + std::to_string(line);
    return fault;
}

static Fault faultAt(std::string what, const void* code) {
    Fault fault;
    fault.what = std::move(what);
    fault.address = code;
    return fault;
}

EXPORT int seiche_barrier(SeicheBarrier kind, int predicate, const char* file, int line) {
    return blockRunner->barrier(kind, predicate, file, line);
}

EXPORT unsigned long long seiche_warp(
        SeicheWarpCall call, unsigned mask, unsigned long long value, int argument, int width, const char* file, int line) {
    return blockRunner->warpCall(call, mask, value, argument, width, file, line);
}

EXPORT void* seiche_shared(const void* key, unsigned long size, const char* name) {
    SharedMemory& memory = blockRunner->shared();
    bool made = false;
    void* array = memory.array(key, size, name, made);
    if (array == nullptr) {
        blockRunner->stop(faultAt(
                "shared array " + std::string(name) + " of " + std::to_string(size) + " bytes does not fit: "
                        + std::to_string(memory.usedBytes()) + " of " + std::to_string(memory.mostBytes())
                        + " bytes are used",
                __builtin_return_address(0)));
    }
    Checker* checker = blockRunner->launch().checker;
    if (made && checker != nullptr) checker->addShared(array, size, name);
    return array;
}

EXPORT void* seiche_dynamic_shared(const char* name) {
    SharedMemory& memory = blockRunner->shared();
    if (memory.dynamic() == nullptr) {
        blockRunner->stop(faultAt(
                "uses dynamic shared memory, " + std::string(name) + ", and was launched with none",
                __builtin_return_address(0)));
    }
    bool made = false;
    memory.nameDynamic(name, made);
    Checker* checker = blockRunner->launch().checker;
    if (made && checker != nullptr) checker->addShared(memory.dynamic(), memory.dynamicBytes(), name);
    return memory.dynamic();
}

EXPORT void seiche_fence() {
    Checker* checker = blockRunner->launch().checker;
    if (checker != nullptr) checker->fence();
}

EXPORT void seiche_async_copy(void* shared, const void* global, int bytes, int sourceBytes) {
    const void* code = __builtin_return_address(0);
    const auto to = reinterpret_cast<uint64_t>(shared);
    const auto from = reinterpret_cast<uint64_t>(global);
    if ((bytes != 4 && bytes != 8 && bytes != 16) || sourceBytes < 0 || sourceBytes > bytes) {
        blockRunner->stop(faultAt("cp.async copies 4, 8 or 16 bytes, not " + std::to_string(bytes), code));
    }
    if (to % (unsigned)bytes != 0 || (sourceBytes > 0 && from % (unsigned)bytes != 0)) {
        blockRunner->stop(faultAt("cp.async of " + std::to_string(bytes) + " bytes at a misaligned address", code));
    }
    blockRunner->current().copies.add(shared, global, bytes, sourceBytes, code);
}

EXPORT void seiche_async_commit() { blockRunner->current().copies.commit(); }

EXPORT void seiche_async_wait(int groupsLeft) { blockRunner->current().copies.wait(groupsLeft); }

EXPORT void seiche_stop(const char* what, const char* file, int line) {
    blockRunner->stop(faultAt(what, file, line));
}
