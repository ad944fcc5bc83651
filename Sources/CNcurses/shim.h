#ifndef LATENT_CNCURSES_SHIM_H
#define LATENT_CNCURSES_SHIM_H
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#endif
