#ifndef LATENT_CPROCESSOR_H
#define LATENT_CPROCESSOR_H

/// Makes the calling thread treat denormal floats as zero, on input and on output.
///
/// Adam's moments for pixels that are always black decay into denormals, which the processor handles
/// in microcode: without this the optimiser becomes 2 to 6 times slower from the second epoch on.
/// Does nothing on processors other than x86 and 64-bit Arm.
void latent_flush_denormals(void);

/// Tells the processor that the calling thread is spinning, so that it gives resources to other threads.
static inline void latent_wait_hint(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
