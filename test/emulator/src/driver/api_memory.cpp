// Memory of the device and of the host, copies, fills.
#include <cstdlib>
#include <cstring>

#include "calls.h"

using namespace seiche;

using DevicePointer = unsigned long long;

EXPORT int cuMemAlloc_v2(DevicePointer* pointer, size_t bytes) {
    return withContext([&](Context& context) -> int {
        uint64_t address = 0;
        const Status status = context.memory.allocate(bytes, "cuMemAlloc", address);
        *pointer = address;
        return status;
    });
}

static Status refuseFree(Context& context, uint64_t address, const char* by) {
    std::string why;
    if (context.memory.require(address, 0, by, why) != nullptr) why = std::string(by) + ": not the start of an allocation";
    return fail(invalidValue, why);
}

// Waits for all work first, as the real one does.
EXPORT int cuMemFree_v2(DevicePointer pointer) {
    return withContext([&](Context& context) -> int {
        if (pointer == 0) return success;
        const Allocation* a = context.memory.find(pointer);
        if (a == nullptr || a->begin != pointer) return refuseFree(context, pointer, "cuMemFree");
        const Status status = context.synchroniseAll();
        context.memory.markFreed(pointer, "cuMemFree");
        const Status harm = context.memory.retire(pointer);
        if (harm != success) context.sticky = harm;
        return harm != success ? harm : status;
    });
}

// The memory is there from the start; only from here on in the order of the stream may it be used.
EXPORT int cuMemAllocAsync(DevicePointer* pointer, size_t bytes, void* handle) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (stream.capture) return fail(captureUnsupported, "cuMemAllocAsync: graphs that allocate are not emulated");
        uint64_t address = 0;
        const Status status = context.memory.allocate(bytes, "cuMemAllocAsync", address);
        *pointer = address;
        if (status != success) return status;
        return context.enqueue(stream, "cuMemAllocAsync", {{address, 0, true, "the new memory"}}, [] { return success; });
    });
}

EXPORT int cuMemFreeAsync(DevicePointer pointer, void* handle) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (stream.capture) return fail(captureUnsupported, "cuMemFreeAsync: graphs that free are not emulated");
        const Allocation* a = context.memory.find(pointer);
        if (a == nullptr || a->begin != pointer) return refuseFree(context, pointer, "cuMemFreeAsync");
        const Status status = context.enqueue(
                stream, "cuMemFreeAsync", {{pointer, 0, true, "the memory to free"}},
                [&context, pointer] { return context.memory.retire(pointer); });
        if (status != illegalState) context.memory.markFreed(pointer, "cuMemFreeAsync on stream " + std::to_string(stream.index));
        return status;
    });
}

// --- pinned memory of the host

EXPORT int cuMemHostAlloc(void** pointer, size_t bytes, unsigned) {
    return withContext([&](Context& context) -> int {
        *pointer = bytes == 0 ? nullptr : aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
        if (*pointer == nullptr) return fail(bytes == 0 ? invalidValue : outOfMemory, "pinned memory of " + std::to_string(bytes) + " bytes");
        memset(*pointer, 0xff, bytes);
        context.pinned[*pointer] = bytes;
        return success;
    });
}

EXPORT int cuMemFreeHost(void* pointer) {
    return withContext([&](Context& context) -> int {
        if (context.pinned.count(pointer) == 0) return fail(invalidValue, "cuMemFreeHost: not pinned memory of this context");
        const Status status = context.synchroniseAll();
        context.pinned.erase(pointer);
        free(pointer);
        return status;
    });
}

static bool isPinned(const Context& context, const void* pointer, size_t bytes) {
    auto after = context.pinned.upper_bound(const_cast<void*>(pointer));
    if (after == context.pinned.begin()) return false;
    const auto& entry = *std::prev(after);
    return static_cast<const char*>(pointer) + bytes <= static_cast<const char*>(entry.first) + entry.second;
}

// --- copies

namespace {

enum class Wait { yes, no };

char* bytesAt(DevicePointer pointer) { return reinterpret_cast<char*>(pointer); }

Status finish(Context& context, Stream& stream, Status status, Wait wait) {
    return status == success && wait == Wait::yes ? context.synchronise(stream) : status;
}

Status checkHost(const void* host, const char* name) {
    if (host == nullptr) return fail(invalidValue, std::string(name) + ": the host's pointer is null");
    if (ownerOf(reinterpret_cast<uint64_t>(host)) != nullptr) {
        return fail(invalidValue, std::string(name) + ": the host's pointer points into memory of a device");
    }
    return success;
}

int toDevice(const char* name, DevicePointer to, const void* from, size_t bytes, void* handle, Wait wait) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (bytes == 0) return success;
        if (checkHost(from, name) != success) return invalidValue;
        // From memory that is not pinned the bytes are gone from the caller's at his return.
        std::shared_ptr<std::string> staged;
        if (wait == Wait::no && !isPinned(context, from, bytes)) {
            staged = std::make_shared<std::string>(static_cast<const char*>(from), bytes);
        }
        const Status status = context.enqueue(stream, name, {{to, bytes, true, "the target"}}, [=, &context] {
            memcpy(bytesAt(to), staged ? staged->data() : from, bytes);
            if (context.checker) context.checker->written(to, bytes);
            return success;
        });
        return finish(context, stream, status, wait);
    });
}

int toHost(const char* name, void* to, DevicePointer from, size_t bytes, void* handle, Wait wait) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (bytes == 0) return success;
        if (checkHost(to, name) != success) return invalidValue;
        const Status status = context.enqueue(stream, name, {{from, bytes, false, "the source"}}, [=] {
            memcpy(to, bytesAt(from), bytes);
            return success;
        });
        // A copy to memory that is not pinned has arrived at the caller's return.
        return finish(context, stream, status, isPinned(context, to, bytes) ? wait : Wait::yes);
    });
}

int onDevice(const char* name, DevicePointer to, DevicePointer from, size_t bytes, void* handle, Wait wait) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (bytes == 0) return success;
        const Status status = context.enqueue(
                stream, name, {{from, bytes, false, "the source"}, {to, bytes, true, "the target"}}, [=, &context] {
                    memmove(bytesAt(to), bytesAt(from), bytes);
                    if (context.checker) context.checker->copied(to, from, bytes);
                    return success;
                });
        return finish(context, stream, status, wait);
    });
}

template <typename T>
int fill(const char* name, DevicePointer to, T value, size_t count, void* handle, Wait wait) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (count == 0) return success;
        if (to % sizeof(T) != 0) return seiche::fail(invalidValue, std::string(name) + ": the target is misaligned");
        const Status status = context.enqueue(stream, name, {{to, count * sizeof(T), true, "the target"}}, [=, &context] {
            std::fill_n(reinterpret_cast<T*>(to), count, value);
            if (context.checker) context.checker->written(to, count * sizeof(T));
            return success;
        });
        return finish(context, stream, status, wait);
    });
}

}  // namespace

EXPORT int cuMemcpyHtoD_v2(DevicePointer to, const void* from, size_t bytes) {
    return toDevice("cuMemcpyHtoD", to, from, bytes, nullptr, Wait::yes);
}
EXPORT int cuMemcpyHtoDAsync_v2(DevicePointer to, const void* from, size_t bytes, void* stream) {
    return toDevice("cuMemcpyHtoDAsync", to, from, bytes, stream, Wait::no);
}
EXPORT int cuMemcpyDtoH_v2(void* to, DevicePointer from, size_t bytes) {
    return toHost("cuMemcpyDtoH", to, from, bytes, nullptr, Wait::yes);
}
EXPORT int cuMemcpyDtoHAsync_v2(void* to, DevicePointer from, size_t bytes, void* stream) {
    return toHost("cuMemcpyDtoHAsync", to, from, bytes, stream, Wait::no);
}
EXPORT int cuMemcpyDtoDAsync_v2(DevicePointer to, DevicePointer from, size_t bytes, void* stream) {
    return onDevice("cuMemcpyDtoDAsync", to, from, bytes, stream, Wait::no);
}
EXPORT int cuMemsetD8Async(DevicePointer to, unsigned char value, size_t count, void* stream) {
    return fill("cuMemsetD8Async", to, value, count, stream, Wait::no);
}
EXPORT int cuMemsetD32Async(DevicePointer to, unsigned value, size_t count, void* stream) {
    return fill("cuMemsetD32Async", to, value, count, stream, Wait::no);
}
