#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Ends every mode that the program may have set: synchronised output, mouse reports, bracketed paste, colours,
   alternate character set, application cursor keys and keypad, hidden cursor, alternate screen. */
static const char restore_bytes[] =
    "\033[?2026l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l"
    "\033[0m\017\033[?1l\033>\033[?25h\033[?1049l";

static const int fatal_signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGQUIT};
static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP};
static const int screen_signals[] = {SIGTSTP, SIGCONT, SIGWINCH};
static const int ignored_signals[] = {SIGPIPE, SIGXFSZ};
#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))
#define HIGHEST_SIGNAL 64
/* A second SIGINT or SIGTERM within this time is the same request, since some senders signal twice. */
#define REPEAT_MS 500
/* A terminal is stuck when writing a frame takes longer than this. */
#define STUCK_MS 1000

static struct sigaction old_actions[HIGHEST_SIGNAL + 1];
static struct termios saved_modes;
static int terminal = -1; /* a descriptor of our own, which nobody redirects */
static int null_device = -1;
static int wake_pipe[2] = {-1, -1};
static int wants_backtrace;
static atomic_int installed;
static atomic_int restoring;
static atomic_uint_least64_t pending;
static atomic_llong first_request_ms;
static atomic_llong write_started_ms;
static atomic_int output = -1;
static atomic_int output_cut;

static _Thread_local _Alignas(16) char handler_stack[32 * 1024];

static long long now_ms(void) {
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000 + 1;
}

static int takes_output(int fd) {
    struct pollfd request = {fd, POLLOUT, 0};
    return poll(&request, 1, 0) == 1 && (request.revents & POLLOUT) != 0;
}

/* Undoes Ctrl-S. tcflow restarts only output that tcflow has stopped. */
static void start_output(int fd) {
    tcflow(fd, TCOOFF);
    tcflow(fd, TCOON);
}

static void restore_terminal(void) {
    if (terminal < 0) return;
    start_output(terminal);
    if (!takes_output(terminal)) tcflush(terminal, TCOFLUSH);
    size_t written = 0;
    while (written < sizeof restore_bytes - 1 && takes_output(terminal)) {
        ssize_t count = write(terminal, restore_bytes + written, sizeof restore_bytes - 1 - written);
        if (count <= 0) break;
        written += (size_t)count;
    }
    tcsetattr(terminal, TCSANOW, &saved_modes);
}

/* Raises the signal again with its default action or, if the user asked for backtraces, with its former one, which is
   Swift's crash handler and may wait for a key. It arrives when this handler returns. */
static void pass_on(int number) {
    if (wants_backtrace) sigaction(number, &old_actions[number], NULL);
    else signal(number, SIG_DFL);
    raise(number);
}

static void on_fatal_signal(int number) {
    int error = errno;
    if (!atomic_exchange(&restoring, 1)) restore_terminal();
    pass_on(number);
    errno = error;
}

/* Frees a writer blocked by a stuck terminal: its interrupted write restarts on /dev/null. */
static void cut_stuck_output(void) {
    int fd = atomic_load(&output);
    if (fd < 0 || null_device < 0) return;
    if (takes_output(fd) && now_ms() - atomic_load(&write_started_ms) < STUCK_MS) return;
    atomic_store(&output_cut, fd + 1);
    dup2(null_device, fd);
}

static void on_polite_signal(int number) {
    int error = errno;
    if (number == SIGINT || number == SIGTERM) {
        long long none = 0, now = now_ms();
        if (!atomic_compare_exchange_strong(&first_request_ms, &none, now) && now - none >= REPEAT_MS) {
            on_fatal_signal(number);
            return;
        }
    }
    if (number == SIGINT || number == SIGTERM || number == SIGHUP) cut_stuck_output();
    atomic_fetch_or(&pending, (uint_least64_t)1 << number);
    latent_terminal_wake();
    errno = error;
}

static void catch_signal(int number, void (*handler)(int), int keep_ignored) {
    struct sigaction action = {0};
    if (sigaction(number, NULL, &old_actions[number]) != 0) return;
    if (keep_ignored && old_actions[number].sa_handler == SIG_IGN) return;
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK | SA_RESTART;
    sigfillset(&action.sa_mask);
    /* A fault while a handler runs must still end the program. */
    for (int i = 0; i < COUNT(fatal_signals); i++) sigdelset(&action.sa_mask, fatal_signals[i]);
    sigaction(number, &action, NULL);
}

static void catch_signals(const int *numbers, int count, void (*handler)(int), int keep_ignored) {
    for (int i = 0; i < count; i++) catch_signal(numbers[i], handler, keep_ignored);
}

static int open_pipe(void) {
    if (wake_pipe[0] >= 0) return 0;
    return pipe2(wake_pipe, O_NONBLOCK | O_CLOEXEC);
}

/* Before main, so that any thread can wake the program at any time. */
__attribute__((constructor)) static void open_pipe_early(void) { (void)open_pipe(); }

int latent_terminal_install(int tty_fd) {
    if (atomic_load(&installed)) return 0;
    if (open_pipe() != 0) return -1;
    if (tty_fd >= 0) {
        if (tcgetattr(tty_fd, &saved_modes) != 0) return -1;
        terminal = fcntl(tty_fd, F_DUPFD_CLOEXEC, 3);
        if (terminal < 0) return -1;
    }
    if (null_device < 0) null_device = open("/dev/null", O_WRONLY | O_CLOEXEC);
    latent_terminal_protect_thread();
    wants_backtrace = getenv("SWIFT_BACKTRACE") != NULL;
    atomic_store(&restoring, 0);
    atomic_store(&first_request_ms, 0);
    atomic_store(&pending, 0);
    atomic_store(&installed, 1);
    catch_signals(end_signals, COUNT(end_signals), on_polite_signal, 1);
    catch_signals(ignored_signals, COUNT(ignored_signals), SIG_IGN, 1);
    if (terminal < 0) return 0;
    catch_signals(fatal_signals, COUNT(fatal_signals), on_fatal_signal, 0);
    catch_signals(screen_signals, COUNT(screen_signals), on_polite_signal, 1);
    return 0;
}

static void put_back(const int *numbers, int count) {
    for (int i = 0; i < count; i++) sigaction(numbers[i], &old_actions[numbers[i]], NULL);
}

void latent_terminal_uninstall(void) {
    if (!atomic_load(&installed)) return;
    int cut = atomic_exchange(&output_cut, 0);
    if (cut > 0) {
        restore_terminal();
        if (takes_output(terminal)) dup2(terminal, cut - 1);
    }
    put_back(end_signals, COUNT(end_signals));
    put_back(ignored_signals, COUNT(ignored_signals));
    if (terminal >= 0) {
        put_back(fatal_signals, COUNT(fatal_signals));
        put_back(screen_signals, COUNT(screen_signals));
        int fd = terminal;
        terminal = -1;
        close(fd);
    }
    atomic_store(&installed, 0);
}

int latent_terminal_pending_signal(void) {
    static const int order[] = {SIGHUP, SIGTERM, SIGINT, SIGTSTP, SIGCONT, SIGWINCH};
    for (int i = 0; i < COUNT(order); i++) {
        uint_least64_t bit = (uint_least64_t)1 << order[i];
        if (atomic_fetch_and(&pending, ~bit) & bit) return order[i];
    }
    return 0;
}

int latent_terminal_wake_fd(void) { return wake_pipe[0]; }

void latent_terminal_wake(void) {
    int error = errno;
    if (wake_pipe[1] >= 0) {
        ssize_t ignored = write(wake_pipe[1], "", 1); /* if the pipe is full, it is readable anyway */
        (void)ignored;
    }
    errno = error;
}

void latent_terminal_drain(void) {
    char bytes[256];
    while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {
    }
}

int latent_terminal_protect_thread(void) {
    stack_t stack = {0};
    stack.ss_sp = handler_stack;
    stack.ss_size = sizeof handler_stack;
    return sigaltstack(&stack, NULL);
}

void latent_terminal_stop(void) {
    struct sigaction ours, standard = {0};
    standard.sa_handler = SIG_DFL;
    if (sigaction(SIGTSTP, &standard, &ours) != 0) return;
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    atomic_fetch_and(&pending, ~((uint_least64_t)1 << SIGCONT | (uint_least64_t)1 << SIGTSTP));
}

void latent_terminal_begin_write(int output_fd) {
    atomic_store(&write_started_ms, now_ms());
    atomic_store(&output, output_fd);
}

void latent_terminal_end_write(void) { atomic_store(&output, -1); }
