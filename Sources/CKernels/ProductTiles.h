// The tiles of a matrix product for one generation of processors. Included once for each, with
//   TILE(name)   the name with the generation's suffix
//   TILE_LANES   floats in one of its registers
//   TILE_ROWS, TILE_VECTORS   the largest tile: its sums, a row of B and a factor fit the registers
// A tile is a few rows of C by a few vectors of its columns, whose sums stay in registers over the whole of k. Both
// sizes are constants in every copy of the loop, so that the compiler can keep them there.

typedef float TILE(lanes) __attribute__((ext_vector_type(TILE_LANES)));
typedef float TILE(loose) __attribute__((ext_vector_type(TILE_LANES), aligned(4)));

// One step of k: a column of A, its numbers aRow or one apart, times a row of B.
INLINE void TILE(step)(
    int rows, int vectors, size_t aRow, const float *a, const float *b, TILE(lanes) sum[TILE_ROWS][TILE_VECTORS])
{
    TILE(lanes) factor[TILE_VECTORS];
    UNROLLED for (int v = 0; v < vectors; v++) factor[v] = *(const TILE(loose) *)(b + v * TILE_LANES);
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] += a[r * aRow] * factor[v];
}

// Of a partial vector only the first columns exist.
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

INLINE TILE(lanes) TILE(load)(const float *from, size_t partial)
{
    if (!partial) return *(const TILE(loose) *)from;
    float kept[TILE_LANES] = {0};
    for (size_t j = 0; j < partial; j++) kept[j] = from[j];
    return *(const TILE(loose) *)kept;
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

// Some vectors of one row of C, over its own steps of k below a limit: a row shares no factor with another, so it is
// as long as the registers allow. Returns the first step that is left.
INLINE const uint16_t *TILE(row)(
    int vectors, const latent_product *p, const float *a, const float *b, float *c, const uint16_t *k, size_t limit,
    size_t partial)
{
    TILE(lanes) sum[LONGEST_ROW];
    UNROLLED for (int v = 0; v < vectors; v++)
        sum[v] = TILE(load)(c + v * TILE_LANES, v == vectors - 1 ? partial : 0);
    for (; *k < limit; k++) {
        const float *factors = b + *k * p->bStep;
        UNROLLED for (int v = 0; v < vectors; v++)
            sum[v] += a[*k] * *(const TILE(loose) *)(
                factors + v * TILE_LANES / LANES * p->bPanel + v * TILE_LANES % LANES);
    }
    UNROLLED for (int v = 0; v < vectors; v++)
        TILE(store)(c + v * TILE_LANES, sum[v], 0, v == vectors - 1 ? partial : 0);
    return k;
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

#define ONE_ROW(vectors) \
    static const uint16_t *TILE(row_##vectors)( \
        const latent_product *p, const float *a, const float *b, float *c, const uint16_t *k, size_t limit, \
        size_t partial) \
    { \
        return TILE(row)(vectors, p, a, b, c, k, limit, partial); \
    }
ONE_ROW(1) ONE_ROW(2) ONE_ROW(3) ONE_ROW(4) ONE_ROW(5) ONE_ROW(6) ONE_ROW(7) ONE_ROW(8) ONE_ROW(9) ONE_ROW(10)
ONE_ROW(11) ONE_ROW(12) ONE_ROW(13)

static const uint16_t *(*const TILE(rows)[])(
    const latent_product *p, const float *a, const float *b, float *c, const uint16_t *k, size_t limit,
    size_t partial) = {
    TILE(row_1), TILE(row_2), TILE(row_3), TILE(row_4), TILE(row_5), TILE(row_6), TILE(row_7), TILE(row_8),
    TILE(row_9), TILE(row_10), TILE(row_11), TILE(row_12), TILE(row_13)};

// Every row by its own steps. A few rows of B at a time, so many of its columns that they stay in the first cache while
// the rows of C pass.
static void TILE(multiply_rows)(const latent_product *p)
{
    enum { ROWS = 64, STEPS = 56 };
    const size_t most = LONGEST_ROW * TILE_LANES / LANES * LANES;
    for (size_t first = 0; first < p->rows; first += ROWS) {
        size_t rows = p->rows - first < ROWS ? p->rows - first : ROWS;
        for (size_t row = first; row < first + rows; row++)
            for (size_t column = 0; column < p->columns; column++)
                p->c[row * p->cRow + column] = p->start ? p->start[column] : 0;
        for (size_t column = 0; column < p->columns; column += most) {
            size_t width = p->columns - column < most ? p->columns - column : most;
            const float *b = p->b + column / LANES * p->bPanel;
            const uint16_t *at[ROWS];
            for (size_t i = 0; i < rows; i++) at[i] = p->chosen + p->chosenStarts[first + i];
            for (size_t limit = STEPS; limit < p->depth + STEPS; limit += STEPS)
                for (size_t i = 0; i < rows; i++) {
                    if (*at[i] >= limit) continue;
                    size_t row = first + i;
                    at[i] = TILE(rows)[(width + TILE_LANES - 1) / TILE_LANES - 1](
                        p, p->a + row * p->aRow, b, p->c + row * p->cRow + column, at[i],
                        limit < p->depth ? limit : p->depth, width % TILE_LANES);
                }
        }
    }
}

static void TILE(multiply)(const latent_product *p)
{
    if (p->depth) {
        TILE(multiply_rows)(p);
        return;
    }
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

#undef ONE_TILE
#undef ONE_ROW
#undef WIDTHS
#undef TILES
#undef NAMES
#undef MORE_NAMES
#undef ALL_NAMES
#undef TILE
#undef TILE_LANES
#undef TILE_ROWS
#undef TILE_VECTORS
