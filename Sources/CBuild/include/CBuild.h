#ifndef LATENT_CBUILD_H
#define LATENT_CBUILD_H

/// The commit that a packaged program was built from, such as "0123456789ab" or "0123456789ab with changes"; empty for any
/// other build. script/package links another definition over this one, so that a new commit compiles nothing anew.
const char *latent_build_commit(void);

#endif
