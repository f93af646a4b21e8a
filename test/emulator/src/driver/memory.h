#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "../checker/checker.h"
#include "clock.h"
#include "status.h"

namespace seiche {

// What an operation of a stream does to memory.
struct Use {
    uint64_t begin;
    uint64_t bytes;  // 0: to the end of the allocation
    bool writes;
    std::string as;  // "argument 2", "the target"
};

// A use that may still be going on.
struct PastUse {
    int stream;
    uint64_t number;
    uint64_t begin, end;
    bool writes;
    std::string by;
};

struct Allocation {
    uint64_t begin = 0;
    size_t bytes = 0;
    int number = 0;
    std::string madeBy, freedBy;
    char* memory = nullptr;
    std::vector<PastUse> uses;

    uint64_t end() const { return begin + bytes; }
    std::string name() const {
        return number == 0 ? madeBy : "allocation " + std::to_string(number) + " (" + madeBy + ")";
    }
};

// The memory of one context. Every allocation lies between two guard zones and is full of NaN at first; a freed one is
// kept aside for a while, full of NaN again, so that a late use can be told from a wild one.
class DeviceMemory {
public:
    DeviceMemory(size_t capacity, Checker* checker) : capacity_(capacity), checker_(checker) {}
    ~DeviceMemory();

    Status allocate(size_t bytes, const char* madeBy, uint64_t& address);
    // The live allocation that holds an address, or null; one past the end is in none.
    Allocation* find(uint64_t address);
    const Allocation* findFreed(uint64_t address) const;
    // Says that nobody may use it any more; its bytes stay.
    void markFreed(uint64_t begin, const std::string& freedBy);
    // Takes the bytes of a freed one away.
    Status retire(uint64_t begin);
    // A variable of a module, which can be copied to and from as an allocation can.
    void addVariable(uint64_t begin, size_t bytes, const std::string& name);
    void removeVariable(uint64_t begin) { variables_.erase(begin); }
    // What was written around an allocation, or nothing.
    static std::string damage(const Allocation& allocation);
    // The allocation that all of [begin, begin + bytes) lies in, or null with the reason.
    Allocation* require(uint64_t begin, uint64_t bytes, const std::string& as, std::string& why);
    // Null, or why operations that are not in order touch the same bytes. Notes the use.
    std::string note(Allocation& allocation, const Use& use, const std::string& by, int stream, uint64_t number, const Clock& clock);

    std::string leaks() const;
    std::string damages() const;

private:
    static constexpr size_t keptAside = size_t{64} << 20;
    void release(Allocation& allocation);

    const size_t capacity_;
    Checker* const checker_;
    size_t used_ = 0, aside_ = 0;
    int count_ = 0;
    std::map<uint64_t, Allocation> live_;
    std::map<uint64_t, Allocation> freed_;
    std::map<uint64_t, Allocation> variables_;
    std::deque<uint64_t> retired_;
};

}  // namespace seiche
