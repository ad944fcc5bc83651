// The tiles of a matrix product for one generation of processors. Included once per generation, with
//   TILE(name)                the name with the suffix of the generation
//   TILE_LANES                floats per register
//   TILE_ROWS, TILE_VECTORS   the largest tile whose sums, a row of B and a factor fit the registers
// A tile is a few rows by a few vectors of C. Its sums stay in registers over the whole of k; for that, both sizes are
// constants in every copy of the loop.

typedef float TILE(lanes) __attribute__((ext_vector_type(TILE_LANES)));
typedef float TILE(loose) __attribute__((ext_vector_type(TILE_LANES), aligned(4)));

// One step of k: a column of A, whose numbers are aRow apart, times a row of B.
INLINE void TILE(step)(
    int rows, int vectors, size_t aRow, const float *a, const float *b, TILE(lanes) sum[TILE_ROWS][TILE_VECTORS])
{
    TILE(lanes) factor[TILE_VECTORS];
    UNROLLED for (int v = 0; v < vectors; v++) factor[v] = *(const TILE(loose) *)(b + v * TILE_LANES);
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] += a[r * aRow] * factor[v];
}

// Stores a vector; if `partial` is not 0, only that many lanes.
INLINE void TILE(store)(float *to, TILE(lanes) sum, int accumulate, size_t partial)
{
    if (partial) {
        float kept[TILE_LANES];
        *(TILE(loose) *)kept = sum;
        for (size_t j = 0; j < partial; j++) to[j] = accumulate ? to[j] + kept[j] : kept[j];
    } else {
        *(TILE(loose) *)to = accumulate ? *(TILE(loose) *)to + sum : sum;
    }
}

INLINE void TILE(tile)(
    int rows, int vectors, int order, const latent_product *p, size_t row, size_t column, const float *b,
    size_t partial)
{
    const float *a = p->a + row * p->aRow, *start = p->start ? p->start + column : NULL;
    float *c = p->c + row * p->cRow + column;
    TILE(lanes) sum[TILE_ROWS][TILE_VECTORS];
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++)
            sum[r][v] = start ? *(const TILE(loose) *)(start + v * TILE_LANES) : (TILE(lanes))0;
    if (order == CHOSEN) {
        const uint32_t end = p->chosenStarts[row / TILE_ROWS + 1];
        for (uint32_t i = p->chosenStarts[row / TILE_ROWS]; i < end; i++)
            TILE(step)(rows, vectors, 1, a + p->chosen[i] * p->aStep, b + p->chosen[i] * p->bStep, sum);
    } else {
        for (size_t i = 0; i < p->runCount; i++) {
            const float *from = a + p->runs[i].a, *factors = b + p->runs[i].b * p->bStep;
            for (size_t k = p->runs[i].count; k > 0; k--) {
                TILE(step)(rows, vectors, order == ALONG ? p->aRow : 1, from, factors, sum);
                from += order == ALONG ? 1 : p->aStep;
                factors += p->bStep;
            }
        }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++)
            TILE(store)(
                c + r * p->cRow + v * TILE_LANES, sum[r][v], p->accumulate, v == vectors - 1 ? partial : 0);
}

typedef void (*TILE(function))(
    const latent_product *p, size_t row, size_t column, const float *b, size_t partial);

#define ONE_TILE(rows, vectors, order) \
    static void TILE(tile_##rows##_##vectors##_##order)( \
        const latent_product *p, size_t row, size_t column, const float *b, size_t partial) \
    { \
        TILE(tile)(rows, vectors, order, p, row, column, b, partial); \
    }
#if TILE_VECTORS == 3
#define WIDTHS(rows, order) ONE_TILE(rows, 1, order) ONE_TILE(rows, 2, order) ONE_TILE(rows, 3, order)
#define NAMES(rows, order) \
    {TILE(tile_##rows##_1_##order), TILE(tile_##rows##_2_##order), TILE(tile_##rows##_3_##order)}
#else
#define WIDTHS(rows, order) ONE_TILE(rows, 1, order) ONE_TILE(rows, 2, order)
#define NAMES(rows, order) {TILE(tile_##rows##_1_##order), TILE(tile_##rows##_2_##order)}
#endif
#define TILES(rows) WIDTHS(rows, ACROSS) WIDTHS(rows, ALONG) WIDTHS(rows, CHOSEN)

TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#if TILE_ROWS == 8
TILES(7) TILES(8)
#define MORE_NAMES(order) , NAMES(7, order), NAMES(8, order)
#else
#define MORE_NAMES(order)
#endif
#define ALL_NAMES(order) \
    {NAMES(1, order), NAMES(2, order), NAMES(3, order), NAMES(4, order), NAMES(5, order), NAMES(6, order) \
     MORE_NAMES(order)}

static const TILE(function) TILE(tiles)[][TILE_ROWS][TILE_VECTORS] = {
    [ALONG] = ALL_NAMES(ALONG), [ACROSS] = ALL_NAMES(ACROSS), [CHOSEN] = ALL_NAMES(CHOSEN)};

static void TILE(multiply)(const latent_product *p)
{
    int order = p->chosen ? CHOSEN : p->aStep == 1 ? ALONG : ACROSS;
    size_t most = TILE_VECTORS * TILE_LANES;
    for (size_t first = 0; first < p->columns; first += LATENT_PANEL) {
        size_t end = first + LATENT_PANEL < p->columns ? first + LATENT_PANEL : p->columns;
        const float *panel = p->b + first / LATENT_PANEL * p->bPanel;
        for (size_t column = first; column < end; column += most) {
            size_t width = end - column < most ? end - column : most;
            size_t vectors = (width + TILE_LANES - 1) / TILE_LANES;
            for (size_t row = 0; row < p->rows; row += TILE_ROWS) {
                size_t rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS;
                TILE(tiles)[order][rows - 1][vectors - 1](
                    p, row, column, panel + column - first, width % TILE_LANES);
            }
        }
    }
}

#include "RowSums.h"

#undef ONE_TILE
#undef WIDTHS
#undef TILES
#undef NAMES
#undef MORE_NAMES
#undef ALL_NAMES
#undef TILE
#undef TILE_LANES
#undef TILE_ROWS
#undef TILE_VECTORS
