// The tiles of a matrix product for one generation of processors. Included once for each, with
//   TILE(name)   the name with the generation's suffix
//   TILE_LANES   floats in one of its registers
//   TILE_ROWS, TILE_VECTORS   the largest tile: its sums, a row of B and a factor fit the registers
// A tile is a few rows of C by a few vectors of its columns, whose sums stay in registers over the whole of k. Both
// sizes are constants in every copy of the loop, so that the compiler can keep them there.

typedef float TILE(lanes) __attribute__((ext_vector_type(TILE_LANES)));
typedef float TILE(loose) __attribute__((ext_vector_type(TILE_LANES), aligned(4)));

INLINE void TILE(tile)(
    int rows, int vectors, int along, const latent_product *p, const float *a, const float *b, const float *start,
    float *c, size_t partial)
{
    TILE(lanes) sum[TILE_ROWS][TILE_VECTORS];
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++)
            sum[r][v] = start ? *(const TILE(loose) *)(start + v * TILE_LANES) : (TILE(lanes))0;
    for (size_t i = 0; i < p->runCount; i++) {
        const float *from = a + p->runs[i].a, *column = b + p->runs[i].b * p->bStep;
        for (size_t k = p->runs[i].count; k > 0; k--) {
            TILE(lanes) factor[TILE_VECTORS];
            UNROLLED for (int v = 0; v < vectors; v++) factor[v] = *(const TILE(loose) *)(column + v * TILE_LANES);
            UNROLLED for (int r = 0; r < rows; r++) {
                float x = along ? from[r * p->aRow] : from[r];
                UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] += x * factor[v];
            }
            from += along ? 1 : p->aStep;
            column += p->bStep;
        }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++) {
            float *to = c + r * p->cRow + v * TILE_LANES;
            if (v == vectors - 1 && partial) {
                // Only the first of the last vector's columns exist.
                float kept[TILE_LANES];
                *(TILE(loose) *)kept = sum[r][v];
                for (size_t j = 0; j < partial; j++) to[j] = p->accumulate ? to[j] + kept[j] : kept[j];
            } else {
                *(TILE(loose) *)to = p->accumulate ? *(TILE(loose) *)to + sum[r][v] : sum[r][v];
            }
        }
}

typedef void (*TILE(function))(
    const latent_product *p, const float *a, const float *b, const float *start, float *c, size_t partial);

#define ONE_TILE(rows, vectors, along) \
    static void TILE(tile_##rows##_##vectors##_##along)( \
        const latent_product *p, const float *a, const float *b, const float *start, float *c, size_t partial) \
    { \
        TILE(tile)(rows, vectors, along, p, a, b, start, c, partial); \
    }
#if TILE_VECTORS == 3
#define TILES(rows) \
    ONE_TILE(rows, 1, 0) ONE_TILE(rows, 2, 0) ONE_TILE(rows, 3, 0) \
    ONE_TILE(rows, 1, 1) ONE_TILE(rows, 2, 1) ONE_TILE(rows, 3, 1)
#define NAMES(rows, along) \
    {TILE(tile_##rows##_1_##along), TILE(tile_##rows##_2_##along), TILE(tile_##rows##_3_##along)}
#else
#define TILES(rows) ONE_TILE(rows, 1, 0) ONE_TILE(rows, 2, 0) ONE_TILE(rows, 1, 1) ONE_TILE(rows, 2, 1)
#define NAMES(rows, along) {TILE(tile_##rows##_1_##along), TILE(tile_##rows##_2_##along)}
#endif

TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#if TILE_ROWS == 8
TILES(7) TILES(8)
#define MORE_NAMES(along) , NAMES(7, along), NAMES(8, along)
#else
#define MORE_NAMES(along)
#endif
#define ALL_NAMES(along) \
    {NAMES(1, along), NAMES(2, along), NAMES(3, along), NAMES(4, along), NAMES(5, along), NAMES(6, along) \
     MORE_NAMES(along)}

static const TILE(function) TILE(tiles)[2][TILE_ROWS][TILE_VECTORS] = {ALL_NAMES(0), ALL_NAMES(1)};

static void TILE(multiply)(const latent_product *p)
{
    int along = p->aStep == 1;
    size_t most = TILE_VECTORS * TILE_LANES;
    for (size_t first = 0; first < p->columns; first += LATENT_PANEL) {
        size_t end = first + LATENT_PANEL < p->columns ? first + LATENT_PANEL : p->columns;
        const float *panel = p->b + first / LATENT_PANEL * p->bPanel;
        for (size_t column = first; column < end; column += most) {
            size_t width = end - column < most ? end - column : most;
            size_t vectors = (width + TILE_LANES - 1) / TILE_LANES;
            for (size_t row = 0; row < p->rows; row += TILE_ROWS) {
                size_t rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS;
                TILE(tiles)[along][rows - 1][vectors - 1](
                    p, p->a + row * p->aRow, panel + column - first, p->start ? p->start + column : NULL,
                    p->c + row * p->cRow + column, width % TILE_LANES);
            }
        }
    }
}

#undef ONE_TILE
#undef TILES
#undef NAMES
#undef MORE_NAMES
#undef ALL_NAMES
#undef TILE
#undef TILE_LANES
#undef TILE_ROWS
#undef TILE_VECTORS
