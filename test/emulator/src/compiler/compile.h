// From the text of kernels to a shared library, by g++, through a cache on disk.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace seiche {

struct Source {
    std::string name;  // as error messages and checker say it: "matmul.cu"
    std::string text;
    std::vector<std::pair<std::string, std::string>> headers;  // by the name they are included under
    std::vector<std::string> flags;                            // -D... and -ffp-contract=...
};

// An image that a module is loaded from: C++ that needs no header, and the flags to compile it with. It is text, ends
// in a NUL byte, and stays good wherever it is kept.
struct Image {
    std::string flags;
    std::string text;
    std::string write() const;
    // False where the bytes are no image of this build of the emulator, for example a cubin.
    static bool read(const char* bytes, Image& image);
};

// Changes with the device's headers and the rewriter: images of one number only fit libraries of the same.
int imageVersion();

// Preprocesses and rewrites; false with g++'s own words in log.
bool toImage(const Source& source, Image& image, std::string& log);

// The path of the shared library that an image compiles to; empty with g++'s words in log where it does not.
std::string toLibrary(const Image& image, bool checked, std::string& log);

}  // namespace seiche
