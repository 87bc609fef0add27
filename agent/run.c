/* SPDX-License-Identifier: Apache-2.0
 * `run`: one command, and what the machine used while it ran. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/run_priv.h"

enum { NOT_RUN = 126, NOT_FOUND = 127, SIGNALLED = 128 };

/* That it comes is enough: it ends the wait. */
static void ended(int signal)
{
    (void)signal;
}

/* In the child: errno goes to the parent if exec fails. */
static _Noreturn void
become(char **argv, const sigset_t *before, mode_t mask, int tell)
{
    int e;

    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, before, NULL);
    umask(mask);
    execvp(argv[0], argv);
    e = errno;
    if (write(tell, &e, sizeof e) < 0)
        _exit(NOT_RUN);
    _exit(e == ENOENT ? NOT_FOUND : NOT_RUN);
}

static bool
start(char **argv, const sigset_t *before, mode_t mask, pid_t *pid,
      struct err *err)
{
    int ends[2], e = 0;
    ssize_t n;

    if (pipe(ends) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0)
        return err_set(err, ERR_IO, "cannot start: %s", strerror(errno));
    *pid = fork();
    if (*pid == 0) {
        close(ends[0]);
        become(argv, before, mask, ends[1]);
    }
    close(ends[1]);
    if (*pid < 0) {
        close(ends[0]);
        return err_set(err, ERR_IO, "cannot start: %s", strerror(errno));
    }
    do
        n = read(ends[0], &e, sizeof e);
    while (n < 0 && errno == EINTR);
    close(ends[0]);
    if (n != (ssize_t)sizeof e)
        return true;
    waitpid(*pid, NULL, 0);
    return err_set(
            err, e == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot run '%s': %s",
            argv[0], strerror(e));
}

static void read_due(struct ag_run *r, const bool *due)
{
    for (size_t i = 0; i < r->set.n; i++)
        if (!due || due[i])
            r->failed[i] |= !ag_meter_read(&r->meters[i], &r->set.sensors[i]);
}

/* Samples until the child is gone; its exit status. */
static int
attend(struct ag_run *r, pid_t pid, int64_t interval_ns, sigset_t *mask)
{
    struct ag_rota rota;
    int64_t next;
    int status = 0;
    bool passed_on = false;

    ag_rota_open(&rota, &r->set, interval_ns, r->start_ns + interval_ns);
    next = r->start_ns + interval_ns;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (ag_stopping && !passed_on) {
            kill(pid, SIGTERM);
            passed_on = true;
        }
        if (ag_boot_ns() >= next) {
            next = ag_rota_turn(&rota, &r->set, ag_boot_ns());
            read_due(r, rota.due);
        }
        ag_wait_until(next, mask);
    }
    ag_rota_close(&rota);
    return WIFEXITED(status) ? WEXITSTATUS(status)
                             : SIGNALLED + WTERMSIG(status);
}

/* SIGCHLD is blocked but in the wait, so that no end is missed. Ctrl-C is the
 * command's: it comes to the whole group. */
static void signals(sigset_t *before, sigset_t *mask)
{
    struct sigaction a = {.sa_handler = ended};
    sigset_t block;

    sigprocmask(SIG_BLOCK, NULL, before);
    ag_catch_signals(mask);
    sigemptyset(&a.sa_mask);
    sigaction(SIGCHLD, &a, NULL);
    sigemptyset(&block);
    sigaddset(&block, SIGCHLD);
    sigprocmask(SIG_BLOCK, &block, NULL);
    sigdelset(mask, SIGCHLD);
    signal(SIGINT, SIG_IGN);
}

static bool
measure(struct ag_run *r, const struct ag_config *c, char **argv,
        struct err *err)
{
    int64_t interval = c->interval_ns ? c->interval_ns : 100000000;
    sigset_t before, mask;
    pid_t pid = -1;

    signals(&before, &mask);
    r->utc_ns = ag_utc_ns();
    read_due(r, NULL);
    r->start_ns = ag_boot_ns();
    if (!start(argv, &before, r->umask, &pid, err))
        return false;
    r->exit = attend(r, pid, interval, &mask);
    r->end_ns = ag_boot_ns();
    read_due(r, NULL);
    return true;
}

int ag_cmd_run(const struct ag_config *c, char **argv)
{
    struct ag_run r = {.argv = argv, .umask = c->umask};
    struct err err = {0};
    int status;

    ag_set_open(&r.set, c);
    r.meters = xcalloc(r.set.n + 1, sizeof *r.meters);
    r.failed = xcalloc(r.set.n + 1, sizeof *r.failed);
    if (!measure(&r, c, argv, &err))
        status = err.code == ERR_NOT_FOUND ? NOT_FOUND : NOT_RUN;
    else
        status = r.exit;
    if (err.code == ERR_NONE)
        ag_run_report(&r, c, &err);
    if (err.code != ERR_NONE)
        ag_fail(&err);
    free(r.meters);
    free(r.failed);
    ag_set_close(&r.set);
    return status;
}
