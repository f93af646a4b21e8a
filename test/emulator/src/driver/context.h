// A context of the emulated driver: its memory, its streams and what waits on them, its modules.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "../runtime/launch.h"
#include "clock.h"
#include "memory.h"
#include "status.h"

namespace seiche {

class Context;
struct Stream;

using Work = std::function<Status()>;

struct Operation {
    std::string name;
    uint64_t number = 0;
    Work work;
    std::vector<std::pair<Stream*, uint64_t>> after;
};

// What one launch of a graph does, in the order in which it was captured.
struct Graph {
    struct Node {
        std::string name;
        std::vector<Use> uses;
        Work work;
    };
    std::vector<Node> nodes;
    bool broken = false;
};

struct Stream {
    Context* context = nullptr;
    int index = 0;
    bool waitsForNull = true;  // not made with CU_STREAM_NON_BLOCKING
    bool destroyed = false;
    std::deque<Operation> pending;
    uint64_t issued = 0, done = 0;
    Clock clock;
    std::vector<std::pair<Stream*, uint64_t>> nextAfter;  // for the next operation: events to wait for
    std::shared_ptr<Graph> capture;
};

struct Event {
    Stream* stream = nullptr;  // null: never recorded
    uint64_t number = 0;
    Clock clock;
    bool timed = true;
    double milliseconds = 0;
    std::shared_ptr<Graph> capture;
};

struct Function {
    Context* context = nullptr;
    std::string name;
    const SeicheKernel* kernel = nullptr;
    size_t mostDynamicShared = 48 * 1024;
};

struct Module {
    void* library = nullptr;  // of dlopen
    std::map<std::string, std::unique_ptr<Function>> functions;
    std::vector<uint64_t> variables;
    ~Module();
};

// Objects that Java holds as pointers. A pointer that is none of them any more is an error, no crash.
template <typename T>
class Handles {
public:
    T* add(std::unique_ptr<T> object) {
        T* pointer = object.get();
        objects_[pointer] = std::move(object);
        return pointer;
    }
    T* find(void* handle) const {
        auto at = objects_.find(handle);
        return at == objects_.end() ? nullptr : at->second.get();
    }
    void remove(void* handle) { objects_.erase(handle); }
    size_t size() const { return objects_.size(); }

private:
    std::unordered_map<void*, std::unique_ptr<T>> objects_;
};

struct Device {
    int ordinal;
    bool checked, reverse;
    Context* primary = nullptr;
    int primaryUses = 0;
};

class Context {
public:
    explicit Context(Device& device);

    Device& device;
    std::unique_ptr<Checker> checker;  // in checked mode
    DeviceMemory memory;
    Handles<Stream> streams;
    Handles<Event> events;
    Handles<Module> modules;
    Handles<Graph> graphs;
    std::map<void*, size_t> pinned;  // of the host
    Status sticky = success;

    // The stream of a handle; null is the legacy default stream. Null pointer result: no stream of this context.
    Stream* stream(void* handle);
    Stream* addStream(bool waitsForNull);
    void destroyStream(Stream& stream);

    // Puts work behind what waits on a stream, or into the graph that is being captured.
    Status enqueue(Stream& stream, const std::string& name, const std::vector<Use>& uses, Work work);
    void endCapture(const std::shared_ptr<Graph>& graph);
    Status launchGraph(Stream& stream, const Graph& graph);
    Status synchronise(Stream& stream);
    Status synchroniseAll();
    // Lets one more operation run; true when nothing waits.
    bool poll(Stream& stream);
    Status record(Event& event, Stream& stream);
    Status wait(Stream& stream, Event& event);
    Status synchronise(Event& event);
    bool poll(Event& event);

    Status makeSticky(Status status, const std::string& text);
    // Ends all work; what was left behind or damaged.
    std::string close();

    // --- kernels
    Status load(const char* image, Module*& module);
    void unload(Module& module);
    Status function(Module& module, const char* name, Function*& function);
    Function* functionOf(void* handle) const;
    struct Extent {
        dim3 grid, block;
        size_t dynamicShared;
    };
    Status launch(Function& function, const Extent& extent, Stream& stream, void** parameters, void** extra);

private:
    Status readArguments(const Function& function, void** parameters, void** extra, Launch& launch);
    Status checkPointers(const Function& function, const Launch& launch, std::vector<Use>& uses);
    Status runKernel(const Launch& launch, const std::vector<Use>& uses);
    Status admit(Stream& stream, const std::string& name, const std::vector<Use>& uses, Operation& operation);
    void advance(Stream& stream, uint64_t upTo);

    std::unordered_map<void*, Function*> functions_;
    std::vector<Stream*> inOrder_;  // by index
    Stream* null_;
    Clock host_;
};

// --- the driver as a whole; one lock for all calls
std::recursive_mutex& driverLock();
size_t memoryOfADevice();  // in bytes
Device* deviceAt(int ordinal);
int deviceCount();
Context* currentContext();
void setCurrentContext(Context* context);
bool isContext(void* handle);
Context* makeContext(Device& device);
// Returns what was left behind or damaged.
std::string destroyContext(Context* context);
// The context that a device address belongs to, or null.
Context* ownerOf(uint64_t address);

}  // namespace seiche
