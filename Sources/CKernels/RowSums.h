// Sums in which each row has its own list of steps of k, for one generation of processors. Part of ProductTiles.h.

INLINE TILE(lanes) TILE(load)(const float *from, size_t partial)
{
    if (!partial) return *(const TILE(loose) *)from;
    float kept[TILE_LANES] = {0};
    for (size_t j = 0; j < partial; j++) kept[j] = from[j];
    return *(const TILE(loose) *)kept;
}

// Some vectors of one row of C, summed over its steps of k below a limit. Rows share no factors, so the vectors are as many
// as the registers allow. Returns the first step not done.
INLINE const uint16_t *TILE(row)(
    int vectors, const latent_row_sums *p, const float *a, const float *b, float *c, const uint16_t *k, size_t limit,
    size_t partial)
{
    TILE(lanes) sum[LONGEST_ROW];
    UNROLLED for (int v = 0; v < vectors; v++)
        sum[v] = TILE(load)(c + v * TILE_LANES, v == vectors - 1 ? partial : 0);
    for (; *k < limit; k++) {
        const float *factors = b + *k * LANES;
        UNROLLED for (int v = 0; v < vectors; v++)
            sum[v] += a[*k] * *(const TILE(loose) *)(
                factors + v * TILE_LANES / LANES * p->bPanel + v * TILE_LANES % LANES);
    }
    UNROLLED for (int v = 0; v < vectors; v++)
        TILE(store)(c + v * TILE_LANES, sum[v], 0, v == vectors - 1 ? partial : 0);
    return k;
}

#define ONE_ROW(vectors) \
    static const uint16_t *TILE(row_##vectors)( \
        const latent_row_sums *p, const float *a, const float *b, float *c, const uint16_t *k, size_t limit, \
        size_t partial) \
    { \
        return TILE(row)(vectors, p, a, b, c, k, limit, partial); \
    }
ONE_ROW(1) ONE_ROW(2) ONE_ROW(3) ONE_ROW(4) ONE_ROW(5) ONE_ROW(6) ONE_ROW(7) ONE_ROW(8) ONE_ROW(9) ONE_ROW(10)
ONE_ROW(11) ONE_ROW(12) ONE_ROW(13)

static const uint16_t *(*const TILE(rows)[])(
    const latent_row_sums *p, const float *a, const float *b, float *c, const uint16_t *k, size_t limit,
    size_t partial) = {
    TILE(row_1), TILE(row_2), TILE(row_3), TILE(row_4), TILE(row_5), TILE(row_6), TILE(row_7), TILE(row_8),
    TILE(row_9), TILE(row_10), TILE(row_11), TILE(row_12), TILE(row_13)};

// All rows. Takes a block of B at a time that stays in the first-level cache while the rows of C pass over it.
static void TILE(sum_rows)(const latent_row_sums *p)
{
    enum { ROWS = 64, STEPS = 56 };
    const size_t most = LONGEST_ROW * TILE_LANES / LANES * LANES;
    for (size_t first = 0; first < p->rows; first += ROWS) {
        size_t rows = p->rows - first < ROWS ? p->rows - first : ROWS;
        for (size_t row = first; row < first + rows; row++)
            for (size_t column = 0; column < p->columns; column++)
                p->c[row * p->cRow + column] = p->start[column];
        for (size_t column = 0; column < p->columns; column += most) {
            size_t width = p->columns - column < most ? p->columns - column : most;
            const float *b = p->b + column / LANES * p->bPanel;
            const uint16_t *at[ROWS];
            for (size_t i = 0; i < rows; i++) at[i] = p->steps + p->starts[first + i];
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

#undef ONE_ROW
