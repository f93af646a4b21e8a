#include "fibre.h"

#include <cstdint>
#include <cstring>

namespace seiche {

#ifdef SEICHE_FIBRE_UCONTEXT

// Portable, and a system call at each switch.
void prepareFibre(Fibre& fibre, char* bottom, char* top, void (*entry)()) {
    getcontext(&fibre.context);
    fibre.context.uc_stack.ss_sp = bottom;
    fibre.context.uc_stack.ss_size = (size_t)(top - bottom);
    fibre.context.uc_link = nullptr;
    makecontext(&fibre.context, entry, 0);
}

void switchFibre(Fibre& from, Fibre& to) { swapcontext(&from.context, &to.context); }

#else

// The registers that a call keeps (System V ABI for x86-64) go to the stack, the stack is exchanged, and they are taken
// from the other. A tenth of the time of swapcontext, which also asks the kernel for the signal mask.
asm(R"(
    .text
    .globl seiche_switch_stack
    .hidden seiche_switch_stack
    .type seiche_switch_stack, @function
seiche_switch_stack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size seiche_switch_stack, . - seiche_switch_stack
)");
extern "C" void seiche_switch_stack(void** from, void* to);

void prepareFibre(Fibre& fibre, char*, char* top, void (*entry)()) {
    constexpr int keptRegisters = 6;
    auto* stack = reinterpret_cast<uint64_t*>(reinterpret_cast<uintptr_t>(top) & ~uintptr_t{15});
    *--stack = 0;  // where a caller's return address would be: entry finds the stack aligned as after a call
    *--stack = reinterpret_cast<uint64_t>(entry);
    stack -= keptRegisters;
    memset(stack, 0, keptRegisters * sizeof(uint64_t));
    fibre.stackPointer = stack;
}

void switchFibre(Fibre& from, Fibre& to) { seiche_switch_stack(&from.stackPointer, to.stackPointer); }

#endif

}  // namespace seiche
