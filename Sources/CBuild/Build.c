#include "CBuild.h"

__attribute__((weak)) const char *latent_build_commit(void) { return ""; }
