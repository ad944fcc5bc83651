#ifndef LATENT_CKERNELS_H
#define LATENT_CKERNELS_H

#include <stddef.h>

// Loops over numbers that every training step passes over, compiled several times and chosen by the processor
// when the program starts: Swift packages are compiled for the oldest x86-64, whose vectors hold 4 floats and
// have no fused multiply-add, and Swift's SIMD takes roots lane by lane. What each bought stands in
// docs/PERFORMANCE.md.

/// Adam on `n` parameters: m ← β₁m + (1−β₁)g ; v ← β₂v + (1−β₂)g² ; p ← p − stepSize·m / (√v·rootCorrection + ε).
void latent_adam(
    float *parameters, const float *gradients, float *firstMoment, float *secondMoment, size_t n, float beta1,
    float beta2, float stepSize, float rootCorrection, float epsilon);

/// Adagrad on `n` parameters: g ← g + λp ; G ← G + g² ; p ← p − αg / (√G + ε).
void latent_adagrad(
    float *parameters, const float *gradients, float *squares, size_t n, float learningRate, float weightDecay,
    float epsilon);

/// The Bernoulli's −log p of `n` pixels from their logits: Σ max(l, 0) − l·x + log(1 + e^−|l|), nats. Its gradient
/// sigmoid(l) − x goes to `gradient`, if that is not NULL.
double latent_bernoulli(const float *logits, const float *x, size_t n, float *gradient);

/// x ← 1 / (1 + e^−x), in place.
void latent_sigmoid(float *x, size_t n);

#endif
