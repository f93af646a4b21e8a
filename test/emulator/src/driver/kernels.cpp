// Modules and launches.
#include <dlfcn.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "../compiler/compile.h"
#include "../runtime/workers.h"
#include "context.h"
#include "limits.h"

namespace seiche {

Module::~Module() {
    if (library != nullptr) dlclose(library);
}

Status Context::load(const char* bytes, Module*& module) {
    Image image;
    if (bytes == nullptr || !Image::read(bytes, image)) {
        return fail(invalidImage, "the image was not made by the emulated NVRTC of the same build");
    }
    std::string log;
    const std::string path = toLibrary(image, device.checked, log);
    if (path.empty()) return fail(invalidImage, "the image does not compile" + std::string(device.checked ? " in checked mode" : "") + ":\n" + log);
    auto made = std::make_unique<Module>();
    made->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (made->library == nullptr) return fail(invalidImage, dlerror());
    if (checker) checker->moduleLoaded(made->library);
    module = modules.add(std::move(made));
    return success;
}

void Context::unload(Module& module) {
    synchroniseAll();
    for (auto& entry : module.functions) functions_.erase(entry.second.get());
    for (uint64_t variable : module.variables) memory.removeVariable(variable);
    modules.remove(&module);
}

Status Context::function(Module& module, const char* name, Function*& function) {
    auto& known = module.functions[name];
    if (!known) {
        void* entry = dlsym(module.library, (std::string("seiche_kernel_") + name).c_str());
        if (entry == nullptr) {
            module.functions.erase(name);
            return fail(notFound, std::string("the module has no kernel ") + name);
        }
        known.reset(new Function{this, name, static_cast<const SeicheKernel*>(entry)});
        functions_[known.get()] = known.get();
    }
    function = known.get();
    return success;
}

Function* Context::functionOf(void* handle) const {
    auto at = functions_.find(handle);
    return at == functions_.end() ? nullptr : at->second;
}

// Copies bytes from where a caller says they are; false where nothing is. Asks the kernel, because a wrong pointer must
// be an error and not the end of the JVM.
static bool readSafely(void* to, const void* from, size_t bytes) {
    iovec local{to, bytes}, remote{const_cast<void*>(from), bytes};
    const ssize_t n = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (n == (ssize_t)bytes) return true;
    if (n < 0 && (errno == ENOSYS || errno == EPERM)) {  // not allowed here: trust the caller
        memcpy(to, from, bytes);
        return true;
    }
    return false;
}

Status Context::readArguments(const Function& f, void** parameters, void** extra, Launch& launch) {
    const int count = f.kernel->parameterCount;
    const std::string takes = "kernel " + f.name + " takes " + std::to_string(count) + " arguments";
    launch.argumentValues.resize((size_t)count);
    if (extra != nullptr) return fail(notSupported, takes + ": give them as kernelParams, extra is not emulated");
    std::vector<void*> places((size_t)count);
    if (count > 0 && (parameters == nullptr || !readSafely(places.data(), parameters, sizeof(void*) * (size_t)count))) {
        return fail(invalidValue, takes + ", and the list of arguments is shorter");
    }
    for (int i = 0; i < count; i++) {
        const size_t size = f.kernel->parameters[i].size;
        std::vector<char>& value = launch.argumentValues[(size_t)i];
        // Room for the alignment of the largest types: vectors of char start at multiples of 16.
        value.resize(size);
        if (!readSafely(value.data(), places[(size_t)i], size)) {
            return fail(invalidValue, takes + ", and argument " + std::to_string(i) + " of " + std::to_string(size)
                                              + " bytes cannot be read: are all of them given?");
        }
    }
    for (auto& value : launch.argumentValues) launch.arguments.push_back(value.data());
    return success;
}

Status Context::checkPointers(const Function& f, const Launch& launch, std::vector<Use>& uses) {
    for (int i = 0; i < f.kernel->parameterCount; i++) {
        const SeicheParameter& p = f.kernel->parameters[i];
        if (p.kind == SEICHE_VALUE) continue;
        uint64_t address;
        memcpy(&address, launch.argumentValues[(size_t)i].data(), sizeof address);
        if (address == 0) continue;  // nothing given; a kernel that uses it faults
        const std::string as = "argument " + std::to_string(i) + " (" + (p.kind == SEICHE_POINTER_READ ? "read" : "written") + ")";
        std::string why;
        if (memory.require(address, 1, "kernel " + f.name + ": " + as, why) == nullptr) {
            Context* owner = ownerOf(address);
            if (owner != nullptr) {
                why += "; it belongs to device " + std::to_string(owner->device.ordinal) + ", the kernel runs on device "
                       + std::to_string(device.ordinal);
            }
            return fail(invalidValue, why);
        }
        uses.push_back({address, 0, p.kind == SEICHE_POINTER_WRITTEN, as});
    }
    return success;
}

static std::string triple(const dim3& v) {
    return std::to_string(v.x) + "x" + std::to_string(v.y) + "x" + std::to_string(v.z);
}

static Status checkExtent(const Function& f, const Context::Extent& e) {
    const dim3 b = e.block, g = e.grid;
    const uint64_t threads = (uint64_t)b.x * b.y * b.z;
    const std::string what = "kernel " + f.name + ": grid " + triple(g) + ", block " + triple(b) + ": ";
    if (threads == 0 || g.x == 0 || g.y == 0 || g.z == 0) return fail(invalidValue, what + "nothing to run");
    if (b.x > Limits::threadsPerBlock || b.y > Limits::threadsPerBlock || threads > Limits::threadsPerBlock || b.z > Limits::blockZ) {
        return fail(invalidValue, what + "a block has 1024 threads at most, 64 along z");
    }
    if (g.x > Limits::gridX || g.y > Limits::gridYZ || g.z > Limits::gridYZ) {
        return fail(invalidValue, what + "a grid has 2147483647 x 65535 x 65535 blocks at most");
    }
    if (f.kernel->mostThreads > 0 && threads > (uint64_t)f.kernel->mostThreads) {
        return fail(invalidValue, what + "__launch_bounds__ promises " + std::to_string(f.kernel->mostThreads) + " threads at most");
    }
    if (e.dynamicShared > f.mostDynamicShared) {
        return fail(invalidValue, what + std::to_string(e.dynamicShared) + " bytes of dynamic shared memory; the function allows "
                                          + std::to_string(f.mostDynamicShared));
    }
    return success;
}

Status Context::launch(Function& f, const Extent& extent, Stream& stream, void** parameters, void** extra) {
    if (sticky != success) return sticky;
    Status status = checkExtent(f, extent);
    if (status != success) return status;
    auto launch = std::make_shared<Launch>();
    launch->kernel = f.name;
    launch->entry = f.kernel;
    launch->grid = extent.grid;
    launch->block = extent.block;
    launch->dynamicShared = extent.dynamicShared;
    launch->mostShared = std::max(Limits::sharedPerBlock, f.mostDynamicShared);
    launch->reverse = device.reverse;
    launch->checker = checker.get();
    std::vector<Use> uses;
    status = readArguments(f, parameters, extra, *launch);
    if (status == success) status = checkPointers(f, *launch, uses);
    if (status != success) return status;
    return enqueue(stream, "kernel " + f.name, uses, [this, launch, uses] { return runKernel(*launch, uses); });
}

Status Context::runKernel(const Launch& launch, const std::vector<Use>& uses) {
    if (checker) checker->startLaunch();
    std::optional<Fault> fault = Workers::all().run(launch);
    if (fault) return fail(launchFailed, fault->text(launch.kernel));
    for (const Use& use : uses) {
        const Allocation* a = memory.find(use.begin);
        const std::string harm = a != nullptr ? DeviceMemory::damage(*a) : "";
        if (!harm.empty()) {
            return fail(illegalAddress, "kernel " + launch.kernel + " (" + use.as + "): " + harm
                                                + "; a checked device tells the line");
        }
    }
    return success;
}

}  // namespace seiche
