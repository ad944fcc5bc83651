#ifndef LATENT_CTERMINAL_H
#define LATENT_CTERMINAL_H

/* Restores the terminal when a signal ends the full-screen program. In C, because a signal handler can run at
   any instant and may call only async-signal-safe functions. */

/* Saves the state of the terminal tty_fd, and catches the signals that end, stop, continue or resize the
   program. Ignored signals stay ignored. With tty_fd -1, for a program without a screen, catches only SIGINT,
   SIGTERM and SIGHUP. A second SIGINT or SIGTERM, at least half a second after the first, ends the program at
   once. Returns 0, or -1 with errno set. */
int latent_terminal_install(int tty_fd);

/* Restores the former handlers. Leaves the terminal alone, unless output to it was cut off. */
void latent_terminal_uninstall(void);

/* Takes a pending signal and returns its number, or 0 if there is none. The order is SIGHUP, SIGTERM, SIGINT,
   SIGTSTP, SIGCONT, SIGWINCH. */
int latent_terminal_pending_signal(void);

/* A descriptor that is readable after a signal or a wake, until it is drained. */
int latent_terminal_wake_fd(void);

/* Makes the wake descriptor readable. Any thread may call it, also before install. */
void latent_terminal_wake(void);

/* Empties the wake descriptor. */
void latent_terminal_drain(void);

/* Gives the calling thread a separate stack for signal handlers, so that the terminal can be restored even after
   a stack overflow. Call once on each thread. Returns 0, or -1 with errno set. */
int latent_terminal_protect_thread(void);

/* Stops the program as Ctrl-Z would without a handler; returns when it is continued. */
void latent_terminal_stop(void);

/* Mark the beginning and the end of writing the screen to output_fd. If a signal ends the program while a stuck
   terminal blocks the writer, the rest of the output goes to /dev/null. */
void latent_terminal_begin_write(int output_fd);
void latent_terminal_end_write(void);

/* Opens a pseudo-terminal. Returns the descriptor of its master, with its other end in *slave; -1 on failure. */
int latent_pseudo_terminal(int *slave);

#endif
