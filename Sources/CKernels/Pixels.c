#include "CKernels.h"
#include "Processors.h"

EVERY_PROCESSOR
void latent_grey(const uint8_t *bytes, size_t n, float *pixels)
{
    for (size_t i = 0; i < n; i++) pixels[i] = (float)bytes[i] * (1.0f / 255);
}
