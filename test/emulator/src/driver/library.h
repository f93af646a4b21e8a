// How the libraries above the driver put their work on a stream.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "memory.h"

namespace seiche {

// Enqueues work of a library call and notes what memory it uses; returns the driver's status.
__attribute__((visibility("default"))) Status libraryCall(
        void* stream, const std::string& name, const std::vector<Use>& uses, std::function<void()> work);

}  // namespace seiche
