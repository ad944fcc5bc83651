#ifndef LATENT_CTERMINAL_H
#define LATENT_CTERMINAL_H

/* What a full-screen program needs when it ends without being asked: signal handlers, in C because a
   handler may run at any instant and call nothing but async-signal-safe functions. */

/* Saves the state of the terminal behind tty_fd and catches the signals that end, stop, continue or
   resize the program. Signals that were ignored stay ignored. With tty_fd -1, for a program that shows
   no screen, only SIGINT, SIGTERM and SIGHUP are caught. A second SIGINT or SIGTERM, half a second or more
   after the first, ends the program at once. Returns 0, or -1 with errno set. */
int latent_terminal_install(int tty_fd);

/* Puts the former handlers back. Does not touch the terminal, unless output to it was cut off. */
void latent_terminal_uninstall(void);

/* Takes one pending signal and returns its number, 0 if there is none: SIGHUP, SIGTERM or SIGINT first,
   then SIGTSTP, SIGCONT, SIGWINCH. */
int latent_terminal_pending_signal(void);

/* A descriptor that polls readable after a signal or a wake, until it is drained. */
int latent_terminal_wake_fd(void);

/* Makes the wake descriptor readable. Any thread may call it, also before install. */
void latent_terminal_wake(void);

/* Reads the wake descriptor empty. */
void latent_terminal_drain(void);

/* Gives the calling thread a stack for signal handlers, so that its stack overflow is survived long
   enough to restore the terminal. Call once on each thread. Returns 0, or -1 with errno set. */
int latent_terminal_protect_thread(void);

/* Stops the program as Ctrl-Z would without a handler; returns when it is continued. */
void latent_terminal_stop(void);

/* Say that the screen is being written to output_fd, and that it is done. A terminal that takes no output
   would block the writer for ever: when a signal ends the program meanwhile, output goes to /dev/null. */
void latent_terminal_begin_write(int output_fd);
void latent_terminal_end_write(void);

/// Opens a pseudo-terminal.
/// - Returns: its master's descriptor, and its other end in `slave`; -1 where there is none.
int latent_pseudo_terminal(int *slave);

#endif
