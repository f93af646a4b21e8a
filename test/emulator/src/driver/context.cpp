#include "context.h"

#include <dlfcn.h>

#include <cstdlib>
#include <set>

namespace seiche {

// SEICHE_EMULATOR_MEMORY_MB, or 4 GiB: less than most hosts have, more than a test needs.
size_t memoryOfADevice() {
    const char* wish = getenv("SEICHE_EMULATOR_MEMORY_MB");
    const size_t megabytes = wish != nullptr ? strtoul(wish, nullptr, 10) : 4096;
    return megabytes << 20;
}

Context::Context(Device& device)
    : device(device),
      checker(device.checked ? new Checker() : nullptr),
      memory(memoryOfADevice(), checker.get()),
      null_(addStream(true)) {}

std::string Context::close() {
    for (Stream* s : inOrder_) {
        s->capture.reset();
        advance(*s, s->issued);
    }
    std::string left = memory.leaks();
    if (!pinned.empty()) {
        left += (left.empty() ? "" : "; ") + std::to_string(pinned.size()) + " leaked: pinned memory of the host";
        for (auto& entry : pinned) free(entry.first);
    }
    const std::string harm = memory.damages();
    if (!harm.empty()) left += (left.empty() ? "" : "; ") + harm;
    return left;
}

std::recursive_mutex& driverLock() {
    static auto* lock = new std::recursive_mutex;
    return *lock;
}

static std::vector<Device>& devices() {
    static auto* all = new std::vector<Device>{
            {0, false, false},
            {1, false, true},
            {2, true, false},
            {3, true, true},
    };
    return *all;
}

Device* deviceAt(int ordinal) {
    return ordinal >= 0 && ordinal < deviceCount() ? &devices()[(size_t)ordinal] : nullptr;
}

int deviceCount() { return (int)devices().size(); }

static std::set<Context*>& contexts() {
    static auto* all = new std::set<Context*>;
    return *all;
}

static thread_local Context* current = nullptr;

Context* currentContext() { return current != nullptr && isContext(current) ? current : nullptr; }

void setCurrentContext(Context* context) { current = context; }

bool isContext(void* handle) { return contexts().count(static_cast<Context*>(handle)) > 0; }

Context* makeContext(Device& device) {
    auto* made = new Context(device);
    contexts().insert(made);
    return made;
}

std::string destroyContext(Context* context) {
    std::string left = context->close();
    contexts().erase(context);
    if (current == context) current = nullptr;
    delete context;
    return left;
}

Context* ownerOf(uint64_t address) {
    for (Context* context : contexts()) {
        if (context->memory.find(address) != nullptr) return context;
    }
    return nullptr;
}

}  // namespace seiche
