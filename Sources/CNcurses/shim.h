#ifndef LATENT_CNCURSES_SHIM_H
#define LATENT_CNCURSES_SHIM_H

/* The wide-character API of ncurses, and functions for what Swift cannot import: macros with casts or
   arguments, and global variables. Names start with nc_. */

#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <stdio.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#undef columns
#undef lines
#undef tab
#undef newline

static inline SCREEN *nc_open(const char *type) { return newterm(type, stdout, stdin); }
static inline WINDOW *nc_stdscr(void) { return stdscr; }
static inline WINDOW *nc_curscr(void) { return curscr; }
static inline int nc_height(void) { return stdscr ? getmaxy(stdscr) : 0; }
static inline int nc_width(void) { return stdscr ? getmaxx(stdscr) : 0; }
static inline int nc_colors(void) { return COLORS; }
static inline int nc_color_pairs(void) { return COLOR_PAIRS; }

static inline unsigned nc_attributes(int bold, int reverse, int underline, int dim) {
    return (bold ? A_BOLD : 0) | (reverse ? A_REVERSE : 0) | (underline ? A_UNDERLINE : 0) |
           (dim ? A_DIM : 0);
}

extern int wcwidth(wchar_t character);
static inline int nc_column_width(unsigned character) { return wcwidth((wchar_t)character); }

/* One character with attributes and a colour pair of any number. */
static inline void nc_set_cell(cchar_t *cell, unsigned character, unsigned attributes, int pair) {
    wchar_t text[2] = {(wchar_t)character, 0};
    setcchar(cell, text, attributes, 0, &pair);
}

static inline int nc_draw(int x, int y, const cchar_t *cells, int count) {
    if (wmove(stdscr, y, x) == ERR) return ERR;
    return wadd_wchnstr(stdscr, cells, count);
}

/* 1 and the code for a character, 2 and the code for a key, 0 for nothing. */
static inline int nc_read(WINDOW *window, unsigned *code) {
    wint_t value = 0;
    int result = wget_wch(window, &value);
    *code = (unsigned)value;
    return result == KEY_CODE_YES ? 2 : result == OK ? 1 : 0;
}

/* Reads a terminal's description without taking the terminal; false if there is none. NULL stands for $TERM. */
static inline int nc_describe(const char *type) {
    int status = 0;
    return setupterm(type, STDOUT_FILENO, &status) == OK;
}

static inline int nc_number(const char *name) { return tigetnum(name); }

static inline int nc_has_string(const char *name) {
    const char *value = tigetstr(name);
    return value != NULL && value != (const char *)-1;
}
#endif
