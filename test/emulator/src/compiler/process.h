#pragma once
#include <string>
#include <vector>

namespace seiche {

// Runs a program that is found on the path, in a directory ("" for this one); returns its exit status, 127 where it
// cannot be started. What it prints, errors too, is appended to output. No shell, and no copy of a large JVM: posix_spawn.
int run(const std::vector<std::string>& command, const std::string& directory, std::string* output);

}  // namespace seiche
