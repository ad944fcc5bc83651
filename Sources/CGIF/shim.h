#ifndef LATENT_CGIF_SHIM_H
#define LATENT_CGIF_SHIM_H
#include <gif_lib.h>

/* A row of a letter in giflib's font, the left column in the highest bit. Swift does not see arrays of unknown length. */
static inline unsigned char latent_font_row(int letter, int row) { return GifAsciiTable8x8[letter & 127][row & 7]; }
#endif
