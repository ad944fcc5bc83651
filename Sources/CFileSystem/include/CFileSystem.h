#ifndef LATENT_FILE_SYSTEM_H
#define LATENT_FILE_SYSTEM_H

#include <stdbool.h>

/// Whether other machines may change the files at a path, of which the system then tells nothing: NFS, SMB, FUSE and
/// their like. True also if that cannot be found out.
bool latent_is_shared(const char *path);

#endif
