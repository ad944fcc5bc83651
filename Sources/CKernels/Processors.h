#ifndef LATENT_PROCESSORS_H
#define LATENT_PROCESSORS_H

#include "CKernels.h"

#define INLINE static inline __attribute__((always_inline))

// FOR_EVERY_PROCESSOR(result, name, parameters, arguments) defines latent_name, which runs the INLINE function `name`
// as compiled for this processor: of about 2003, 2013 (AVX2) or 2017 (AVX-512). It is chosen at each call, since the
// loader would choose before a sanitizer has begun, which that does not survive.
#if defined(__x86_64__)
#define FOR_EVERY_PROCESSOR(result, name, parameters, arguments) \
    __attribute__((target("arch=x86-64-v4"))) static result name##_16 parameters { return name arguments; } \
    __attribute__((target("arch=x86-64-v3"))) static result name##_8 parameters { return name arguments; } \
    result latent_##name parameters \
    { \
        int generation = latent_processor_generations(); \
        return generation >= 3 ? name##_16 arguments : generation == 2 ? name##_8 arguments : name arguments; \
    }
#else
#define FOR_EVERY_PROCESSOR(result, name, parameters, arguments) \
    result latent_##name parameters { return name arguments; }
#endif

#define LANES 16
typedef float vector __attribute__((ext_vector_type(LANES)));
typedef int int_vector __attribute__((ext_vector_type(LANES)));
typedef float unaligned_vector __attribute__((ext_vector_type(LANES), aligned(4)));
#define AT(pointer) (*(unaligned_vector *)(pointer))

#endif
