// Short vectors, aligned as on the device: a load of one at another address is a fault.
#pragma once

#define SEICHE_VECTOR2(type, name, bytes)          \
    struct alignas(bytes) name##2 {                \
        type x, y;                                 \
    };                                             \
    inline name##2 make_##name##2(type x, type y) { return {x, y}; }
#define SEICHE_VECTOR4(type, name, bytes)                            \
    struct alignas(bytes) name##4 {                                  \
        type x, y, z, w;                                             \
    };                                                               \
    inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

SEICHE_VECTOR2(float, float, 8)
SEICHE_VECTOR2(int, int, 8)
SEICHE_VECTOR2(unsigned, uint, 8)
SEICHE_VECTOR2(double, double, 16)
SEICHE_VECTOR2(long long, longlong, 16)
SEICHE_VECTOR2(unsigned long long, ulonglong, 16)
SEICHE_VECTOR4(float, float, 16)
SEICHE_VECTOR4(int, int, 16)
SEICHE_VECTOR4(unsigned, uint, 16)
SEICHE_VECTOR4(unsigned char, uchar, 4)
struct float3 {
    float x, y, z;
};
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
struct int3 {
    int x, y, z;
};
inline int3 make_int3(int x, int y, int z) { return {x, y, z}; }
inline uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }
