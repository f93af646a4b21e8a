// Tensor cores, asynchronous copies and short floating formats. A kernel's own header forwards to these where
// __CUDA_EMULATED__ is defined, and says the same in PTX elsewhere. Layouts of the fragments: PTX ISA, "Matrix
// fragments for mma".
#pragma once

namespace emulated {

// cvt.rna.tf32.f32: to 10 bits of fraction, nearest, ties away from zero.
inline unsigned float_to_tf32(float x) {
    unsigned bits = __float_as_uint(x);
    if ((bits & 0x7f800000u) == 0x7f800000u) return bits;
    return (bits + 0x1000u) & 0xffffe000u;
}
inline float half_to_float(unsigned short bits) {
    _Float16 half;
    __builtin_memcpy(&half, &bits, 2);
    return (float)half;
}
inline unsigned short float_to_half(float x) {
    _Float16 half = (_Float16)x;
    unsigned short bits;
    __builtin_memcpy(&bits, &half, 2);
    return bits;
}
inline float bf16_to_float(unsigned short bits) { return __uint_as_float((unsigned)bits << 16); }
// Nearest, ties to even.
inline unsigned short float_to_bf16(float x) {
    unsigned bits = __float_as_uint(x);
    if (x != x) return 0x7fff;
    return (unsigned short)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

// The registers that the 32 lanes bring to a product, by lane.
template <typename Registers>
inline const Registers* const* all_lanes(const Registers& mine, const char* file, int line) {
    unsigned long long table = seiche_warp(
            SEICHE_WARP_GATHER, 0xffffffffu, (unsigned long long)&mine, 0, 32, file, line);
    return (const Registers* const*)table;
}
inline void all_lanes_have_read(const char* file, int line) {
    seiche_warp(SEICHE_WARP_SYNC, 0xffffffffu, 0, 0, 32, file, line);
}

template <int A, int B>
struct Fragments {
    unsigned a[A], b[B];
};

// What the tensor core reads of a tf32 register: the upper 19 bits.
inline float tf32_of(unsigned register_) { return __uint_as_float(register_ & 0xffffe000u); }

// d[16x8] += a[16x8] b[8x8], a row-major, b column-major, f32 accumulators.
inline void mma_m16n8k8_tf32(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], SEICHE_WHERE) {
    Fragments<4, 2> mine = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
    const Fragments<4, 2>* const* of = all_lanes(mine, file, line);
    int lane = (int)(seiche_thread->index % 32);
    for (int i = 0; i < 4; i++) {
        int row = lane / 4 + 8 * (i / 2);
        int column = lane % 4 * 2 + i % 2;
        float sum = 0.0f;
        for (int k = 0; k < 8; k++) {
            float left = tf32_of(of[row % 8 * 4 + k % 4]->a[row / 8 + 2 * (k / 4)]);
            float right = tf32_of(of[column * 4 + k % 4]->b[k / 4]);
            sum += left * right;
        }
        d[i] += sum;
    }
    all_lanes_have_read(file, line);
}

// d[16x8] += a[16x16] b[16x8] of a 16-bit format, two elements a register, the lower half first.
template <typename Widen>
inline void mma_m16n8k16(
        float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], Widen widen, const char* file, int line) {
    Fragments<4, 2> mine = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
    const Fragments<4, 2>* const* of = all_lanes(mine, file, line);
    int lane = (int)(seiche_thread->index % 32);
    for (int i = 0; i < 4; i++) {
        int row = lane / 4 + 8 * (i / 2);
        int column = lane % 4 * 2 + i % 2;
        float sum = 0.0f;
        for (int k = 0; k < 16; k++) {
            unsigned left = of[row % 8 * 4 + k % 8 / 2]->a[row / 8 + 2 * (k / 8)];
            unsigned right = of[column * 4 + k % 8 / 2]->b[k / 8];
            sum += widen((unsigned short)(left >> 16 * (k % 2))) * widen((unsigned short)(right >> 16 * (k % 2)));
        }
        d[i] += sum;
    }
    all_lanes_have_read(file, line);
}
inline void mma_m16n8k16_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], SEICHE_WHERE) {
    mma_m16n8k16(d, a, b, half_to_float, file, line);
}
inline void mma_m16n8k16_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], SEICHE_WHERE) {
    mma_m16n8k16(d, a, b, bf16_to_float, file, line);
}

// d[8x8] += a[8x4] b[4x8] in f64.
inline void mma_m8n8k4_f64(double (&d)[2], double a, double b, SEICHE_WHERE) {
    struct Pair {
        double a, b;
    } mine = {a, b};
    const Pair* const* of = all_lanes(mine, file, line);
    int lane = (int)(seiche_thread->index % 32);
    for (int i = 0; i < 2; i++) {
        int column = lane % 4 * 2 + i;
        for (int k = 0; k < 4; k++) {
            d[i] = fma(of[lane / 4 * 4 + k]->a, of[column * 4 + k]->b, d[i]);
        }
    }
    all_lanes_have_read(file, line);
}

// cp.async of 4, 8 or 16 bytes, the rest after sourceBytes filled with zeros. The bytes arrive at the wait, no sooner.
inline __attribute__((always_inline)) void cp_async(void* shared, const void* global, int bytes, int sourceBytes) {
    seiche_async_copy(shared, global, bytes, sourceBytes);
}
inline __attribute__((always_inline)) void cp_async(void* shared, const void* global, int bytes) {
    seiche_async_copy(shared, global, bytes, bytes);
}
inline void cp_async_commit() { seiche_async_commit(); }
inline __attribute__((always_inline)) void cp_async_wait(int groupsLeft) { seiche_async_wait(groupsLeft); }

}  // namespace emulated
