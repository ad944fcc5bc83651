#include "CKernels.h"
#include "Processors.h"

#define UNROLLED _Pragma("clang loop unroll(full)")

// How A is read: along contiguous k, across contiguous rows, or across contiguous rows at chosen steps of k.
enum { ALONG, ACROSS, CHOSEN };

// The most vectors of one row whose sums, with a factor, fit 16 registers.
#define LONGEST_ROW 13

// Three generations of x86-64; other processors use the first, with four lanes.
#define TILE(name) name##_4
#define TILE_LANES 4
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "ProductTiles.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define TILE(name) name##_8
#define TILE_LANES 8
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "ProductTiles.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#define TILE(name) name##_16
#define TILE_LANES 16
#define TILE_ROWS 8
#define TILE_VECTORS 3
#include "ProductTiles.h"
#pragma clang attribute pop
#endif

size_t latent_tile_rows(int generation) { return generation >= 3 ? 8 : 6; }

void latent_multiply(const latent_product *product, int generation)
{
#if defined(__x86_64__)
    if (generation >= 3) { multiply_16(product); return; }
    if (generation == 2) { multiply_8(product); return; }
#endif
    (void)generation;
    multiply_4(product);
}

void latent_sum_own_steps(const latent_row_sums *sums, int generation)
{
#if defined(__x86_64__)
    if (generation >= 3) { sum_rows_16(sums); return; }
    if (generation == 2) { sum_rows_8(sums); return; }
#endif
    (void)generation;
    sum_rows_4(sums);
}

// MARK: Transposing

// Exchanges blocks of s lanes between rows i and i + s.
#define EXCHANGE(r, i, s, low, high) \
    do { \
        vector one = r[i], two = r[i + s]; \
        r[i] = __builtin_shufflevector(one, two, low); \
        r[i + s] = __builtin_shufflevector(one, two, high); \
    } while (0)
#define LOW1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define LOW2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31

INLINE void transpose(vector r[LANES])
{
    UNROLLED for (int i = 0; i < LANES; i++) if (!(i & 1)) EXCHANGE(r, i, 1, LOW1, HIGH1);
    UNROLLED for (int i = 0; i < LANES; i++) if (!(i & 2)) EXCHANGE(r, i, 2, LOW2, HIGH2);
    UNROLLED for (int i = 0; i < LANES; i++) if (!(i & 4)) EXCHANGE(r, i, 4, LOW4, HIGH4);
    UNROLLED for (int i = 0; i < LANES; i++) if (!(i & 8)) EXCHANGE(r, i, 8, LOW8, HIGH8);
}

INLINE void transpose_panel(const float *x, size_t stride, size_t rows, size_t columns, float *panel)
{
    for (size_t column = 0; column < columns; column += LANES)
        for (size_t row = 0; row < rows; row += LANES) {
            vector block[LANES];
            // Past the last row, repeat it: those lanes are not used.
            UNROLLED for (size_t i = 0; i < LANES; i++)
                block[i] = AT(x + (row + i < rows ? row + i : rows - 1) * stride + column);
            transpose(block);
            UNROLLED for (int i = 0; i < LANES; i++) AT(panel + (column + i) * LATENT_PANEL + row) = block[i];
        }
}
FOR_EVERY_PROCESSOR(
    void, transpose_panel,
    (const float *x, size_t stride, size_t rows, size_t columns, float *panel),
    (x, stride, rows, columns, panel))

INLINE void transpose_add(
    const float *x, size_t xStride, size_t rows, size_t columns, const float *add, float *y, size_t yStride)
{
    for (size_t column = 0; column < columns; column += LANES) {
        size_t width = columns - column < LANES ? columns - column : LANES;
        size_t row = 0;
        for (; row + LANES <= rows; row += LANES) {
            vector block[LANES], start = add ? AT(add + row) : (vector)0;
            UNROLLED for (int i = 0; i < LANES; i++) block[i] = AT(x + (row + i) * xStride + column);
            transpose(block);
            float *to = y + column * yStride + row;
            if (width == LANES) {
                UNROLLED for (int i = 0; i < LANES; i++) AT(to + i * yStride) = block[i] + start;
            } else {
                for (size_t i = 0; i < width; i++) AT(to + i * yStride) = block[i] + start;
            }
        }
        for (size_t i = 0; i < width; i++)
            for (size_t j = row; j < rows; j++)
                y[(column + i) * yStride + j] = x[j * xStride + column + i] + (add ? add[j] : 0);
    }
}
FOR_EVERY_PROCESSOR(
    void, transpose_add,
    (const float *x, size_t xStride, size_t rows, size_t columns, const float *add, float *y, size_t yStride),
    (x, xStride, rows, columns, add, y, yStride))
