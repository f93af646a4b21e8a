#pragma once
#include <string>

namespace seiche {

// Results of driver calls, with CUDA's numbers.
enum Status : int {
    success = 0,
    invalidValue = 1,
    outOfMemory = 2,
    invalidDevice = 101,
    invalidImage = 200,
    invalidContext = 201,
    invalidHandle = 400,
    illegalState = 401,
    notFound = 500,
    notReady = 600,
    illegalAddress = 700,
    launchOutOfResources = 701,
    contextIsDestroyed = 709,
    launchFailed = 719,
    notSupported = 801,
    captureUnsupported = 900,
    captureInvalidated = 901,
    unknown = 999
};

// Keeps what went wrong for cuGetErrorString and returns the status.
Status fail(Status status, const std::string& text);

// What the last call that ended with this status had to say; null where none did.
const char* lastText(Status status);

const char* nameOf(Status status);

}  // namespace seiche
