#pragma once
#include <string>

namespace seiche {

// The line of the kernel's source that the machine code before a return address comes from, as "matmul.cu:41".
// Asks addr2line, which is part of binutils, as the assembler that g++ needs is.
std::string sourceLine(const void* returnAddress);

}  // namespace seiche
