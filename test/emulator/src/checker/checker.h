// Looks at every access of a kernel to memory in checked mode: bounds, content that nobody wrote, races.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../runtime/launch.h"
#include "shadow.h"

namespace seiche {

class Checker {
public:
    // --- what the host does
    void allocated(uint64_t begin, size_t bytes, const std::string& name);
    void freed(uint64_t begin, const std::string& byWhat);
    void forgotten(uint64_t begin);  // its addresses may be given out again
    void written(uint64_t begin, size_t bytes);
    void copied(uint64_t to, uint64_t from, size_t bytes);
    // Data of a module of kernels: known memory, its accesses are not watched.
    void moduleLoaded(void* handle);

    // --- what a launch does; all from one host thread
    void startLaunch();
    void startBlock();
    void addShared(void* begin, size_t bytes, const char* name);
    void access(const void* address, unsigned bytes, Access kind, const void* code);
    void fence();

private:
    struct Region {
        uint64_t begin, end;
        std::string name;
        std::string freedBy;
        std::shared_ptr<Shadow> shadow;  // null: not watched
    };

    Region* regionAt(uint64_t address);
    Region* regionOfDevice(uint64_t address);
    void look(Region& region, Cell& cell, unsigned bytesOfCell, Access kind, uint64_t address, unsigned bytes,
              const void* code);
    bool isShared(const Region& region) const { return !shared_.empty() && &region >= shared_.data() && &region <= &shared_.back(); }
    bool unordered(const Actor& earlier) const;
    void synchroniseAt(uint64_t address);
    [[noreturn]] void stop(std::string what, const void* code, const Actor* other = nullptr, const char* otherDid = "");
    std::string place(const Region& region, uint64_t address) const;
    std::string nearest(uint64_t address);

    std::map<uint64_t, Region> device_;
    std::vector<Region> shared_;
    Region* last_ = nullptr;
    uint32_t launch_ = 0;
    uint32_t block_ = 0;
    // Blocks of this launch whose writes the running one may rely on: they fenced and then wrote atomically to a place
    // that this one has written atomically since.
    std::unordered_set<uint32_t> acquired_;
    std::unordered_map<uint64_t, std::unordered_set<uint32_t>> released_;
    bool fenced_ = false;
};

}  // namespace seiche
