#ifndef LATENT_CKERNELS_H
#define LATENT_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Loops over numbers that every training step passes over, compiled several times and chosen by the processor:
// Swift packages are compiled for the oldest x86-64, whose vectors hold 4 floats and
// have no fused multiply-add, and Swift's SIMD takes roots lane by lane. What each bought stands in
// docs/PERFORMANCE.md.

/// Adam on `n` parameters: m ← β₁m + (1−β₁)g ; v ← β₂v + (1−β₂)g² ; p ← p − stepSize·m / (√v·rootCorrection + ε).
void latent_adam(
    float *parameters, const float *gradients, float *firstMoment, float *secondMoment, size_t n, float beta1,
    float beta2, float stepSize, float rootCorrection, float epsilon);

/// Adagrad on `n` parameters: g ← g + λp ; G ← G + g² ; p ← p − αg / (√G + ε).
void latent_adagrad(
    float *parameters, const float *gradients, float *squares, size_t n, float learningRate, float weightDecay,
    float epsilon);

/// The Bernoulli's −log p of `n` pixels from their logits: Σ max(l, 0) − l·x + log(1 + e^−|l|), nats. Its gradient
/// sigmoid(l) − x goes to `gradient`, if that is not NULL.
double latent_bernoulli(const float *logits, const float *x, size_t n, float *gradient);

/// Grey pixels as floats in [0, 1]: bytes / 255.
void latent_grey(const uint8_t *bytes, size_t n, float *pixels);

/// y ← max(y, 0), in place; a NaN stays one.
void latent_relu(float *y, size_t n);

/// dy ← 0 where y is not above 0, in place.
void latent_relu_backward(const float *y, float *dy, size_t n);

/// sum[j] = Σ over rows of x[row · stride + j], added up in the order of the rows.
void latent_sum_rows(const float *x, size_t rows, size_t stride, size_t count, float *sum);

/// x ← 1 / (1 + e^−x), in place.
void latent_sigmoid(float *x, size_t n);

// MARK: Matrix products

/// Columns of one panel of a packed matrix.
#define LATENT_PANEL 48

/// Consecutive steps of k: `count` of them, from the float `a` of A's rows and the row `b` of B.
typedef struct {
    size_t a, b, count;
} latent_run;

/// C = start + A·B, or C += A·B.
///
/// A(r, k) lies at a[r · aRow + k · aStep], one of which is 1. B(k, c) lies at b[(c / LATENT_PANEL) · bPanel +
/// k · bStep + c % LATENT_PANEL]: a packed matrix has panels of LATENT_PANEL columns, each (k, LATENT_PANEL); with
/// bPanel = LATENT_PANEL it is a plain matrix with rows bStep apart. Of k only the runs count, in their order. B
/// and `start` must be readable 15 floats past their last column; nothing but C(rows, columns) is written.
typedef struct {
    size_t rows, columns;
    const float *a;
    size_t aRow, aStep;
    const float *b;
    size_t bStep, bPanel;
    const latent_run *runs;
    size_t runCount;
    /// Where not NULL, in place of the runs: rows t · R ..< (t + 1) · R of C, R = latent_tile_rows(generation), sum
    /// over k = chosen[chosenStarts[t]] ..< chosen[chosenStarts[t + 1]] alone; aRow is 1.
    const uint16_t *chosen;
    const uint32_t *chosenStarts;
    /// The row that every row of C begins with, or NULL for zeros.
    const float *start;
    int accumulate;
    float *c;
    size_t cRow;
} latent_product;

/// How many of the three generations of processors that the kernels know this one can run: 1 (any x86-64, or another
/// kind), 2 (x86-64-v3: AVX2), 3 (x86-64-v4: AVX-512).
int latent_processor_generations(void);

/// Rows of a whole tile of that generation.
size_t latent_tile_rows(int generation);

/// Computes a product with the code of a generation, at most `latent_processor_generations()`. Each adds up in the
/// order of k.
void latent_multiply(const latent_product *product, int generation);

/// C(r, c) = start(c) + Σ A(r, k) · B(k, c) over the steps k of row r alone: those where A is not zero.
///
/// A(r, k) lies at a[r · aRow + k]. The steps of row r are steps[starts[r]] ..., ascending, before the first number that
/// is not below `depth`, the length of k. B lies in panels of 16 columns, each (k, 16), bPanel floats apart. Nothing but
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

/// Computes such sums, in the order of k; as `latent_multiply`.
void latent_sum_own_steps(const latent_row_sums *sums, int generation);

/// The transpose of X (rows, columns), at most LATENT_PANEL rows, as one panel: panel[c · LATENT_PANEL + r] = X(r, c).
/// X is read, and the panel written, up to 15 floats past the last column.
void latent_transpose_panel(const float *x, size_t stride, size_t rows, size_t columns, float *panel);

/// y[c · yStride + r] = x[r · xStride + c] + add[r], or without `add` where it is NULL. X (rows, columns) is read
/// up to 15 floats past the last column.
void latent_transpose_add(
    const float *x, size_t xStride, size_t rows, size_t columns, const float *add, float *y, size_t yStride);

#endif
