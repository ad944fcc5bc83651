#include "CKernels.h"
#include "Processors.h"

#include <string.h>

// Vectors are passed by address, since the calling convention for values depends on the processor.

// x ← eˣ as in VectorMath.exp: 2ⁿ · e^r with |r| ≤ ln 2 / 2. NaN stays NaN.
INLINE void exponential(vector *argument)
{
    vector x = *argument;
    x = x < -87 ? (vector)-87 : x;
    x = x > 87 ? (vector)87 : x;
    vector shifted = x * 1.44269504f + 12582912.0f;
    vector n = shifted - 12582912.0f;
    vector r = (x - n * 0.693359375f) - n * -2.1219444e-4f;
    vector p = (vector)1.98756915e-4f;
    p = p * r + 1.39819995e-3f;
    p = p * r + 8.3334519e-3f;
    p = p * r + 4.1665796e-2f;
    p = p * r + 1.6666665e-1f;
    p = p * r + 5.0000001e-1f;
    vector mantissa = p * (r * r) + r + 1;
    int_vector bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23;
    vector scale;
    memcpy(&scale, &bits, sizeof scale);
    *argument = mantissa * scale;
}

// u ← e^−|l|, and from it sigmoid(l).
INLINE void halves(const vector *logit, vector *u, vector *sigmoid)
{
    *u = -(*logit < 0 ? -*logit : *logit);
    exponential(u);
    vector inverse = 1 / (*u + 1);
    *sigmoid = *logit < 0 ? *u * inverse : inverse;
}

// log(1 + u) for u in [0, 1], in place, as in VectorMath.log1p.
INLINE void log_one_plus(vector *u)
{
    vector s = *u / (*u + 2);
    vector q = s * s;
    vector p = (vector)(2.0f / 15);
    p = p * q + 2.0f / 13;
    p = p * q + 2.0f / 11;
    p = p * q + 2.0f / 9;
    p = p * q + 2.0f / 7;
    p = p * q + 2.0f / 5;
    p = p * q + 2.0f / 3;
    p = p * q + 2;
    *u = p * s;
}

INLINE double bernoulli(const float *logits, const float *x, size_t n, float *gradient)
{
    vector sum = (vector)0;
    for (size_t i = 0; i < n; i += LANES) {
        // The last few go through padded copies.
        size_t lanes = n - i < LANES ? n - i : LANES;
        float tail[3][LANES] = {{0}};
        const float *l = logits + i, *t = x + i;
        float *g = gradient ? gradient + i : NULL;
        if (lanes < LANES) {
            memcpy(tail[0], l, lanes * sizeof(float)), memcpy(tail[1], t, lanes * sizeof(float));
            l = tail[0], t = tail[1];
            if (g) g = tail[2];
        }
        vector logit = AT(l), target = AT(t), u, sigmoid;
        halves(&logit, &u, &sigmoid);
        log_one_plus(&u);
        vector loss = (logit < 0 ? (vector)0 : logit) + u - logit * target;
        if (g) AT(g) = sigmoid - target;
        if (lanes < LANES) {
            for (size_t j = lanes; j < LANES; j++) loss[j] = 0;
            if (g) memcpy(gradient + i, g, lanes * sizeof(float));
        }
        sum += loss;
    }
    double total = 0;
    for (int j = 0; j < LANES; j++) total += sum[j];
    return total;
}
FOR_EVERY_PROCESSOR(
    double, bernoulli,
    (const float *logits, const float *x, size_t n, float *gradient),
    (logits, x, n, gradient))

INLINE void sigmoid(float *x, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        size_t lanes = n - i < LANES ? n - i : LANES;
        float tail[LANES] = {0};
        float *at = x + i;
        if (lanes < LANES) at = memcpy(tail, at, lanes * sizeof(float));
        vector logit = AT(at), u, sigmoid;
        halves(&logit, &u, &sigmoid);
        AT(at) = sigmoid;
        if (lanes < LANES) memcpy(x + i, at, lanes * sizeof(float));
    }
}
FOR_EVERY_PROCESSOR(void, sigmoid, (float *x, size_t n), (x, n))
