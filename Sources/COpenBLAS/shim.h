#ifndef LATENT_COPENBLAS_SHIM_H
#define LATENT_COPENBLAS_SHIM_H
#include <cblas.h>
#include <stddef.h>

// LAPACK is part of the library, but its C header is not: Fortran passes every argument by its address, and the lengths of
// texts after all others.
void dsyevd_(
    const char *jobz, const char *uplo, const blasint *n, double *a, const blasint *lda, double *w, double *work,
    const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info, size_t jobz_length, size_t uplo_length);

// Eigenvalues, and eigenvectors in the place of the matrix.
static inline void latent_dsyevd(
    const blasint *n, double *a, const blasint *lda, double *w, double *work, const blasint *lwork, blasint *iwork,
    const blasint *liwork, blasint *info) {
    dsyevd_("V", "U", n, a, lda, w, work, lwork, iwork, liwork, info, 1, 1);
}
#endif
