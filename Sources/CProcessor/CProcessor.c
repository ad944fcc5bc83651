#include "CProcessor.h"

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

void latent_flush_denormals(void) {
#if defined(__x86_64__) || defined(__i386__)
    _mm_setcsr(_mm_getcsr() | 0x8040);  // bit 15 flush-to-zero, bit 6 denormals-are-zero
#elif defined(__aarch64__)
    unsigned long fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | (1UL << 24)));
#endif
}
