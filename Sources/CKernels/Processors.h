#ifndef LATENT_PROCESSORS_H
#define LATENT_PROCESSORS_H

// A function marked so is compiled for the processors of about 2003, 2013 (AVX2) and 2017 (AVX-512). The loader chooses
// among them before the sanitizers have begun, which they do not survive: under them there is one.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ONE_PROCESSOR
#endif
#endif
#if defined(__x86_64__) && defined(__linux__) && !defined(ONE_PROCESSOR)
#define EVERY_PROCESSOR __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define EVERY_PROCESSOR
#endif
#define INLINE static inline __attribute__((always_inline))

#define LANES 16
typedef float vector __attribute__((ext_vector_type(LANES)));
typedef int int_vector __attribute__((ext_vector_type(LANES)));
typedef float unaligned_vector __attribute__((ext_vector_type(LANES), aligned(4)));
#define AT(pointer) (*(unaligned_vector *)(pointer))

#endif
