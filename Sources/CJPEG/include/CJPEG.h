#ifndef LATENT_CJPEG_H
#define LATENT_CJPEG_H

#include <stddef.h>

/* Reads JPEG pictures with libjpeg. In C, because libjpeg reports errors by a jump out of its functions, which must
   not cross Swift's. Each function returns 0, or -1 with a message of at most 199 bytes. */

#define LATENT_JPEG_MESSAGE 200

/* The size of a picture, and its channels: 1 grey, 3 colour. */
int latent_jpeg_size(const unsigned char *bytes, size_t count, int *width, int *height, int *channels, char *message);

/* The pixels, row by row, each of `channels` bytes (1 or 3); `capacity` bytes have room at `pixels`. */
int latent_jpeg_decode(const unsigned char *bytes, size_t count, int channels, unsigned char *pixels, size_t capacity,
                       char *message);

#endif
