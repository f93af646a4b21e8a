#include "async_copies.h"

#include <cstring>

#include "../checker/checker.h"
#include "block.h"

namespace seiche {

void AsyncCopies::add(void* shared, const void* global, int bytes, int sourceBytes, const void* code) {
    copies_.push_back({static_cast<char*>(shared), static_cast<const char*>(global), bytes, sourceBytes, group_, code});
}

void AsyncCopies::wait(int groupsLeft) {
    Checker* checker = blockRunner->launch().checker;
    size_t kept = 0;
    for (const Copy& copy : copies_) {
        if (copy.group >= group_ - groupsLeft) {
            copies_[kept++] = copy;
            continue;
        }
        if (checker != nullptr) {
            if (copy.sourceBytes > 0) checker->access(copy.from, (unsigned)copy.sourceBytes, Access::read, copy.code);
            checker->access(copy.to, (unsigned)copy.bytes, Access::write, copy.code);
        }
        memcpy(copy.to, copy.from, (size_t)copy.sourceBytes);
        memset(copy.to + copy.sourceBytes, 0, (size_t)(copy.bytes - copy.sourceBytes));
    }
    copies_.resize(kept);
}

}  // namespace seiche
