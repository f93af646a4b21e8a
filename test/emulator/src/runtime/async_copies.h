#pragma once
#include <vector>

namespace seiche {

// The cp.async copies of one thread that have not arrived. They arrive where the thread waits for them and no sooner,
// so that a wait that is missing shows.
class AsyncCopies {
public:
    void clear() {
        if (!copies_.empty()) copies_.clear();
        group_ = 0;
    }
    void add(void* shared, const void* global, int bytes, int sourceBytes, const void* code);
    void commit() { group_++; }
    // Lets all groups but the last ones arrive.
    void wait(int groupsLeft);

private:
    struct Copy {
        char* to;
        const char* from;
        int bytes, sourceBytes;
        int group;
        const void* code;
    };
    std::vector<Copy> copies_;
    int group_ = 0;
};

}  // namespace seiche
