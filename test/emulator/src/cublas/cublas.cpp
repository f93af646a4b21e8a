// libcublas.so.12: matrix products. Sums are taken in double and rounded once.
#include <mutex>
#include <unordered_set>

#include "../driver/library.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace seiche;

namespace {

// cublasStatus_t
enum Result { ok = 0, notInitialized = 1, invalidArgument = 7, executionFailed = 13 };

struct Handle {
    void* stream = nullptr;
};

std::mutex mutex;
std::unordered_set<void*>& handles() {
    static auto* all = new std::unordered_set<void*>;
    return *all;
}

Handle* find(void* handle) {
    std::lock_guard<std::mutex> lock(mutex);
    return handles().count(handle) ? static_cast<Handle*>(handle) : nullptr;
}

// A column-major matrix, maybe one of many that lie evenly apart.
template <typename T>
struct Matrix {
    T* elements;
    long long ld;
    bool transposed;
    long long stride;

    T& at(long long batch, long long row, long long column) const {
        return elements[batch * stride + (transposed ? column + row * ld : row + column * ld)];
    }
};

template <typename T>
struct Product {
    int m, n, k, batch;
    T alpha, beta;
    Matrix<const T> a, b;
    Matrix<T> c;

    void run() const {
        for (long long i = 0; i < batch; i++) {
            for (long long column = 0; column < n; column++) {
                for (long long row = 0; row < m; row++) {
                    double sum = 0;
                    for (long long l = 0; l < k; l++) sum += (double)a.at(i, row, l) * (double)b.at(i, l, column);
                    T& out = c.at(i, row, column);
                    // what beta = 0 multiplies is not read: it may be anything
                    const double kept = beta == T(0) ? 0 : (double)beta * (double)out;
                    out = (T)((double)alpha * sum + kept);
                }
            }
        }
    }
};

// The bytes from a matrix's first element to its last.
template <typename T>
uint64_t extent(int rows, int columns, long long ld, long long stride, int batch) {
    if (rows == 0 || columns == 0) return 0;
    return (uint64_t)((batch - 1) * stride + (columns - 1) * ld + rows) * sizeof(T);
}

template <typename T>
int multiply(
        const char* name, void* handle, int transA, int transB, int m, int n, int k, const T* alpha, const T* a, int lda,
        long long strideA, const T* b, int ldb, long long strideB, const T* beta, T* c, int ldc, long long strideC, int batch) {
    Handle* h = find(handle);
    if (h == nullptr) return notInitialized;
    const int rowsA = transA ? k : m, columnsA = transA ? m : k;
    const int rowsB = transB ? n : k, columnsB = transB ? k : n;
    if (m < 0 || n < 0 || k < 0 || batch < 0 || lda < rowsA || ldb < rowsB || ldc < m) return invalidArgument;
    if (m == 0 || n == 0 || batch == 0) return ok;
    const Product<T> product{m, n, k, batch, *alpha, *beta, {a, lda, transA != 0, strideA}, {b, ldb, transB != 0, strideB},
                             {c, ldc, false, strideC}};
    std::vector<Use> uses;
    auto use = [&](const void* p, uint64_t bytes, bool writes, const char* as) {
        if (bytes > 0) uses.push_back({reinterpret_cast<uint64_t>(p), bytes, writes, as});
    };
    use(a, extent<T>(rowsA, columnsA, lda, strideA, batch), false, "A");
    use(b, extent<T>(rowsB, columnsB, ldb, strideB, batch), false, "B");
    use(c, extent<T>(m, n, ldc, strideC, batch), true, "C");
    return libraryCall(h->stream, name, uses, [product] { product.run(); }) == success ? ok : executionFailed;
}

}  // namespace

EXPORT int cublasCreate_v2(void** handle) {
    std::lock_guard<std::mutex> lock(mutex);
    *handle = new Handle;
    handles().insert(*handle);
    return ok;
}

EXPORT int cublasDestroy_v2(void* handle) {
    std::lock_guard<std::mutex> lock(mutex);
    if (handles().erase(handle) == 0) return notInitialized;
    delete static_cast<Handle*>(handle);
    return ok;
}

EXPORT int cublasSetStream_v2(void* handle, void* stream) {
    Handle* h = find(handle);
    if (h == nullptr) return notInitialized;
    h->stream = stream;
    return ok;
}

#define GEMM(letter, type)                                                                                                \
    EXPORT int cublas##letter##gemm_v2(                                                                                   \
            void* handle, int transA, int transB, int m, int n, int k, const type* alpha, const type* a, int lda,         \
            const type* b, int ldb, const type* beta, type* c, int ldc) {                                                 \
        return multiply(                                                                                                  \
                "cublas" #letter "gemm", handle, transA, transB, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1); \
    }                                                                                                                     \
    EXPORT int cublas##letter##gemmStridedBatched(                                                                        \
            void* handle, int transA, int transB, int m, int n, int k, const type* alpha, const type* a, int lda,         \
            long long strideA, const type* b, int ldb, long long strideB, const type* beta, type* c, int ldc,             \
            long long strideC, int batch) {                                                                               \
        return multiply(                                                                                                  \
                "cublas" #letter "gemmStridedBatched", handle, transA, transB, m, n, k, alpha, a, lda, strideA, b, ldb,    \
                strideB, beta, c, ldc, strideC, batch);                                                                   \
    }
GEMM(S, float)
GEMM(D, double)
