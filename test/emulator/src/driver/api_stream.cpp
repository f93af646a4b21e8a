// Streams, events, graphs.
#include "calls.h"

using namespace seiche;

EXPORT int cuStreamCreate(void** stream, unsigned flags) {
    constexpr unsigned nonBlocking = 1;
    return withContext([&](Context& context) {
        *stream = context.addStream((flags & nonBlocking) == 0);
        return success;
    });
}

EXPORT int cuStreamDestroy_v2(void* handle) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        if (handle == nullptr) return fail(invalidHandle, "cuStreamDestroy: the default stream cannot be destroyed");
        context.destroyStream(stream);
        return success;
    });
}

EXPORT int cuStreamSynchronize(void* handle) {
    return withStream(handle, [](Context& context, Stream& stream) { return context.synchronise(stream); });
}

EXPORT int cuStreamQuery(void* handle) {
    return withStream(handle, [](Context& context, Stream& stream) -> int {
        if (context.sticky != success) return context.sticky;
        return context.poll(stream) ? context.sticky : notReady;
    });
}

// --- events

template <typename F>
static int withEvent(void* handle, F body) {
    return withContext([&](Context& context) -> int {
        Event* event = context.events.find(handle);
        if (event == nullptr) return fail(invalidHandle, "the event was destroyed, or is of another context");
        return body(context, *event);
    });
}

EXPORT int cuStreamWaitEvent(void* handle, void* eventHandle, unsigned) {
    return withStream(handle, [&](Context&, Stream& stream) {
        return withEvent(eventHandle, [&](Context& context, Event& event) { return context.wait(stream, event); });
    });
}

EXPORT int cuEventCreate(void** event, unsigned flags) {
    constexpr unsigned disableTiming = 2;
    return withContext([&](Context& context) {
        auto made = std::make_unique<Event>();
        made->timed = (flags & disableTiming) == 0;
        *event = context.events.add(std::move(made));
        return success;
    });
}

EXPORT int cuEventDestroy_v2(void* handle) {
    return withEvent(handle, [&](Context& context, Event& event) {
        context.synchronise(event);
        context.events.remove(handle);
        return success;
    });
}

EXPORT int cuEventRecord(void* handle, void* streamHandle) {
    return withStream(streamHandle, [&](Context&, Stream& stream) {
        return withEvent(handle, [&](Context& context, Event& event) { return context.record(event, stream); });
    });
}

EXPORT int cuEventSynchronize(void* handle) {
    return withEvent(handle, [](Context& context, Event& event) { return context.synchronise(event); });
}

EXPORT int cuEventQuery(void* handle) {
    return withEvent(handle, [](Context& context, Event& event) -> int {
        if (context.sticky != success) return context.sticky;
        return context.poll(event) ? context.sticky : notReady;
    });
}

// Time of the host between the moments at which the streams came by: no measure of a GPU.
EXPORT int cuEventElapsedTime(float* milliseconds, void* startHandle, void* endHandle) {
    return withEvent(startHandle, [&](Context& context, Event& start) {
        return withEvent(endHandle, [&](Context&, Event& end) -> int {
            if (!start.timed || !end.timed || start.stream == nullptr || end.stream == nullptr) {
                return fail(invalidHandle, "cuEventElapsedTime: an event was not recorded, or is made without timing");
            }
            if (start.stream->done < start.number || end.stream->done < end.number) return notReady;
            *milliseconds = (float)(end.milliseconds - start.milliseconds);
            return context.sticky;
        });
    });
}

// --- graphs

EXPORT int cuStreamBeginCapture_v2(void* handle, int) {
    return withStream(handle, [&](Context&, Stream& stream) -> int {
        if (handle == nullptr) return fail(captureUnsupported, "cuStreamBeginCapture: the default stream cannot be captured");
        if (stream.capture) return fail(illegalState, "cuStreamBeginCapture: the stream is being captured already");
        stream.capture = std::make_shared<Graph>();
        return success;
    });
}

EXPORT int cuStreamEndCapture(void* handle, void** graph) {
    return withStream(handle, [&](Context& context, Stream& stream) -> int {
        *graph = nullptr;
        if (!stream.capture) return fail(illegalState, "cuStreamEndCapture: the stream is not being captured");
        const std::shared_ptr<Graph> captured = stream.capture;
        context.endCapture(captured);
        if (captured->broken) return fail(captureInvalidated, "cuStreamEndCapture: a call that cannot be captured came between");
        *graph = context.graphs.add(std::make_unique<Graph>(*captured));
        return success;
    });
}

template <typename F>
static int withGraph(void* handle, F body) {
    return withContext([&](Context& context) -> int {
        Graph* graph = context.graphs.find(handle);
        if (graph == nullptr) return fail(invalidHandle, "the graph was destroyed, or is of another context");
        return body(context, *graph);
    });
}

EXPORT int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    return withGraph(graph, [&](Context& context, Graph& g) {
        *executable = context.graphs.add(std::make_unique<Graph>(g));
        return success;
    });
}

EXPORT int cuGraphLaunch(void* graph, void* handle) {
    return withStream(handle, [&](Context&, Stream& stream) {
        return withGraph(graph, [&](Context& context, Graph& g) { return context.launchGraph(stream, g); });
    });
}

static int destroyGraph(void* graph) {
    return withGraph(graph, [&](Context& context, Graph&) {
        context.graphs.remove(graph);
        return success;
    });
}
EXPORT int cuGraphDestroy(void* graph) { return destroyGraph(graph); }
EXPORT int cuGraphExecDestroy(void* graph) { return destroyGraph(graph); }
