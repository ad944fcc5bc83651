#include "CKernels.h"
#include "Processors.h"

#include <string.h>

INLINE void adam_vector(
    float *p, const float *g, float *m, float *v, float beta1, float beta2, float stepSize, float rootCorrection,
    float epsilon)
{
    vector M = AT(m) * beta1 + AT(g) * (1 - beta1);
    vector V = AT(v) * beta2 + AT(g) * AT(g) * (1 - beta2);
    AT(p) -= M * stepSize / (__builtin_elementwise_sqrt(V) * rootCorrection + epsilon);
    AT(m) = M;
    AT(v) = V;
}

INLINE void adam(
    float *p, const float *g, float *m, float *v, size_t n, float beta1, float beta2, float stepSize,
    float rootCorrection, float epsilon)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        adam_vector(p + i, g + i, m + i, v + i, beta1, beta2, stepSize, rootCorrection, epsilon);
    if (i == n) return;
    // The last few go through padded copies.
    float tail[4][LANES] = {{0}};
    size_t bytes = (n - i) * sizeof(float);
    memcpy(tail[0], p + i, bytes), memcpy(tail[1], g + i, bytes), memcpy(tail[2], m + i, bytes),
        memcpy(tail[3], v + i, bytes);
    adam_vector(tail[0], tail[1], tail[2], tail[3], beta1, beta2, stepSize, rootCorrection, epsilon);
    memcpy(p + i, tail[0], bytes), memcpy(m + i, tail[2], bytes), memcpy(v + i, tail[3], bytes);
}
FOR_EVERY_PROCESSOR(
    void, adam,
    (float *p, const float *g, float *m, float *v, size_t n, float beta1, float beta2, float stepSize,
     float rootCorrection, float epsilon),
    (p, g, m, v, n, beta1, beta2, stepSize, rootCorrection, epsilon))

INLINE void adagrad_vector(float *p, const float *g, float *s, float learningRate, float weightDecay, float epsilon)
{
    vector G = AT(g) + AT(p) * weightDecay;
    vector S = AT(s) + G * G;
    AT(p) -= G * learningRate / (__builtin_elementwise_sqrt(S) + epsilon);
    AT(s) = S;
}

INLINE void adagrad(
    float *p, const float *g, float *s, size_t n, float learningRate, float weightDecay, float epsilon)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) adagrad_vector(p + i, g + i, s + i, learningRate, weightDecay, epsilon);
    if (i == n) return;
    float tail[3][LANES] = {{0}};
    size_t bytes = (n - i) * sizeof(float);
    memcpy(tail[0], p + i, bytes), memcpy(tail[1], g + i, bytes), memcpy(tail[2], s + i, bytes);
    adagrad_vector(tail[0], tail[1], tail[2], learningRate, weightDecay, epsilon);
    memcpy(p + i, tail[0], bytes), memcpy(s + i, tail[2], bytes);
}
FOR_EVERY_PROCESSOR(
    void, adagrad,
    (float *p, const float *g, float *s, size_t n, float learningRate, float weightDecay, float epsilon),
    (p, g, s, n, learningRate, weightDecay, epsilon))
