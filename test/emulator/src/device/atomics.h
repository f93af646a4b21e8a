// Atomic operations on memory. They are atomic on the host too, because blocks run on several of its threads.
#pragma once

template <int size>
struct SeicheWord;
template <>
struct SeicheWord<4> {
    typedef unsigned type;
};
template <>
struct SeicheWord<8> {
    typedef unsigned long long type;
};

template <typename T>
struct SeicheSame {
    typedef T type;
};
// Keeps an argument out of the deduction of T: atomicAdd(float*, 1) converts the 1.
template <typename T>
using SeicheValue = typename SeicheSame<T>::type;

// Replaces *p by f(*p) in one step; returns what it was.
template <typename T, typename F>
__forceinline__ T seiche_update(T* p, F f) {
    typedef typename SeicheWord<sizeof(T)>::type Word;
    Word* place = (Word*)p;
    Word before = __atomic_load_n(place, __ATOMIC_RELAXED);
    T old;
    Word after;
    do {
        __builtin_memcpy(&old, &before, sizeof(T));
        T changed = f(old);
        __builtin_memcpy(&after, &changed, sizeof(T));
    } while (!__atomic_compare_exchange_n(place, &before, after, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return old;
}

template <typename T>
__forceinline__ T atomicAdd(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return (T)(old + v); });
}
template <typename T>
__forceinline__ T atomicSub(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return (T)(old - v); });
}
template <typename T>
__forceinline__ T atomicMax(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return old < v ? v : old; });
}
template <typename T>
__forceinline__ T atomicMin(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return v < old ? v : old; });
}
template <typename T>
__forceinline__ T atomicAnd(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return (T)(old & v); });
}
template <typename T>
__forceinline__ T atomicOr(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return (T)(old | v); });
}
template <typename T>
__forceinline__ T atomicXor(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return (T)(old ^ v); });
}
template <typename T>
__forceinline__ T atomicExch(T* p, SeicheValue<T> v) {
    return seiche_update(p, [=](T) { return v; });
}
template <typename T>
__forceinline__ T atomicCAS(T* p, SeicheValue<T> expected, SeicheValue<T> v) {
    return seiche_update(p, [=](T old) { return old == expected ? v : old; });
}
inline unsigned atomicInc(unsigned* p, unsigned last) {
    return seiche_update(p, [=](unsigned old) { return old >= last ? 0u : old + 1; });
}
