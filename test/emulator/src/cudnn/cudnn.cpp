// libcudnn.so.9: descriptors and convolutions.
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include "../driver/library.h"
#include "convolution.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace seiche;

namespace {

// cudnnStatus_t of version 9
enum Result { ok = 0, notInitialized = 1001, badParameter = 2000, unsupported = 3000, executionFailed = 5000 };
constexpr int formatNhwc = 1;

struct Handle {
    void* stream = nullptr;
};

// Objects by the pointers that callers hold.
template <typename T>
class Table {
public:
    int create(void** handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        auto made = std::make_unique<T>();
        *handle = made.get();
        objects_[*handle] = std::move(made);
        return ok;
    }
    int destroy(void* handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        return objects_.erase(handle) == 1 ? ok : badParameter;
    }
    T* find(void* handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        auto at = objects_.find(handle);
        return at == objects_.end() ? nullptr : at->second.get();
    }

private:
    std::mutex mutex_;
    std::map<void*, std::unique_ptr<T>> objects_;
};

struct Tables {
    Table<Handle> handles;
    Table<Layout> tensors, filters;
    Table<Window> windows;
};

Tables& tables() {
    static auto* all = new Tables;
    return *all;
}

int describe(Layout* d, int format, int type, int n, int c, int h, int w) {
    if (d == nullptr || n <= 0 || c <= 0 || h <= 0 || w <= 0) return badParameter;
    if (type != 0 && type != 1) return unsupported;
    const long long C = c, H = h, W = w;
    if (format == formatNhwc) {
        *d = {n, c, h, w, H * W * C, 1, W * C, C, type};
    } else {
        *d = {n, c, h, w, C * H * W, H * W, W, 1, type};
    }
    return ok;
}

uint64_t addressOf(const void* p) { return reinterpret_cast<uint64_t>(p); }

// The numbers of algorithms: all compute the same, but one adds in another order each time, and one needs more memory than
// there is.
enum Algorithm { anyOrder = 0, plain = 1, tooLarge = 2 };

// A scratch area that callers must give, as large as the real library's often is.
size_t workspaceOf(const Convolution& c, int algorithm = plain) {
    return algorithm == tooLarge ? size_t{1} << 40 : (size_t)c.y.bytes();
}

struct Call {
    const char* name;
    int algorithm;
    void* handle;
    const void* alpha;
    const void* beta;
    void* workspace;
    size_t workspaceBytes;
};

// Enqueues what run(alpha, beta, 0.0f or 0.0) does, after looking at what all three kinds of convolution have in common.
template <typename Run>
int convolve(const Call& call, const Convolution& c, std::vector<Use> uses, const void* target, const Layout& targetLayout, Run run) {
    Handle* h = tables().handles.find(call.handle);
    if (h == nullptr) return notInitialized;
    if (c.misfit() != nullptr) return badParameter;
    if (call.workspaceBytes < workspaceOf(c, call.algorithm)) return badParameter;
    const bool wide = c.x.type == 1;
    auto scalar = [&](const void* p) { return wide ? *static_cast<const double*>(p) : (double)*static_cast<const float*>(p); };
    static std::atomic<int> turn{0};
    const double order = call.algorithm == anyOrder ? 1 + 0x1p-18 * (turn++ % 2) : 1;
    const double alpha = order * scalar(call.alpha), beta = scalar(call.beta);
    uses.push_back({addressOf(call.workspace), workspaceOf(c), true, "the workspace"});
    uses.push_back({addressOf(target), targetLayout.bytes(), true, "the result"});
    const Status status = libraryCall(h->stream, call.name, uses, [=] {
        memset(call.workspace, 0xff, workspaceOf(c));
        if (wide) {
            run(c, alpha, beta, 0.0);
        } else {
            run(c, alpha, beta, 0.0f);
        }
    });
    return status == success ? ok : executionFailed;
}

Convolution* convolutionOf(Convolution& c, void* x, void* filter, void* window, void* y) {
    Layout* tx = tables().tensors.find(x);
    Layout* tf = tables().filters.find(filter);
    Layout* ty = tables().tensors.find(y);
    Window* tw = tables().windows.find(window);
    if (tx == nullptr || tf == nullptr || ty == nullptr || tw == nullptr) return nullptr;
    c = {*tx, *tf, *ty, *tw};
    return &c;
}

int workspaceSize(void* handle, void* x, void* filter, void* window, void* y, int algorithm, size_t* bytes) {
    Convolution c;
    if (tables().handles.find(handle) == nullptr) return notInitialized;
    if (convolutionOf(c, x, filter, window, y) == nullptr || c.misfit() != nullptr) return badParameter;
    *bytes = workspaceOf(c, algorithm);
    return ok;
}

}  // namespace

EXPORT const char* cudnnGetErrorString(int result) {
    switch (result) {
        case ok: return "CUDNN_STATUS_SUCCESS";
        case notInitialized: return "CUDNN_STATUS_NOT_INITIALIZED";
        case badParameter: return "CUDNN_STATUS_BAD_PARAM";
        case unsupported: return "CUDNN_STATUS_NOT_SUPPORTED";
        case executionFailed: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_STATUS unknown";
    }
}

EXPORT int cudnnCreate(void** handle) { return tables().handles.create(handle); }
EXPORT int cudnnDestroy(void* handle) { return tables().handles.destroy(handle); }

EXPORT int cudnnSetStream(void* handle, void* stream) {
    Handle* h = tables().handles.find(handle);
    if (h == nullptr) return notInitialized;
    h->stream = stream;
    return ok;
}

// --- descriptors

EXPORT int cudnnCreateTensorDescriptor(void** d) { return tables().tensors.create(d); }
EXPORT int cudnnDestroyTensorDescriptor(void* d) { return tables().tensors.destroy(d); }
EXPORT int cudnnSetTensor4dDescriptor(void* d, int format, int type, int n, int c, int h, int w) {
    return describe(tables().tensors.find(d), format, type, n, c, h, w);
}

EXPORT int cudnnCreateFilterDescriptor(void** d) { return tables().filters.create(d); }
EXPORT int cudnnDestroyFilterDescriptor(void* d) { return tables().filters.destroy(d); }
EXPORT int cudnnSetFilter4dDescriptor(void* d, int type, int format, int k, int c, int h, int w) {
    return describe(tables().filters.find(d), format, type, k, c, h, w);
}

EXPORT int cudnnCreateConvolutionDescriptor(void** d) { return tables().windows.create(d); }
EXPORT int cudnnDestroyConvolutionDescriptor(void* d) { return tables().windows.destroy(d); }
EXPORT int cudnnSetConvolution2dDescriptor(
        void* d, int padH, int padW, int strideH, int strideW, int dilationH, int dilationW, int mode, int) {
    Window* w = tables().windows.find(d);
    if (w == nullptr || padH < 0 || padW < 0 || strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) return badParameter;
    *w = {padH, padW, strideH, strideW, dilationH, dilationW, mode, 1, 0};
    return ok;
}
EXPORT int cudnnSetConvolutionGroupCount(void* d, int groups) {
    Window* w = tables().windows.find(d);
    if (w == nullptr || groups < 1) return badParameter;
    w->groups = groups;
    return ok;
}
// Kept and given back; sums are in double in every mode.
EXPORT int cudnnSetConvolutionMathType(void* d, int type) {
    Window* w = tables().windows.find(d);
    if (w == nullptr) return badParameter;
    w->mathType = type;
    return ok;
}

EXPORT int cudnnGetConvolution2dForwardOutputDim(void* window, void* x, void* filter, int* n, int* c, int* h, int* w) {
    Convolution conv;
    if (convolutionOf(conv, x, filter, window, x) == nullptr) return badParameter;
    *n = conv.x.n;
    *c = conv.filter.n;
    *h = conv.outputH();
    *w = conv.outputW();
    return ok;
}

// --- convolutions

namespace {

// cudnnConvolutionFwdAlgoPerf_t and its two brothers.
struct Offer {
    int algorithm;
    int status;
    float milliseconds;
    size_t bytes;
    int determinism;
    int mathType;
    int reserved[3];
};

// As a real device may: the fastest adds in any order, the next works in more memory than there is, the third is plain.
int offer(void* handle, void* x, void* filter, void* window, void* y, int room, int* count, Offer* offers) {
    size_t bytes = 0;
    const int result = workspaceSize(handle, x, filter, window, y, plain, &bytes);
    if (result != ok || room < 1) return result != ok ? result : badParameter;
    const Window* w = tables().windows.find(window);
    const Offer all[] = {
        {anyOrder, ok, 0.1f, bytes, 0, w->mathType, {}},
        {tooLarge, ok, 0.2f, size_t{1} << 40, 1, w->mathType, {}},
        {plain, ok, 0.3f, bytes, 1, w->mathType, {}},
    };
    *count = room < 3 ? room : 3;
    for (int i = 0; i < *count; i++) offers[i] = all[i];
    return ok;
}

}  // namespace

EXPORT int cudnnGetConvolutionForwardAlgorithm_v7(
        void* h, void* x, void* filter, void* window, void* y, int room, int* count, Offer* offers) {
    return offer(h, x, filter, window, y, room, count, offers);
}
EXPORT int cudnnGetConvolutionBackwardDataAlgorithm_v7(
        void* h, void* filter, void* dy, void* window, void* dx, int room, int* count, Offer* offers) {
    return offer(h, dx, filter, window, dy, room, count, offers);
}
EXPORT int cudnnGetConvolutionBackwardFilterAlgorithm_v7(
        void* h, void* x, void* dy, void* window, void* dFilter, int room, int* count, Offer* offers) {
    return offer(h, x, dFilter, window, dy, room, count, offers);
}

EXPORT int cudnnGetConvolutionForwardWorkspaceSize(void* h, void* x, void* filter, void* window, void* y, int algorithm, size_t* bytes) {
    return workspaceSize(h, x, filter, window, y, algorithm, bytes);
}
EXPORT int cudnnGetConvolutionBackwardDataWorkspaceSize(
        void* h, void* filter, void* dy, void* window, void* dx, int algorithm, size_t* bytes) {
    return workspaceSize(h, dx, filter, window, dy, algorithm, bytes);
}
EXPORT int cudnnGetConvolutionBackwardFilterWorkspaceSize(
        void* h, void* x, void* dy, void* window, void* dFilter, int algorithm, size_t* bytes) {
    return workspaceSize(h, x, dFilter, window, dy, algorithm, bytes);
}

EXPORT int cudnnConvolutionForward(
        void* h, const void* alpha, void* xDesc, const void* x, void* fDesc, const void* filter, void* window, int algorithm,
        void* workspace, size_t bytes, const void* beta, void* yDesc, void* y) {
    Convolution c;
    if (convolutionOf(c, xDesc, fDesc, window, yDesc) == nullptr) return badParameter;
    return convolve({"cudnnConvolutionForward", algorithm, h, alpha, beta, workspace, bytes}, c,
                    {{addressOf(x), c.x.bytes(), false, "x"}, {addressOf(filter), c.filter.bytes(), false, "the filter"}}, y, c.y,
                    [=](const Convolution& conv, double a, double b, auto zero) {
                        using T = decltype(zero);
                        conv.forward(a, static_cast<const T*>(x), static_cast<const T*>(filter), b, static_cast<T*>(y));
                    });
}

EXPORT int cudnnConvolutionBackwardData(
        void* h, const void* alpha, void* fDesc, const void* filter, void* dyDesc, const void* dy, void* window, int algorithm,
        void* workspace, size_t bytes, const void* beta, void* dxDesc, void* dx) {
    Convolution c;
    if (convolutionOf(c, dxDesc, fDesc, window, dyDesc) == nullptr) return badParameter;
    return convolve({"cudnnConvolutionBackwardData", algorithm, h, alpha, beta, workspace, bytes}, c,
                    {{addressOf(filter), c.filter.bytes(), false, "the filter"}, {addressOf(dy), c.y.bytes(), false, "dy"}}, dx, c.x,
                    [=](const Convolution& conv, double a, double b, auto zero) {
                        using T = decltype(zero);
                        conv.backwardData(a, static_cast<const T*>(filter), static_cast<const T*>(dy), b, static_cast<T*>(dx));
                    });
}

EXPORT int cudnnConvolutionBackwardFilter(
        void* h, const void* alpha, void* xDesc, const void* x, void* dyDesc, const void* dy, void* window, int algorithm,
        void* workspace, size_t bytes, const void* beta, void* fDesc, void* dFilter) {
    Convolution c;
    if (convolutionOf(c, xDesc, fDesc, window, dyDesc) == nullptr) return badParameter;
    return convolve({"cudnnConvolutionBackwardFilter", algorithm, h, alpha, beta, workspace, bytes}, c,
                    {{addressOf(x), c.x.bytes(), false, "x"}, {addressOf(dy), c.y.bytes(), false, "dy"}}, dFilter, c.filter,
                    [=](const Convolution& conv, double a, double b, auto zero) {
                        using T = decltype(zero);
                        conv.backwardFilter(a, static_cast<const T*>(x), static_cast<const T*>(dy), b, static_cast<T*>(dFilter));
                    });
}
