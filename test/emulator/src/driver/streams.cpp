// Work waits on streams until somebody synchronises, so that a synchronisation that is missing shows.
#include <chrono>

#include "context.h"

namespace seiche {

static constexpr size_t mostPending = 8192;

static double nowInMilliseconds() {
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

Stream* Context::stream(void* handle) {
    // 1 names the legacy default stream too (CU_STREAM_LEGACY)
    if (handle == nullptr || handle == reinterpret_cast<void*>(1)) return null_;
    Stream* found = streams.find(handle);
    return found != nullptr && !found->destroyed ? found : nullptr;
}

Stream* Context::addStream(bool waitsForNull) {
    auto made = std::make_unique<Stream>();
    made->context = this;
    made->index = (int)inOrder_.size();
    made->waitsForNull = waitsForNull;
    inOrder_.push_back(streams.add(std::move(made)));
    return inOrder_.back();
}

void Context::destroyStream(Stream& stream) {
    advance(stream, stream.issued);
    stream.destroyed = true;
}

Status Context::admit(Stream& stream, const std::string& name, const std::vector<Use>& uses, Operation& operation) {
    Clock clock = stream.clock;
    clock.join(host_);
    operation.after = stream.nextAfter;
    for (Stream* other : inOrder_) {
        const bool first = &stream == null_ ? other->waitsForNull && other != null_ : other == null_ && stream.waitsForNull;
        if (!first) continue;
        clock.join(other->clock);
        operation.after.push_back({other, other->issued});
    }
    const uint64_t number = stream.issued + 1;
    for (const Use& use : uses) {
        std::string why;
        Allocation* allocation = memory.require(use.begin, use.bytes, name + ": " + use.as, why);
        if (allocation == nullptr) return fail(invalidValue, why);
        why = memory.note(*allocation, use, name, stream.index, number, clock);
        if (!why.empty()) return fail(illegalState, why);
    }
    clock.set(stream.index, number);
    stream.clock = clock;
    stream.issued = operation.number = number;
    stream.nextAfter.clear();
    return success;
}

Status Context::enqueue(Stream& stream, const std::string& name, const std::vector<Use>& uses, Work work) {
    if (sticky != success) return sticky;
    if (stream.capture) {
        stream.capture->nodes.push_back({name, uses, std::move(work)});
        return success;
    }
    Operation operation;
    operation.name = name;
    operation.work = std::move(work);
    const Status status = admit(stream, name, uses, operation);
    if (status == success) stream.pending.push_back(std::move(operation));
    // Whoever never synchronises must not fill the host's memory: the oldest half runs, as it may on a GPU.
    if (stream.pending.size() >= mostPending) advance(stream, stream.done + mostPending / 2);
    return status;
}

void Context::endCapture(const std::shared_ptr<Graph>& graph) {
    for (Stream* s : inOrder_) {
        if (s->capture == graph) s->capture.reset();
    }
}

Status Context::launchGraph(Stream& stream, const Graph& graph) {
    for (const Graph::Node& node : graph.nodes) {
        const Status status = enqueue(stream, node.name, node.uses, node.work);
        if (status != success) return status;
    }
    return success;
}

void Context::advance(Stream& stream, uint64_t upTo) {
    while (stream.done < upTo && !stream.pending.empty()) {
        Operation next = std::move(stream.pending.front());
        stream.pending.pop_front();
        for (const auto& earlier : next.after) advance(*earlier.first, earlier.second);
        if (sticky == success) {
            const Status status = next.work();
            if (status != success) sticky = status;
        }
        stream.done = next.number;
    }
}

static Status refuseCapture(Stream& stream, const char* what) {
    stream.capture->broken = true;
    return fail(captureUnsupported, std::string(what) + " while stream " + std::to_string(stream.index) + " is being captured");
}

Status Context::synchronise(Stream& stream) {
    if (stream.capture) return refuseCapture(stream, "a synchronisation");
    for (const auto& earlier : stream.nextAfter) advance(*earlier.first, earlier.second);
    advance(stream, stream.issued);
    host_.join(stream.clock);
    return sticky;
}

Status Context::synchroniseAll() {
    for (Stream* s : inOrder_) {
        if (s->capture) return refuseCapture(*s, "a synchronisation of the context");
    }
    for (Stream* s : inOrder_) {
        advance(*s, s->issued);
        host_.join(s->clock);
    }
    return sticky;
}

bool Context::poll(Stream& stream) {
    if (!stream.pending.empty()) advance(stream, stream.done + 1);
    if (!stream.pending.empty()) return false;
    host_.join(stream.clock);
    return true;
}

Status Context::record(Event& event, Stream& stream) {
    if (stream.capture) {
        event.capture = stream.capture;
        return success;
    }
    event.capture.reset();
    const Status status = enqueue(stream, "cuEventRecord", {}, [&event] {
        event.milliseconds = nowInMilliseconds();
        return success;
    });
    event.stream = &stream;
    event.number = stream.issued;
    event.clock = stream.clock;
    return status;
}

Status Context::wait(Stream& stream, Event& event) {
    if (event.capture) {
        if (stream.capture && stream.capture != event.capture) return refuseCapture(stream, "an event of another capture");
        stream.capture = event.capture;
        return success;
    }
    if (event.stream == nullptr) return success;
    if (stream.capture) return refuseCapture(stream, "waiting for an event from outside");
    stream.clock.join(event.clock);
    stream.nextAfter.push_back({event.stream, event.number});
    return success;
}

Status Context::synchronise(Event& event) {
    if (event.stream == nullptr) return sticky;
    advance(*event.stream, event.number);
    host_.join(event.clock);
    return sticky;
}

bool Context::poll(Event& event) {
    if (event.stream == nullptr) return true;
    if (event.stream->done < event.number) advance(*event.stream, event.stream->done + 1);
    if (event.stream->done < event.number) return false;
    host_.join(event.clock);
    return true;
}

Status Context::makeSticky(Status status, const std::string& text) {
    if (sticky == success) sticky = fail(status, text);
    return sticky;
}

}  // namespace seiche
