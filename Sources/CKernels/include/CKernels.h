#ifndef LATENT_CKERNELS_H
#define LATENT_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// The inner loops of a training step, compiled for several generations of processors and chosen at run time. Swift packages
// are compiled for the oldest x86-64, whose vectors hold 4 floats without fused multiply-add, and Swift's SIMD takes square
// roots lane by lane. docs/PERFORMANCE.md has measurements.

/// Adam on `n` parameters: m ← β₁m + (1−β₁)g ; v ← β₂v + (1−β₂)g² ; p ← p − stepSize·m / (√v·rootCorrection + ε).
void latent_adam(
    float *parameters, const float *gradients, float *firstMoment, float *secondMoment, size_t n, float beta1,
    float beta2, float stepSize, float rootCorrection, float epsilon);

/// Adagrad on `n` parameters: g ← g + λp ; G ← G + g² ; p ← p − αg / (√G + ε).
void latent_adagrad(
    float *parameters, const float *gradients, float *squares, size_t n, float learningRate, float weightDecay,
    float epsilon);

/// −log p of `n` Bernoulli pixels from their logits, in nats: Σ max(l, 0) − l·x + log(1 + e^−|l|). Its gradient
/// sigmoid(l) − x goes to `gradient` unless that is NULL.
double latent_bernoulli(const float *logits, const float *x, size_t n, float *gradient);

/// Grey pixels as floats in [0, 1]: bytes / 255.
void latent_grey(const uint8_t *bytes, size_t n, float *pixels);

/// y ← max(y, 0), in place; NaN stays NaN.
void latent_relu(float *y, size_t n);

/// dy ← 0 where y is not above 0, in place.
void latent_relu_backward(const float *y, float *dy, size_t n);

/// sum[j] = Σ over rows of x[row · stride + j], in the order of the rows.
void latent_sum_rows(const float *x, size_t rows, size_t stride, size_t count, float *sum);

/// x ← 1 / (1 + e^−x), in place.
void latent_sigmoid(float *x, size_t n);

// MARK: Matrix products

/// Columns per panel of a packed matrix.
#define LATENT_PANEL 48

/// A run of `count` consecutive values of k, which starts at float `a` of each row of A and at row `b` of B.
typedef struct {
    size_t a, b, count;
} latent_run;

/// C = start + A·B, or C += A·B.
///
/// A(r, k) is a[r · aRow + k · aStep], where aRow or aStep is 1. B(k, c) is b[(c / LATENT_PANEL) · bPanel + k · bStep +
/// c % LATENT_PANEL]: a packed matrix has panels of LATENT_PANEL columns, each (k, LATENT_PANEL); with bPanel =
/// LATENT_PANEL it is a plain matrix whose rows are bStep apart. The sum over k takes the runs in order. B and `start` must
/// be readable 15 floats past their last column; only C(rows, columns) is written.
typedef struct {
    size_t rows, columns;
    const float *a;
    size_t aRow, aStep;
    const float *b;
    size_t bStep, bPanel;
    const latent_run *runs;
    size_t runCount;
    /// If not NULL, replaces the runs. With R = latent_tile_rows(generation), rows t · R ..< (t + 1) · R of C are summed
    /// over the values of k in chosen[chosenStarts[t] ..< chosenStarts[t + 1]]. aRow must be 1.
    const uint16_t *chosen;
    const uint32_t *chosenStarts;
    /// The initial value of every row of C; NULL is zero.
    const float *start;
    int accumulate;
    float *c;
    size_t cRow;
} latent_product;

/// The generation of this processor: 3 (x86-64-v4: AVX-512), 2 (x86-64-v3: AVX2), or 1 (any other). It can run the code of
/// its own and of lower generations.
int latent_processor_generations(void);

/// Rows of a full tile in the code of a generation.
size_t latent_tile_rows(int generation);

/// Computes a product with the code of a generation, at most `latent_processor_generations()`. Every generation sums in
/// the order of k.
void latent_multiply(const latent_product *product, int generation);

/// C(r, c) = start(c) + Σ A(r, k) · B(k, c), where each row r is summed over its own list of steps k: those at which A is
/// not zero.
///
/// A(r, k) is a[r · aRow + k]. The list of row r starts at steps[starts[r]], is ascending, and ends before the first number
/// that is at least `depth`, the length of k. B is stored in panels of 16 columns, each (k, 16), bPanel floats apart. Only
/// C(rows, columns) is written.
typedef struct {
    size_t rows, columns, depth;
    const float *a;
    size_t aRow;
    const uint16_t *steps;
    const uint32_t *starts;
    const float *b;
    size_t bPanel;
    const float *start;
    float *c;
    size_t cRow;
} latent_row_sums;

/// Computes such sums with the code of a generation, in the order of k.
void latent_sum_own_steps(const latent_row_sums *sums, int generation);

/// Transposes X (rows, columns), with at most LATENT_PANEL rows, into one panel: panel[c · LATENT_PANEL + r] = X(r, c). X is
/// read, and the panel is written, up to 15 floats past the last column.
void latent_transpose_panel(const float *x, size_t stride, size_t rows, size_t columns, float *panel);

/// y[c · yStride + r] = x[r · xStride + c] + add[r], or without `add` if that is NULL. X (rows, columns) is read up to 15
/// floats past the last column.
void latent_transpose_add(
    const float *x, size_t xStride, size_t rows, size_t columns, const float *add, float *y, size_t yStride);

#endif
