// Modules, functions, launches.
#include <dlfcn.h>
#include <link.h>

#include "calls.h"
#include "limits.h"

using namespace seiche;

EXPORT int cuModuleLoadData(void** module, const void* image) {
    return withContext([&](Context& context) -> int {
        if (context.sticky != success) return context.sticky;
        Module* made = nullptr;
        const Status status = context.load(static_cast<const char*>(image), made);
        *module = made;
        return status;
    });
}

template <typename F>
static int withModule(void* handle, F body) {
    return withContext([&](Context& context) -> int {
        Module* module = context.modules.find(handle);
        if (module == nullptr) return fail(invalidHandle, "the module was unloaded, or is of another context");
        return body(context, *module);
    });
}

EXPORT int cuModuleUnload(void* handle) {
    return withModule(handle, [](Context& context, Module& module) {
        context.unload(module);
        return success;
    });
}

EXPORT int cuModuleGetFunction(void** function, void* handle, const char* name) {
    return withModule(handle, [&](Context& context, Module& module) {
        Function* found = nullptr;
        const Status status = context.function(module, name, found);
        *function = found;
        return status;
    });
}

// The __constant__ variable of a name.
EXPORT int cuModuleGetGlobal_v2(unsigned long long* pointer, size_t* bytes, void* handle, const char* name) {
    return withModule(handle, [&](Context& context, Module& module) -> int {
        void* address = dlsym(module.library, name);
        if (address == nullptr) return fail(notFound, std::string("the module has no variable ") + name);
        Dl_info library;
        const ElfW(Sym)* symbol = nullptr;
        dladdr1(address, &library, reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)), RTLD_DL_SYMENT);
        const size_t size = symbol == nullptr ? 0 : symbol->st_size;
        context.memory.addVariable(reinterpret_cast<uint64_t>(address), size, name);
        module.variables.push_back(reinterpret_cast<uint64_t>(address));
        if (pointer != nullptr) *pointer = reinterpret_cast<uint64_t>(address);
        if (bytes != nullptr) *bytes = size;
        return success;
    });
}

template <typename F>
static int withFunction(void* handle, F body) {
    return withContext([&](Context& context) -> int {
        Function* function = context.functionOf(handle);
        if (function == nullptr) return fail(invalidHandle, "the function's module was unloaded, or is of another context");
        return body(context, *function);
    });
}

EXPORT int cuFuncSetAttribute(void* handle, int which, int value) {
    constexpr int mostDynamicShared = 8;
    return withFunction(handle, [&](Context&, Function& function) -> int {
        if (which != mostDynamicShared) return success;
        if (value < 0 || (size_t)value > Limits::sharedPerBlockOptIn) {
            return fail(invalidValue, "cuFuncSetAttribute: " + std::to_string(value) + " bytes of dynamic shared memory, at most "
                                              + std::to_string(Limits::sharedPerBlockOptIn));
        }
        function.mostDynamicShared = (size_t)value;
        return success;
    });
}

EXPORT int cuLaunchKernel(
        void* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
        unsigned dynamicShared, void* streamHandle, void** parameters, void** extra) {
    return withStream(streamHandle, [&](Context&, Stream& stream) {
        return withFunction(handle, [&](Context& context, Function& function) {
            const Context::Extent extent{dim3(gridX, gridY, gridZ), dim3(blockX, blockY, blockZ), dynamicShared};
            return context.launch(function, extent, stream, parameters, extra);
        });
    });
}
