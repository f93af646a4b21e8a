#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace seiche {

// The shared memory of the block that runs: arrays apart from each other with bytes between them that nobody may
// write. At the start of each block every array is full of NaN, for a GPU promises nothing about its content.
class SharedMemory {
public:
    void startBlock(size_t dynamicBytes, size_t mostBytes);
    // The array of a __shared__ statement; the first thread that comes by makes it. Null when the block has too much.
    void* array(const void* key, size_t bytes, const char* name, bool& made);
    void* dynamic() { return dynamicBytes_ == 0 ? nullptr : arrays_[0].begin; }
    size_t dynamicBytes() const { return dynamicBytes_; }
    // The kernel's own name for it; made is set the first time.
    void nameDynamic(const char* name, bool& made) {
        made = arrays_[0].key == nullptr;
        arrays_[0].key = this;
        arrays_[0].name = name;
    }
    // What was written beside an array, or nothing.
    std::string damage() const;
    size_t usedBytes() const { return usedBytes_; }
    size_t mostBytes() const { return mostBytes_; }

private:
    struct Array {
        const void* key;
        char* begin;
        size_t bytes;
        const char* name;
    };
    static constexpr size_t capacity = 512 * 1024;
    static constexpr size_t guardBytes = 128;

    char* place(const void* key, size_t bytes, const char* name);

    std::unique_ptr<char[]> memory_;
    char* free_ = nullptr;
    std::vector<Array> arrays_;
    size_t dynamicBytes_ = 0, usedBytes_ = 0, mostBytes_ = 0;
};

}  // namespace seiche
