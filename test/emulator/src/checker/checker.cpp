#include "checker.h"

#include <link.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "../runtime/block.h"

namespace seiche {

// The bits of a cell's bytes between two addresses.
static unsigned bytesOfCell(uint64_t cellBegin, uint64_t begin, uint64_t end) {
    const unsigned from = begin > cellBegin ? (unsigned)(begin - cellBegin) : 0;
    const unsigned to = end < cellBegin + 4 ? (unsigned)(end - cellBegin) : 4;
    return ((1u << to) - 1) & ~((1u << from) - 1);
}

static std::string extent(unsigned bytes) { return std::to_string(bytes) + " bytes at "; }

void Checker::allocated(uint64_t begin, size_t bytes, const std::string& name) {
    device_[begin] = {begin, begin + bytes, name, "", std::make_shared<Shadow>(bytes)};
    last_ = nullptr;
}

void Checker::freed(uint64_t begin, const std::string& byWhat) {
    auto at = device_.find(begin);
    if (at == device_.end()) return;
    at->second.freedBy = byWhat;
    at->second.shadow.reset();
    last_ = nullptr;
}

void Checker::forgotten(uint64_t begin) {
    device_.erase(begin);
    last_ = nullptr;
}

void Checker::written(uint64_t begin, size_t bytes) {
    Region* region = regionOfDevice(begin);
    if (region == nullptr || !region->shadow || bytes == 0) return;
    const uint64_t end = std::min(begin + bytes, region->end);
    for (uint64_t i = (begin - region->begin) / 4; i <= (end - 1 - region->begin) / 4; i++) {
        region->shadow->cells[i].initialised |= (uint8_t)bytesOfCell(region->begin + i * 4, begin, end);
    }
}

void Checker::copied(uint64_t to, uint64_t from, size_t bytes) {
    Region* target = regionOfDevice(to);
    Region* source = regionOfDevice(from);
    if (target == nullptr || source == nullptr || !target->shadow || !source->shadow) return;
    std::vector<bool> known(bytes);
    for (size_t i = 0; i < bytes; i++) {
        const uint64_t at = from + i - source->begin;
        known[i] = source->shadow->cells[at / 4].initialised >> at % 4 & 1;
    }
    for (size_t i = 0; i < bytes; i++) {
        const uint64_t at = to + i - target->begin;
        uint8_t& bits = target->shadow->cells[at / 4].initialised;
        bits = (uint8_t)(known[i] ? bits | 1u << at % 4 : bits & ~(1u << at % 4));
    }
}

void Checker::moduleLoaded(void* handle) {
    struct link_map* module;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &module) != 0) return;
    struct Search {
        uint64_t base;
        Checker* checker;
    } search{module->l_addr, this};
    dl_iterate_phdr(
            [](dl_phdr_info* info, size_t, void* data) {
                auto* search = static_cast<Search*>(data);
                if (info->dlpi_addr != search->base) return 0;
                for (int i = 0; i < info->dlpi_phnum; i++) {
                    const auto& segment = info->dlpi_phdr[i];
                    if (segment.p_type != PT_LOAD) continue;
                    const uint64_t begin = info->dlpi_addr + segment.p_vaddr;
                    search->checker->device_[begin] = {begin, begin + segment.p_memsz, "data of a module", "", nullptr};
                }
                return 1;
            },
            &search);
    last_ = nullptr;
}

void Checker::startLaunch() {
    launch_++;
    block_ = 0;
    released_.clear();
}

void Checker::startBlock() {
    block_++;
    fenced_ = false;
    acquired_.clear();
    shared_.clear();
    last_ = nullptr;
}

void Checker::addShared(void* begin, size_t bytes, const char* name) {
    if (bytes == 0) return;
    const auto address = reinterpret_cast<uint64_t>(begin);
    shared_.push_back(
            {address, address + bytes, std::string("shared array ") + name, "", std::make_shared<Shadow>(bytes)});
    last_ = nullptr;
}

Checker::Region* Checker::regionOfDevice(uint64_t address) {
    auto after = device_.upper_bound(address);
    if (after == device_.begin()) return nullptr;
    Region& region = std::prev(after)->second;
    return address < region.end ? &region : nullptr;
}

Checker::Region* Checker::regionAt(uint64_t address) {
    if (last_ != nullptr && address >= last_->begin && address < last_->end) return last_;
    for (Region& region : shared_) {
        if (address >= region.begin && address < region.end) return last_ = &region;
    }
    Region* region = regionOfDevice(address);
    if (region != nullptr) last_ = region;
    return region;
}

void Checker::access(const void* pointer, unsigned bytes, Access kind, const void* code) {
    const auto address = reinterpret_cast<uint64_t>(pointer);
    if (blockRunner->owns(address) || pointer == &seiche_thread) return;
    Region* region = regionAt(address);
    if (region == nullptr || !region->freedBy.empty() || address + bytes > region->end) {
        const bool writes = kind == Access::write || kind == Access::atomicWrite;
        const std::string what = std::string(writes ? "write" : "read") + " of " + std::to_string(bytes) + " bytes at ";
        if (region == nullptr) stop("out of bounds: " + what + nearest(address), code);
        if (region->freedBy.empty()) stop("out of bounds: " + what + place(*region, address), code);
        stop("use after free: " + what + place(*region, address) + " and was freed by " + region->freedBy, code);
    }
    if (!region->shadow) return;
    if (kind == Access::atomicWrite) synchroniseAt(address);
    const uint64_t end = address + bytes;
    for (uint64_t i = (address - region->begin) / 4; i <= (end - 1 - region->begin) / 4; i++) {
        look(*region, region->shadow->cells[i], bytesOfCell(region->begin + i * 4, address, end), kind, address, bytes,
             code);
    }
}

bool Checker::unordered(const Actor& earlier) const {
    const Thread& me = blockRunner->current();
    if (earlier.block != block_) return acquired_.count(earlier.block) == 0;
    if (earlier.thread == me.index || earlier.epoch != blockRunner->epoch()) return false;
    return earlier.thread / 32 != me.index / 32 || earlier.warpEpoch == me.warpEpoch;
}

void Checker::look(
        Region& region, Cell& cell, unsigned bits, Access kind, uint64_t address, unsigned bytes, const void* code) {
    const Thread& me = blockRunner->current();
    const bool writes = kind == Access::write || kind == Access::atomicWrite;
    const bool atomic = kind == Access::atomicRead || kind == Access::atomicWrite;
    if (cell.launch != launch_) {
        cell.launch = launch_;
        cell.writer = Actor();
        cell.readers[0] = cell.readers[1] = Actor();
    }
    if (!writes && (cell.initialised & bits) != bits) {
        const char* hint = isShared(region) ? "; if another thread was to write it, a barrier is missing" : "";
        stop("uninitialised: read of " + extent(bytes) + place(region, address) + ", before anybody wrote it" + hint, code);
    }
    Actor now{block_, blockRunner->epoch(), me.warpEpoch, (uint16_t)me.index, (uint8_t)bits, atomic, code};
    Actor& writer = cell.writer;
    if ((writer.bytes & bits) != 0 && !(writer.atomic && atomic) && unordered(writer)) {
        stop(std::string("race: ") + (writes ? "write of " : "read of ") + extent(bytes) + place(region, address), code, &writer,
             "wrote");
    }
    if (!writes) {
        if (atomic) return;  // the write that follows stands for both
        Actor& first = cell.readers[0];
        const bool sameThread = first.block == now.block && first.thread == now.thread;
        if (first.bytes != 0 && !sameThread) cell.readers[1] = first;
        first = now;
        return;
    }
    for (const Actor& reader : cell.readers) {
        if ((reader.bytes & bits) != 0 && unordered(reader)) {
            stop("race: write of " + extent(bytes) + place(region, address), code, &reader, "read");
        }
    }
    cell.initialised |= (uint8_t)bits;
    writer = now;
}

void Checker::fence() { fenced_ = true; }

// Blocks that meet at an atomic variable, after a fence, may pass data to each other: the last one to count up sums
// what all have stored.
void Checker::synchroniseAt(uint64_t address) {
    std::unordered_set<uint32_t>& released = released_[address];
    acquired_.insert(released.begin(), released.end());
    if (fenced_) {
        released.insert(acquired_.begin(), acquired_.end());
        released.insert(block_);
    }
}

std::string Checker::place(const Region& region, uint64_t address) const {
    return "byte " + std::to_string(address - region.begin) + " of " + region.name + ", which has "
           + std::to_string(region.end - region.begin);
}

// Words for an address that lies in nothing: most often little beyond something.
std::string Checker::nearest(uint64_t address) {
    constexpr uint64_t near = 64 * 1024;
    const Region* before = nullptr;
    for (const Region& region : shared_) {
        if (address >= region.end && address - region.end < 128) before = &region;
    }
    if (before == nullptr) {
        auto after = device_.upper_bound(address);
        if (after != device_.begin()) before = &std::prev(after)->second;
        if (before != nullptr && address - before->end >= near) before = nullptr;
        if (before == nullptr && after != device_.end() && after->second.begin - address <= near) {
            return std::to_string(after->second.begin - address) + " bytes before " + after->second.name;
        }
    }
    if (before != nullptr) return place(*before, address);
    for (const Region& region : shared_) {
        if (address < region.begin && region.begin - address <= 128) {
            return std::to_string(region.begin - address) + " bytes before " + region.name;
        }
    }
    char text[80];
    snprintf(text, sizeof text, "address %#lx, which %s", (unsigned long)address,
             address < 65536 ? "is an element of a null pointer" : "belongs to no allocation");
    return text;
}

void Checker::stop(std::string what, const void* code, const Actor* other, const char* otherDid) {
    Fault fault;
    fault.what = std::move(what);
    fault.address = code;
    if (other != nullptr) {
        const dim3 size = blockRunner->launch().block;
        const unsigned t = other->thread;
        const std::string who = "thread (" + std::to_string(t % size.x) + "," + std::to_string(t / size.x % size.y) + ","
                                + std::to_string(t / size.x / size.y) + ")";
        fault.other = who + (other->block == block_ ? " of the block " : " of another block ") + otherDid
                      + " it without a barrier between, at ";
        fault.otherAddress = other->code;
    }
    blockRunner->stop(std::move(fault));
}

}  // namespace seiche
