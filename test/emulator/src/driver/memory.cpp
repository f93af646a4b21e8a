#include "memory.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace seiche {

static constexpr size_t guardBytes = 512;
static constexpr unsigned char guardByte = 0xA5;

static size_t padded(size_t bytes) { return (bytes + guardBytes - 1) / guardBytes * guardBytes; }

DeviceMemory::~DeviceMemory() {
    for (auto& entry : live_) release(entry.second);
    for (auto& entry : freed_) release(entry.second);
}

void DeviceMemory::release(Allocation& allocation) {
    if (checker_ != nullptr) checker_->forgotten(allocation.begin);
    free(allocation.memory);
}

Status DeviceMemory::allocate(size_t bytes, const char* madeBy, uint64_t& address) {
    if (bytes == 0) return fail(invalidValue, std::string(madeBy) + ": 0 bytes were asked for");
    if (bytes > capacity_ - used_) {
        return fail(outOfMemory, std::string(madeBy) + ": " + std::to_string(bytes) + " bytes were asked for, "
                                         + std::to_string(capacity_ - used_) + " of " + std::to_string(capacity_) + " are free");
    }
    auto* memory = static_cast<char*>(aligned_alloc(guardBytes, padded(bytes) + 2 * guardBytes));
    if (memory == nullptr) return fail(outOfMemory, std::string(madeBy) + ": the host has no memory left");
    memset(memory, guardByte, guardBytes);
    memset(memory + guardBytes, 0xff, bytes);
    memset(memory + guardBytes + bytes, guardByte, padded(bytes) - bytes + guardBytes);
    Allocation made;
    made.begin = address = reinterpret_cast<uint64_t>(memory + guardBytes);
    made.bytes = bytes;
    made.number = ++count_;
    made.madeBy = madeBy;
    made.memory = memory;
    used_ += bytes;
    if (checker_ != nullptr) checker_->allocated(made.begin, bytes, made.name());
    live_[address] = std::move(made);
    return success;
}

template <typename Map>
static auto findIn(Map& allocations, uint64_t address) -> decltype(&allocations.begin()->second) {
    auto after = allocations.upper_bound(address);
    if (after == allocations.begin()) return nullptr;
    auto& a = std::prev(after)->second;
    return address < a.end() ? &a : nullptr;
}

Allocation* DeviceMemory::find(uint64_t address) {
    Allocation* a = findIn(live_, address);
    return a != nullptr ? a : findIn(variables_, address);
}

const Allocation* DeviceMemory::findFreed(uint64_t address) const { return findIn(freed_, address); }

void DeviceMemory::addVariable(uint64_t begin, size_t bytes, const std::string& name) {
    Allocation variable;
    variable.begin = begin;
    variable.bytes = bytes;
    variable.madeBy = "variable " + name;
    variables_.emplace(begin, std::move(variable));
}

void DeviceMemory::markFreed(uint64_t begin, const std::string& freedBy) {
    auto at = live_.find(begin);
    Allocation a = std::move(at->second);
    live_.erase(at);
    a.freedBy = freedBy;
    a.uses.clear();
    used_ -= a.bytes;
    freed_[begin] = std::move(a);
}

Status DeviceMemory::retire(uint64_t begin) {
    auto at = freed_.find(begin);
    if (at == freed_.end()) return success;
    Allocation& a = at->second;
    const std::string harm = damage(a);
    if (checker_ != nullptr) checker_->freed(begin, a.freedBy);
    memset(reinterpret_cast<char*>(begin), 0xff, a.bytes);
    aside_ += a.bytes;
    retired_.push_back(begin);
    while (aside_ > keptAside) {
        auto oldest = freed_.find(retired_.front());
        retired_.pop_front();
        aside_ -= oldest->second.bytes;
        release(oldest->second);
        freed_.erase(oldest);
    }
    return harm.empty() ? success : fail(illegalAddress, harm + ", found when it was freed");
}

std::string DeviceMemory::damage(const Allocation& a) {
    if (a.memory == nullptr) return "";  // a variable lies among others
    const auto* begin = reinterpret_cast<const unsigned char*>(a.begin);
    for (size_t i = 1; i <= guardBytes; i++) {
        if (*(begin - i) != guardByte) {
            return "somebody wrote " + std::to_string(i) + " bytes before the start of " + a.name();
        }
    }
    const size_t end = padded(a.bytes) + guardBytes;
    for (size_t i = a.bytes; i < end; i++) {
        if (begin[i] != guardByte) {
            return "somebody wrote at byte " + std::to_string(i) + " of " + a.name() + ", which has " + std::to_string(a.bytes);
        }
    }
    return "";
}

Allocation* DeviceMemory::require(uint64_t begin, uint64_t bytes, const std::string& as, std::string& why) {
    Allocation* a = find(begin);
    char address[32];
    snprintf(address, sizeof address, "%#lx", (unsigned long)begin);
    if (a != nullptr && begin + bytes <= a->end()) return a;
    if (a != nullptr) {
        why = as + ": bytes " + std::to_string(begin - a->begin) + " to " + std::to_string(begin - a->begin + bytes) + " of "
              + a->name() + ", which has " + std::to_string(a->bytes);
        return nullptr;
    }
    const Allocation* freed = findFreed(begin);
    if (freed != nullptr) {
        why = "use after free: " + as + " points into " + freed->name() + ", which was freed by " + freed->freedBy;
    } else {
        why = as + " is " + address + ", which points into no live allocation of this context";
    }
    return nullptr;
}

std::string DeviceMemory::note(
        Allocation& a, const Use& use, const std::string& by, int stream, uint64_t number, const Clock& clock) {
    const uint64_t begin = use.begin;
    const uint64_t end = use.bytes == 0 ? a.end() : use.begin + use.bytes;
    for (const PastUse& past : a.uses) {
        const bool apart = past.end <= begin || end <= past.begin;
        if (apart || past.stream == stream || !(past.writes || use.writes) || clock.covers(past.stream, past.number)) continue;
        return std::string("missing synchronisation: ") + by + " on stream " + std::to_string(stream)
               + (use.writes ? " writes " : " reads ") + a.name() + " (" + use.as + "), which " + past.by + " on stream "
               + std::to_string(past.stream) + (past.writes ? " writes" : " reads")
               + ", and nothing says which comes first: wait for an event or synchronise";
    }
    size_t kept = 0;
    for (PastUse& past : a.uses) {
        const bool inside = begin <= past.begin && past.end <= end;
        const bool before = past.stream == stream || clock.covers(past.stream, past.number);
        if (inside && before && (use.writes || !past.writes)) continue;
        if (&a.uses[kept] != &past) a.uses[kept] = std::move(past);
        kept++;
    }
    a.uses.resize(kept);
    a.uses.push_back({stream, number, begin, end, use.writes, by});
    return "";
}

std::string DeviceMemory::leaks() const {
    if (live_.empty()) return "";
    std::string text = std::to_string(live_.size()) + " leaked:";
    int named = 0;
    for (const auto& entry : live_) {
        if (++named > 8) return text + " ...";
        text += " " + entry.second.name() + " of " + std::to_string(entry.second.bytes) + " bytes;";
    }
    text.pop_back();
    return text;
}

std::string DeviceMemory::damages() const {
    for (const auto& entry : live_) {
        const std::string harm = damage(entry.second);
        if (!harm.empty()) return harm;
    }
    return "";
}

}  // namespace seiche
