#include "status.h"

#include <map>
#include <mutex>

namespace seiche {

static std::mutex mutex;
// Entries are replaced, never removed: the pointers that were given out by cuGetErrorString stay valid.
static std::map<Status, std::string>& texts() {
    static auto* all = new std::map<Status, std::string>;
    return *all;
}

Status fail(Status status, const std::string& text) {
    std::lock_guard<std::mutex> lock(mutex);
    texts()[status] = text;
    return status;
}

const char* lastText(Status status) {
    std::lock_guard<std::mutex> lock(mutex);
    auto at = texts().find(status);
    return at == texts().end() ? nullptr : at->second.c_str();
}

const char* nameOf(Status status) {
    switch (status) {
        case success: return "CUDA_SUCCESS";
        case invalidValue: return "CUDA_ERROR_INVALID_VALUE";
        case outOfMemory: return "CUDA_ERROR_OUT_OF_MEMORY";
        case invalidDevice: return "CUDA_ERROR_INVALID_DEVICE";
        case invalidImage: return "CUDA_ERROR_INVALID_IMAGE";
        case invalidContext: return "CUDA_ERROR_INVALID_CONTEXT";
        case invalidHandle: return "CUDA_ERROR_INVALID_HANDLE";
        case illegalState: return "CUDA_ERROR_ILLEGAL_STATE";
        case notFound: return "CUDA_ERROR_NOT_FOUND";
        case notReady: return "CUDA_ERROR_NOT_READY";
        case illegalAddress: return "CUDA_ERROR_ILLEGAL_ADDRESS";
        case launchOutOfResources: return "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES";
        case contextIsDestroyed: return "CUDA_ERROR_CONTEXT_IS_DESTROYED";
        case launchFailed: return "CUDA_ERROR_LAUNCH_FAILED";
        case notSupported: return "CUDA_ERROR_NOT_SUPPORTED";
        case captureUnsupported: return "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
        case captureInvalidated: return "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED";
        default: return "CUDA_ERROR_UNKNOWN";
    }
}

}  // namespace seiche
