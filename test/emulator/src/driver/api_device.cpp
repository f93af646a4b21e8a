// Devices, contexts, errors.
#include <cstdio>
#include <cstring>

#include "calls.h"
#include "limits.h"

using namespace seiche;

EXPORT int cuInit(unsigned flags) {
    return flags == 0 ? success : fail(invalidValue, "cuInit: flags must be 0");
}

EXPORT int cuDriverGetVersion(int* version) {
    *version = 12060;
    return success;
}

EXPORT int cuGetErrorName(int status, const char** name) {
    *name = nameOf((Status)status);
    return success;
}

// Says what the last call with this result had to say, which a real driver does not.
EXPORT int cuGetErrorString(int status, const char** text) {
    const char* own = lastText((Status)status);
    *text = status == success ? "no error" : own != nullptr ? own : nameOf((Status)status);
    return success;
}

EXPORT int cuDeviceGetCount(int* count) {
    *count = deviceCount();
    return success;
}

template <typename F>
static int withDevice(int ordinal, F body) {
    return call([&]() -> int {
        Device* device = deviceAt(ordinal);
        if (device == nullptr) {
            return fail(invalidDevice, "device " + std::to_string(ordinal) + ": there are " + std::to_string(deviceCount()));
        }
        return body(*device);
    });
}

EXPORT int cuDeviceGet(int* device, int ordinal) {
    return withDevice(ordinal, [&](Device&) {
        *device = ordinal;
        return success;
    });
}

EXPORT int cuDeviceGetName(char* name, int length, int ordinal) {
    return withDevice(ordinal, [&](Device& device) {
        snprintf(name, (size_t)length, "Seiche emulated device (%s, %s)", device.checked ? "checked" : "fast",
                 device.reverse ? "reverse" : "forward");
        return success;
    });
}

EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int ordinal) {
    return withDevice(ordinal, [&](Device&) {
        *bytes = memoryOfADevice();
        return success;
    });
}

// By CUdevice_attribute. What the emulated device has none of is 0.
static int attribute(int which) {
    switch (which) {
        case 1: case 2: case 3: return (int)Limits::threadsPerBlock;  // of a block, along x, along y
        case 4: return (int)Limits::blockZ;
        case 5: return (int)Limits::gridX;
        case 6: case 7: return (int)Limits::gridYZ;
        case 8: return (int)Limits::sharedPerBlock;
        case 9: return 64 * 1024;     // constant memory
        case 10: return 32;           // warp
        case 12: return 65536;        // registers of a block
        case 16: return 2;            // multiprocessors
        case 17: return 0;            // no limit to a kernel's time
        case 31: return 1;            // concurrent kernels
        case 39: return 2048;         // threads of a multiprocessor
        case 40: return 1;            // copy engines
        case 41: return 1;            // unified addresses
        case 75: return Limits::major;
        case 76: return Limits::minor;
        case 81: return 164 * 1024;   // shared memory of a multiprocessor
        case 82: return 65536;        // its registers
        case 97: return (int)Limits::sharedPerBlockOptIn;
        case 115: return 1;           // memory pools
        default: return 0;
    }
}

EXPORT int cuDeviceGetAttribute(int* value, int which, int ordinal) {
    return withDevice(ordinal, [&](Device&) {
        *value = attribute(which);
        return success;
    });
}

// --- contexts

// Leaks and damage are found where a context ends.
static Status end(Context* context, const char* by) {
    const std::string left = destroyContext(context);
    return left.empty() ? success : fail(unknown, std::string(by) + ": " + left);
}

EXPORT int cuCtxCreate_v2(void** context, unsigned, int ordinal) {
    return withDevice(ordinal, [&](Device& device) {
        Context* made = makeContext(device);
        setCurrentContext(made);
        *context = made;
        return success;
    });
}

EXPORT int cuCtxDestroy_v2(void* context) {
    return call([&]() -> int {
        if (!isContext(context)) return fail(invalidContext, "cuCtxDestroy: no such context");
        return end(static_cast<Context*>(context), "cuCtxDestroy");
    });
}

EXPORT int cuCtxSetCurrent(void* context) {
    return call([&]() -> int {
        if (context != nullptr && !isContext(context)) return fail(invalidContext, "cuCtxSetCurrent: no such context");
        setCurrentContext(static_cast<Context*>(context));
        return success;
    });
}

EXPORT int cuDevicePrimaryCtxRetain(void** context, int ordinal) {
    return withDevice(ordinal, [&](Device& device) {
        if (device.primary == nullptr) device.primary = makeContext(device);
        device.primaryUses++;
        *context = device.primary;
        return success;
    });
}

static Status endPrimary(Device& device, const char* by) {
    Context* context = device.primary;
    device.primary = nullptr;
    device.primaryUses = 0;
    return context == nullptr ? success : end(context, by);
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int ordinal) {
    return withDevice(ordinal, [&](Device& device) -> int {
        if (device.primary == nullptr) return fail(invalidContext, "cuDevicePrimaryCtxRelease: it is not retained");
        return --device.primaryUses == 0 ? endPrimary(device, "cuDevicePrimaryCtxRelease") : success;
    });
}
