#define _GNU_SOURCE
#include "CTerminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int latent_pseudo_terminal(int *slave)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    char name[128];
    if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, name, sizeof name) == 0) {
        *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (*slave >= 0) return master;
    }
    close(master);
    return -1;
}
