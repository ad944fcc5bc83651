#ifndef LATENT_PROCESSORS_H
#define LATENT_PROCESSORS_H

#include "CKernels.h"

#define INLINE static inline __attribute__((always_inline))

// FOR_EVERY_PROCESSOR(result, name, parameters, arguments) defines latent_name, which runs the INLINE function `name` as
// compiled for this processor: any x86-64, AVX2 (2013) or AVX-512 (2017). The choice is made at each call and not by the
// loader, because the loader would make it before a sanitizer is ready.
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
