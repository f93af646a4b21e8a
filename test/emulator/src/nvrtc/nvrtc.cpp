// libnvrtc.so.12: takes CUDA C++ and gives images that the emulated driver loads.
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "../compiler/compile.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace seiche;

namespace {

enum Result { success = 0, outOfMemory = 1, invalidInput = 3, invalidProgram = 4, invalidOption = 5, compilation = 6 };

struct Program {
    Source source;
    std::string log;
    std::string image;
};

bool startsWith(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

// Options that a GPU's compiler reads and that change nothing here.
bool changesNothing(const std::string& option) {
    for (const char* known :
         {"-default-device", "--device-as-default-execution-space", "--std=c++", "-std=c++", "--ptxas-options", "-Xptxas",
          "-lineinfo", "--generate-line-info", "-G", "--device-debug", "--restrict", "-restrict", "-w", "--disable-warnings",
          "--extra-device-vectorization", "-extra-device-vectorization", "--maxrregcount", "-maxrregcount", "-I",
          "--include-path", "--warn-on-spills", "-split-compile", "--split-compile", "--dopt", "-dopt", "-diag-",
          "--diag-", "--use_fast_math", "-use_fast_math", "--ftz", "-ftz", "--prec-", "-prec-"}) {
        if (startsWith(option, known)) return true;
    }
    return false;
}

// True when the option is known; adds what g++ is to be told.
bool readOption(const std::string& option, std::vector<std::string>& flags) {
    for (const char* name : {"--gpu-architecture=", "-arch="}) {
        if (!startsWith(option, name)) continue;
        const size_t digits = option.find_first_of("0123456789");
        if (digits == std::string::npos) return false;
        flags.push_back("-D__CUDA_ARCH__=" + std::to_string(atoi(option.c_str() + digits) * 10));
        return true;
    }
    for (const char* name : {"--define-macro=", "-D"}) {
        if (!startsWith(option, name)) continue;
        flags.push_back("-D" + option.substr(strlen(name)));
        return true;
    }
    if (option == "--fmad=false" || option == "-fmad=false") {
        flags.push_back("-ffp-contract=off");
        return true;
    }
    if (option == "--fmad=true" || option == "-fmad=true") return true;
    return changesNothing(option);
}

Program* of(void* program) { return static_cast<Program*>(program); }

}  // namespace

EXPORT const char* nvrtcGetErrorString(int result) {
    switch (result) {
        case success: return "NVRTC_SUCCESS";
        case outOfMemory: return "NVRTC_ERROR_OUT_OF_MEMORY";
        case invalidInput: return "NVRTC_ERROR_INVALID_INPUT";
        case invalidProgram: return "NVRTC_ERROR_INVALID_PROGRAM";
        case invalidOption: return "NVRTC_ERROR_INVALID_OPTION";
        case compilation: return "NVRTC_ERROR_COMPILATION";
        default: return "NVRTC_ERROR unknown";
    }
}

// A version that no real one has, and that changes with what images look like: caches of compiled kernels, which go by
// the version, never give one to libraries that it does not fit.
EXPORT int nvrtcVersion(int* major, int* minor) {
    *major = 12;
    *minor = 1000 + imageVersion();
    return success;
}

EXPORT int nvrtcGetNumSupportedArchs(int* count) {
    *count = 5;
    return success;
}

EXPORT int nvrtcGetSupportedArchs(int* archs) {
    const int all[] = {75, 80, 86, 89, 90};
    memcpy(archs, all, sizeof all);
    return success;
}

EXPORT int nvrtcCreateProgram(
        void** program, const char* text, const char* name, int headers, const char* const* headerTexts,
        const char* const* headerNames) {
    if (program == nullptr || text == nullptr) return invalidInput;
    auto* made = new Program;
    made->source.text = text;
    made->source.name = name != nullptr && *name != 0 ? name : "default_program";
    for (int i = 0; i < headers; i++) made->source.headers.push_back({headerNames[i], headerTexts[i]});
    *program = made;
    return success;
}

EXPORT int nvrtcDestroyProgram(void** program) {
    if (program == nullptr || *program == nullptr) return invalidProgram;
    delete of(*program);
    *program = nullptr;
    return success;
}

EXPORT int nvrtcCompileProgram(void* program, int optionCount, const char* const* options) {
    if (program == nullptr) return invalidProgram;
    Program& p = *of(program);
    p.log.clear();
    p.image.clear();
    p.source.flags = {"-ffp-contract=fast"};  // as --fmad=true, which is the default
    for (int i = 0; i < optionCount; i++) {
        if (!readOption(options[i], p.source.flags)) {
            p.log = "nvrtc: error: invalid value for option " + std::string(options[i]) + "\n";
            return invalidOption;
        }
    }
    Image image;
    if (!toImage(p.source, image, p.log) || toLibrary(image, false, p.log).empty()) return compilation;
    p.image = image.write();
    return success;
}

EXPORT int nvrtcGetPTXSize(void* program, size_t* size) {
    if (program == nullptr) return invalidProgram;
    *size = of(program)->image.size() + 1;
    return success;
}

EXPORT int nvrtcGetPTX(void* program, char* to) {
    if (program == nullptr) return invalidProgram;
    memcpy(to, of(program)->image.c_str(), of(program)->image.size() + 1);
    return success;
}

EXPORT int nvrtcGetCUBINSize(void* program, size_t* size) { return nvrtcGetPTXSize(program, size); }

EXPORT int nvrtcGetCUBIN(void* program, char* to) { return nvrtcGetPTX(program, to); }

EXPORT int nvrtcGetProgramLogSize(void* program, size_t* size) {
    if (program == nullptr) return invalidProgram;
    *size = of(program)->log.size() + 1;
    return success;
}

EXPORT int nvrtcGetProgramLog(void* program, char* to) {
    if (program == nullptr) return invalidProgram;
    memcpy(to, of(program)->log.c_str(), of(program)->log.size() + 1);
    return success;
}
