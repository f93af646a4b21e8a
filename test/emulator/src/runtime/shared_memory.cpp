#include "shared_memory.h"

#include <algorithm>
#include <cstring>

namespace seiche {

static constexpr unsigned char guardByte = 0xA5;
static constexpr size_t alignment = 256;

void SharedMemory::startBlock(size_t dynamicBytes, size_t mostBytes) {
    if (!memory_) memory_.reset(new char[capacity]);
    arrays_.clear();
    usedBytes_ = 0;
    dynamicBytes_ = dynamicBytes;
    mostBytes_ = mostBytes;
    const auto start = reinterpret_cast<uintptr_t>(memory_.get());
    free_ = reinterpret_cast<char*>((start + alignment - 1) / alignment * alignment);
    memset(free_, guardByte, guardBytes);
    free_ += guardBytes;
    if (dynamicBytes > 0) place(nullptr, dynamicBytes, "extern __shared__");
}

char* SharedMemory::place(const void* key, size_t bytes, const char* name) {
    char* begin = free_;
    const size_t padded = (bytes + guardBytes - 1) / guardBytes * guardBytes;
    memset(begin, 0xff, bytes);
    memset(begin + bytes, guardByte, padded - bytes + guardBytes);
    free_ += padded + guardBytes;
    usedBytes_ += (bytes + 15) / 16 * 16;
    arrays_.push_back({key, begin, bytes, name});
    return begin;
}

void* SharedMemory::array(const void* key, size_t bytes, const char* name, bool& made) {
    for (const Array& a : arrays_) {
        if (a.key == key) return a.begin;
    }
    made = true;
    if (usedBytes_ + bytes > mostBytes_) return nullptr;
    return place(key, bytes, name);
}

std::string SharedMemory::damage() const {
    for (const Array& a : arrays_) {
        const size_t after = (a.bytes + guardBytes - 1) / guardBytes * guardBytes - a.bytes + guardBytes;
        for (size_t i = 0; i < guardBytes; i++) {
            if ((unsigned char)a.begin[-1 - (ptrdiff_t)i] != guardByte) {
                return "wrote " + std::to_string(i + 1) + " bytes before the start of shared array " + a.name;
            }
        }
        for (size_t i = 0; i < after; i++) {
            if ((unsigned char)a.begin[a.bytes + i] != guardByte) {
                return "wrote at byte " + std::to_string(a.bytes + i) + " of shared array " + a.name + ", which has "
                       + std::to_string(a.bytes);
            }
        }
    }
    return "";
}

}  // namespace seiche
