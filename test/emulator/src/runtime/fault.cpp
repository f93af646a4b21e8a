#include "launch.h"
#include "source_line.h"

namespace seiche {

static std::string triple(const uint3& v) {
    return "(" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + ")";
}

std::string Fault::text(const std::string& kernel) const {
    std::string text = "kernel " + kernel + ", block " + triple(block);
    if (ofThread) text += ", thread " + triple(thread);
    text += ": " + what;
    std::string where = address != nullptr ? sourceLine(address) : line;
    if (!where.empty()) text += ", at " + where;
    if (otherAddress != nullptr) text += "; " + other + sourceLine(otherAddress);
    return text;
}

}  // namespace seiche
