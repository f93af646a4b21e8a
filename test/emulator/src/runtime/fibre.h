// Threads of execution that give way to each other only where they say so.
#pragma once
#include <cstddef>
#if !defined(__x86_64__) && !defined(SEICHE_FIBRE_UCONTEXT)
#define SEICHE_FIBRE_UCONTEXT
#endif
#ifdef SEICHE_FIBRE_UCONTEXT
#include <ucontext.h>
#endif

namespace seiche {

// Where a suspended fibre goes on.
struct Fibre {
#ifdef SEICHE_FIBRE_UCONTEXT
    ucontext_t context;
#else
    void* stackPointer;
#endif
};

// Makes the fibre start in entry, which must never return, on the stack that ends at top.
void prepareFibre(Fibre& fibre, char* bottom, char* top, void (*entry)());

// Suspends the running fibre as `from` and goes on where `to` was suspended.
void switchFibre(Fibre& from, Fibre& to);

}  // namespace seiche
