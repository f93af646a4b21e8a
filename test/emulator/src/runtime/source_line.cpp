#include "source_line.h"

#include <dlfcn.h>

#include <cstdio>
#include <sstream>

#include "../compiler/process.h"

namespace seiche {

std::string sourceLine(const void* returnAddress) {
    Dl_info module;
    if (!dladdr(returnAddress, &module)) return "an unknown line";
    const auto offset = static_cast<const char*>(returnAddress) - static_cast<const char*>(module.dli_fbase) - 1;
    char address[32];
    snprintf(address, sizeof address, "%#lx", (unsigned long)offset);
    std::string output;
    run({"addr2line", "-i", "-e", module.dli_fname, address}, "", &output);
    // One line for each function that was inlined into the next, innermost first. Those of the device's own header are
    // left out: the kernel's author looks for his own.
    std::istringstream lines(output);
    std::string line, last = "an unknown line";
    while (std::getline(lines, line)) {
        const size_t note = line.find(" (");  // "(discriminator 3)"
        if (note != std::string::npos) line.erase(note);
        const bool ofDevice = line.find("/device/") != std::string::npos || line.rfind("??", 0) == 0;
        const size_t slash = line.rfind('/');
        last = slash == std::string::npos ? line : line.substr(slash + 1);
        if (!ofDevice) return last;
    }
    return last;
}

}  // namespace seiche
