// Kernels of checked mode are also compiled with -fsanitize=alignment,bounds,null,shift,signed-integer-overflow and
// integer-divide-by-zero. What these find comes here.
#include <cstdint>
#include <cstdio>
#include <string>

#include "../runtime/block.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

// The records that g++ passes, see "sanitizer handlers" in its sources: a place in the text, then what it is about.
struct Place {
    const char* file;
    uint32_t line, column;
};
struct Type {
    uint16_t kind, info;
    char name[1];
};
struct Mismatch {
    Place place;
    const Type* type;
    unsigned char logAlignment;
    unsigned char kind;
};
struct Index {
    Place place;
    const Type* arrayType;
    const Type* indexType;
};

[[noreturn]] void stop(const Place& place, const std::string& what) {
    seiche_stop(what.c_str(), place.file, (int)place.line);
}

}  // namespace

EXPORT void __ubsan_handle_type_mismatch_v1_abort(Mismatch* about, uintptr_t address) {
    const unsigned alignment = 1u << about->logAlignment;
    if (address == 0) stop(about->place, std::string("null pointer to ") + about->type->name);
    stop(about->place,
         std::string("misaligned: ") + about->type->name + " at an address that is " + std::to_string(address % alignment)
                 + " more than a multiple of " + std::to_string(alignment));
}

EXPORT void __ubsan_handle_out_of_bounds_abort(Index* about, uintptr_t index) {
    stop(about->place,
         "out of bounds: index " + std::to_string((long long)(int)index) + " into an array of type " + about->arrayType->name);
}

#define HANDLE(name, what) \
    EXPORT void __ubsan_handle_##name##_abort(Place* place, ...) { stop(*place, what); }
HANDLE(add_overflow, "overflow: signed addition")
HANDLE(sub_overflow, "overflow: signed subtraction")
HANDLE(mul_overflow, "overflow: signed multiplication")
HANDLE(negate_overflow, "overflow: negation of the least integer")
HANDLE(divrem_overflow, "integer division by zero, or of the least int by -1")
HANDLE(shift_out_of_bounds, "shift by more bits than there are, or of a negative number")
HANDLE(pointer_overflow, "overflow: pointer arithmetic")
