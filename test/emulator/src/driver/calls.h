// What the files with the driver's functions share.
#pragma once
#include <mutex>
#include <new>

#include "context.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace seiche {

// Runs a call under the driver's lock.
template <typename F>
int call(F body) {
    std::lock_guard<std::recursive_mutex> lock(driverLock());
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return fail(outOfMemory, "the host has no memory left");
    }
}

// Runs a call that needs a context.
template <typename F>
int withContext(F body) {
    return call([&]() -> int {
        Context* context = currentContext();
        if (context == nullptr) return fail(invalidContext, "no context is current on this thread");
        return body(*context);
    });
}

// Runs a call that needs a stream of the current context.
template <typename F>
int withStream(void* handle, F body) {
    return withContext([&](Context& context) -> int {
        Stream* stream = context.stream(handle);
        if (stream == nullptr) return fail(invalidHandle, "the stream was destroyed, or is of another context");
        return body(context, *stream);
    });
}

}  // namespace seiche
