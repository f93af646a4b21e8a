#pragma once
#include <string>

namespace seiche {

// Turns preprocessed CUDA C++ into C++: __shared__ statements become references into the memory of the block, kernels
// get an entry that the driver finds. Returns false, and what is wrong as "file:line: error: ...", for what it cannot
// read: a __shared__ statement of several variables or with an initialiser.
bool rewrite(const std::string& text, std::string& result, std::string& errors);

}  // namespace seiche
