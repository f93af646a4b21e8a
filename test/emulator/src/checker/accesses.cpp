// Kernels of checked mode are compiled with -fsanitize=thread: g++ puts a call before each access to memory. The library
// of that sanitizer is not linked; the calls come here.
#include <cstdint>

#include "../runtime/block.h"
#include "checker.h"

#define EXPORT extern "C" __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

namespace seiche {

static inline void look(const volatile void* address, unsigned bytes, Access kind, const void* code) {
    BlockRunner* runner = blockRunner;
    if (runner == nullptr || !runner->running() || runner->launch().checker == nullptr) return;
    runner->launch().checker->access(const_cast<const void*>(address), bytes, kind, code);
}

}  // namespace seiche

using seiche::Access;
using seiche::look;

EXPORT void __tsan_init() {}
EXPORT void __tsan_func_entry(void*) {}
EXPORT void __tsan_func_exit(void*) {}

#define ACCESSES(bytes)                                                                                         \
    EXPORT void __tsan_read##bytes(void* p) { look(p, bytes, Access::read, CALLER); }                           \
    EXPORT void __tsan_write##bytes(void* p) { look(p, bytes, Access::write, CALLER); }                         \
    EXPORT void __tsan_unaligned_read##bytes(void* p) { look(p, bytes, Access::read, CALLER); }                 \
    EXPORT void __tsan_unaligned_write##bytes(void* p) { look(p, bytes, Access::write, CALLER); }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
EXPORT void __tsan_read_range(void* p, unsigned long bytes) { look(p, (unsigned)bytes, Access::read, CALLER); }
EXPORT void __tsan_write_range(void* p, unsigned long bytes) { look(p, (unsigned)bytes, Access::write, CALLER); }

// The two that device/atomics.h is made of.
#define ATOMICS(bits, type)                                                                                           \
    EXPORT type __tsan_atomic##bits##_load(const volatile type* p, int) {                                             \
        look(p, bits / 8, Access::atomicRead, CALLER);                                                                \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                                  \
    }                                                                                                                 \
    EXPORT int __tsan_atomic##bits##_compare_exchange_weak(volatile type* p, type* expected, type v, int, int) {      \
        look(p, bits / 8, Access::atomicWrite, CALLER);                                                               \
        return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                \
    }                                                                                                                 \
    EXPORT int __tsan_atomic##bits##_compare_exchange_strong(volatile type* p, type* expected, type v, int, int) {    \
        look(p, bits / 8, Access::atomicWrite, CALLER);                                                               \
        return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                \
    }
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)
