#include "library.h"

#include "calls.h"

namespace seiche {

Status libraryCall(void* handle, const std::string& name, const std::vector<Use>& uses, std::function<void()> work) {
    return (Status)withStream(handle, [&](Context& context, Stream& stream) {
        return context.enqueue(stream, name, uses, [&context, uses, work = std::move(work)] {
            work();
            for (const Use& use : uses) {
                if (use.writes && context.checker) context.checker->written(use.begin, use.bytes);
            }
            return success;
        });
    });
}

}  // namespace seiche
