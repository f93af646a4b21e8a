#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace seiche {

// What is known to have been done: for each stream of a context, up to which of its operations (a vector clock).
class Clock {
public:
    void join(const Clock& other) {
        if (done_.size() < other.done_.size()) done_.resize(other.done_.size());
        for (size_t i = 0; i < other.done_.size(); i++) done_[i] = std::max(done_[i], other.done_[i]);
    }
    void set(int stream, uint64_t number) {
        if (done_.size() <= (size_t)stream) done_.resize((size_t)stream + 1);
        done_[(size_t)stream] = number;
    }
    bool covers(int stream, uint64_t number) const { return (size_t)stream < done_.size() && done_[(size_t)stream] >= number; }

private:
    std::vector<uint64_t> done_;
};

}  // namespace seiche
