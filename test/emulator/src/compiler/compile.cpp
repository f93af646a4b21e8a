#include "compile.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "process.h"
#include "rewrite.h"

#ifndef SEICHE_CXX
#define SEICHE_CXX "g++"
#endif

namespace seiche {

int imageVersion() { return SEICHE_ABI; }

static const std::string firstLine = "//seiche-emulated-module " + std::to_string(SEICHE_ABI) + " ";

// Stack clash protection touches a large frame page by page: it meets the guard page of its stack, where it would otherwise
// step over it and write into the stack of another worker.
static const std::vector<std::string> commonFlags = {
        "-std=c++17", "-march=native", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-fno-strict-aliasing", "-fno-gnu-unique",
        "-fstack-clash-protection", "-Wno-unknown-pragmas", "-Wno-attributes"};
static const std::vector<std::string> fastFlags = {"-O2", "-g1"};
// Without -O2's merging of accesses each one is seen as it stands in the source.
static const std::vector<std::string> checkedFlags = {
        "-O1", "-g", "-fno-tree-vectorize", "-fsanitize=thread", "--param=tsan-instrument-func-entry-exit=0",
        "-fsanitize=alignment,bounds,null,shift,signed-integer-overflow,integer-divide-by-zero",
        "-fno-sanitize-recover=all"};

// The directory of the emulator's libraries, where device/ and cache/ are too.
static std::string home() {
    static const char here = 0;
    Dl_info self;
    dladdr(&here, &self);
    const std::string path = self.dli_fname;
    return path.substr(0, path.rfind('/'));
}

static std::string readFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

static bool exists(const std::string& path) {
    struct stat status;
    return stat(path.c_str(), &status) == 0;
}

// Written under another name first, so that nobody reads half a file.
static void writeFile(const std::string& path, const std::string& text, const std::string& scratch) {
    std::ofstream(scratch, std::ios::binary) << text;
    rename(scratch.c_str(), path.c_str());
}

// FNV-1a with 128 bits.
static std::string digest(const std::string& text) {
    const unsigned __int128 prime = ((unsigned __int128)1 << 88) + 0x13b;
    unsigned __int128 hash = ((unsigned __int128)0x6c62272e07bb0142ull << 64) | 0x62b821756295c58dull;
    for (char c : text) hash = (hash ^ (unsigned char)c) * prime;
    char hex[33];
    snprintf(hex, sizeof hex, "%016llx%016llx", (unsigned long long)(hash >> 64), (unsigned long long)hash);
    return hex;
}

// What else the machine code depends on: the compiler and, by -march=native, the processor.
static const std::string& machine() {
    static const std::string* text = [] {
        auto* description = new std::string;
        run({SEICHE_CXX, "-march=native", "-Q", "--help=target"}, "", description);
        run({SEICHE_CXX, "--version"}, "", description);
        return description;
    }();
    return *text;
}

// A directory of one's own below the cache, removed at the end.
class Scratch {
public:
    Scratch() {
        static std::atomic<int> count{0};
        const std::string cache = home() + "/cache";
        mkdir(cache.c_str(), 0777);
        path = cache + "/scratch-" + std::to_string(getpid()) + "-" + std::to_string(count++);
        mkdir(path.c_str(), 0777);
    }
    ~Scratch() {
        for (const std::string& file : files_) unlink(file.c_str());
        rmdir(path.c_str());
    }
    std::string file(const std::string& name) {
        files_.push_back(path + "/" + name);
        return files_.back();
    }
    std::string path;

private:
    std::vector<std::string> files_;
};

std::string Image::write() const { return firstLine + flags + "\n" + text; }

bool Image::read(const char* bytes, Image& image) {
    if (strncmp(bytes, firstLine.c_str(), firstLine.size()) != 0) return false;
    const char* flags = bytes + firstLine.size();
    const char* end = strchr(flags, '\n');
    if (end == nullptr) return false;
    image.flags.assign(flags, end);
    image.text = end + 1;
    return true;
}

static std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string word; in >> word;) all.push_back(word);
    return all;
}

bool toImage(const Source& source, Image& image, std::string& log) {
    const std::string device = home() + "/device";
    std::string all = machine() + source.name + source.text;
    for (const auto& header : source.headers) all += header.first + header.second;
    for (const std::string& flag : source.flags) all += flag + "\n";
    for (const char* part : {"thread", "cuda", "vectors", "math", "atomics", "warp", "tensor_core"}) {
        all += readFile(device + "/" + part + ".h");
    }
    const std::string cached = home() + "/cache/" + digest(all) + ".image";
    if (exists(cached) && Image::read(readFile(cached).c_str(), image)) return true;

    Scratch scratch;
    // The name that messages and the checker will say.
    const std::string input = source.name.substr(source.name.rfind('/') + 1);
    std::ofstream(scratch.file(input)) << source.text;
    for (const auto& header : source.headers) std::ofstream(scratch.file(header.first)) << header.second;
    std::vector<std::string> command = {SEICHE_CXX, "-E", "-x", "c++", "-std=c++17", "-nostdinc", "-include",
                                        device + "/cuda.h", "-I."};
    for (const std::string& flag : source.flags) {
        if (flag.rfind("-D", 0) == 0 || flag.rfind("-U", 0) == 0) command.push_back(flag);
    }
    const std::string output = scratch.file("kernels.ii");
    command.insert(command.end(), {input, "-o", output});
    if (run(command, scratch.path, &log) != 0) return false;
    if (!rewrite(readFile(output), image.text, log)) return false;
    image.flags.clear();
    for (const std::string& flag : source.flags) {
        if (flag.rfind("-ffp-contract=", 0) == 0) image.flags += flag + " ";
    }
    writeFile(cached, image.write(), scratch.file("image"));
    return true;
}

std::string toLibrary(const Image& image, bool checked, std::string& log) {
    std::vector<std::string> flags = commonFlags;
    const std::vector<std::string>& more = checked ? checkedFlags : fastFlags;
    flags.insert(flags.end(), more.begin(), more.end());
    for (const std::string& flag : words(image.flags)) flags.push_back(flag);
    std::string all = machine() + image.text;
    for (const std::string& flag : flags) all += flag + "\n";
    const std::string library = home() + "/cache/" + digest(all) + (checked ? "-checked.so" : "-fast.so");
    if (exists(library)) return library;

    Scratch scratch;
    std::ofstream(scratch.file("kernels.ii")) << image.text;
    std::vector<std::string> compile = {SEICHE_CXX};
    compile.insert(compile.end(), flags.begin(), flags.end());
    compile.insert(compile.end(), {"-fPIC", "-c", "kernels.ii", "-o", scratch.file("kernels.o")});
    if (run(compile, scratch.path, &log) != 0) return "";
    const std::string linked = scratch.file("kernels.so");
    // libcuda.so.1 is loaded already: the name is enough to find it.
    if (run({SEICHE_CXX, "-shared", "kernels.o", home() + "/libcuda.so.1", "-o", linked}, scratch.path, &log) != 0) return "";
    rename(linked.c_str(), library.c_str());
    return library;
}

}  // namespace seiche
