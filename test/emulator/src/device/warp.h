// What the lanes of a warp do together.
#pragma once

template <typename T>
inline T seiche_shuffle(SeicheWarpCall call, unsigned mask, T value, int argument, int width, const char* file, int line) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "a shuffle moves 4 or 8 bytes");
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    bits = seiche_warp(call, mask, bits, argument, width, file, line);
    T result;
    __builtin_memcpy(&result, &bits, sizeof(T));
    return result;
}

template <typename T>
inline T __shfl_sync(unsigned mask, T value, int lane, int width = 32, SEICHE_WHERE) {
    return seiche_shuffle(SEICHE_WARP_SHUFFLE, mask, value, lane, width, file, line);
}
template <typename T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, SEICHE_WHERE) {
    return seiche_shuffle(SEICHE_WARP_SHUFFLE_DOWN, mask, value, (int)delta, width, file, line);
}
template <typename T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, SEICHE_WHERE) {
    return seiche_shuffle(SEICHE_WARP_SHUFFLE_UP, mask, value, (int)delta, width, file, line);
}
template <typename T>
inline T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, SEICHE_WHERE) {
    return seiche_shuffle(SEICHE_WARP_SHUFFLE_XOR, mask, value, lanes, width, file, line);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, SEICHE_WHERE) {
    return (unsigned)seiche_warp(SEICHE_WARP_BALLOT, mask, predicate != 0, 0, 32, file, line);
}
inline int __any_sync(unsigned mask, int predicate, SEICHE_WHERE) {
    return __ballot_sync(mask, predicate, file, line) != 0;
}
inline int __all_sync(unsigned mask, int predicate, SEICHE_WHERE) {
    return __ballot_sync(mask, !predicate, file, line) == 0;
}
inline void __syncwarp(unsigned mask = 0xffffffffu, SEICHE_WHERE) {
    seiche_warp(SEICHE_WARP_SYNC, mask, 0, 0, 32, file, line);
}
// The lanes that have not ended. A GPU promises less: whoever relies on more than that has a bug.
inline unsigned __activemask(SEICHE_WHERE) {
    return (unsigned)seiche_warp(SEICHE_WARP_ACTIVE, 0, 0, 0, 32, file, line);
}
