#include "CKernels.h"
#include "Processors.h"

INLINE void grey(const uint8_t *bytes, size_t n, float *pixels)
{
    for (size_t i = 0; i < n; i++) pixels[i] = (float)bytes[i] * (1.0f / 255);
}
FOR_EVERY_PROCESSOR(void, grey, (const uint8_t *bytes, size_t n, float *pixels), (bytes, n, pixels))
