#include "CFileSystem.h"

#if defined(__linux__)
#include <sys/vfs.h>

// The kinds of file systems as statfs(2) and linux/magic.h number them.
bool latent_is_shared(const char *path) {
    struct statfs status;
    if (statfs(path, &status) != 0) return true;
    switch ((unsigned int)status.f_type) {
        case 0x6969:      // NFS
        case 0x517b:      // SMB
        case 0xff534d42:  // CIFS
        case 0xfe534d42:  // SMB 2
        case 0x65735546:  // FUSE, such as sshfs
        case 0x01021997:  // 9P
        case 0x5346414f:  // AFS
        case 0x00c36400:  // Ceph
        case 0x0bd00bd0:  // Lustre
            return true;
        default:
            return false;
    }
}
#else
bool latent_is_shared(const char *path) {
    (void)path;
    return true;
}
#endif
