#ifndef LATENT_CZIP_SHIM_H
#define LATENT_CZIP_SHIM_H
#include <zip.h>
#endif
