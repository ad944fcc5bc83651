#include "CKernels.h"
#include "Processors.h"

INLINE void relu(float *y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = y[i] < 0 ? 0 : y[i];
}
FOR_EVERY_PROCESSOR(void, relu, (float *y, size_t n), (y, n))

INLINE void relu_backward(const float *y, float *dy, size_t n)
{
    for (size_t i = 0; i < n; i++) dy[i] = y[i] <= 0 ? 0 : dy[i];
}
FOR_EVERY_PROCESSOR(void, relu_backward, (const float *y, float *dy, size_t n), (y, dy, n))

INLINE void sum_rows(const float *x, size_t rows, size_t stride, size_t count, float *sum)
{
    size_t j = 0;
    for (; j + LANES <= count; j += LANES) {
        vector total = (vector)0;
        for (size_t row = 0; row < rows; row++) total += AT(x + row * stride + j);
        AT(sum + j) = total;
    }
    for (; j < count; j++) {
        float total = 0;
        for (size_t row = 0; row < rows; row++) total += x[row * stride + j];
        sum[j] = total;
    }
}
FOR_EVERY_PROCESSOR(
    void, sum_rows,
    (const float *x, size_t rows, size_t stride, size_t count, float *sum),
    (x, rows, stride, count, sum))
