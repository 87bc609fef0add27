/* SPDX-License-Identifier: Apache-2.0
 * The command line: one table of commands, errors, signals, output. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"

static int run_daemon(const struct ag_config *c, char **argv);
static int run_once(const struct ag_config *c, char **argv);
static int run_watch(const struct ag_config *c, char **argv);
static int run_inventory(const struct ag_config *c, char **argv);

static const struct command {
    const char *name, *words, *summary;
    int (*run)(const struct ag_config *c, char **argv);
    bool takes_words;
} commands[] = {
        {"daemon", "",
         "samples and pushes until it is stopped (options alone mean it)",
         run_daemon, false},
        {"once", "", "prints what can be seen here, and why the rest cannot",
         run_once, false},
        {"watch", "", "shows live watts by component", run_watch, false},
        {"run", "-- COMMAND [WORD]...",
         "runs a command and tells its joules, watts, EDP and kg", ag_cmd_run,
         true},
        {"inventory", "", "prints the machine's hardware, for `import`",
         run_inventory, false},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int run_daemon(const struct ag_config *c, char **argv)
{
    (void)argv;
    return ag_cmd_daemon(c);
}

static int run_once(const struct ag_config *c, char **argv)
{
    (void)argv;
    return ag_cmd_once(c);
}

static int run_watch(const struct ag_config *c, char **argv)
{
    (void)argv;
    return ag_cmd_watch(c);
}

static int run_inventory(const struct ag_config *c, char **argv)
{
    (void)argv;
    return ag_cmd_inventory(c);
}

int ag_fail(const struct err *err)
{
    char text[1100];

    fprintf(stderr, "%s: %s\n", AG_NAME, err_text(err, text, sizeof text));
    return err_exit_status(err->code);
}

bool ag_emit(
        const struct ag_config *c, const char *bytes, size_t len, int fd,
        struct err *err)
{
    struct file_out f;

    if (c->out && strcmp(c->out, "-") != 0) {
        if (!file_out_open(&f, c->out, err))
            return false;
        fwrite(bytes, 1, len, f.file);
        return file_out_commit(&f, err);
    }
    if (c->out)
        fd = STDOUT_FILENO;
    while (len) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_IO, "cannot write: %s", strerror(errno));
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

volatile sig_atomic_t ag_stopping;

static void stop(int signal)
{
    (void)signal;
    ag_stopping = 1;
}

void ag_catch_signals(sigset_t *free)
{
    struct sigaction a = {.sa_handler = stop};
    sigset_t block;

    sigemptyset(&a.sa_mask);
    sigaction(SIGTERM, &a, NULL);
    sigaction(SIGINT, &a, NULL);
    sigemptyset(&block);
    sigaddset(&block, SIGTERM);
    sigaddset(&block, SIGINT);
    sigprocmask(SIG_BLOCK, &block, free);
    sigdelset(free, SIGTERM);
    sigdelset(free, SIGINT);
    signal(SIGPIPE, SIG_IGN);
}

static int help(FILE *to)
{
    struct out o;

    out_to_file(&o, to);
    out_str(&o, "usage: " AG_NAME " [COMMAND] [OPTION]...\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        out_printf(
                &o, "  %-10s %-21s %s\n", commands[i].name, commands[i].words,
                commands[i].summary);
    out_str(&o, "\nOptions, which follow the command; most may stand in the "
                "file of settings too:\n");
    ag_config_help(&o);
    out_str(&o, "\nExamples:\n"
                "  " AG_NAME " once\n"
                "  " AG_NAME " run --grid-g 20 -- make -j8\n"
                "  " AG_NAME " inventory -o node12.json\n"
                "  " AG_NAME " daemon --server https://carbon.example:8420 "
                "--enrol-file /etc/fleetprint/enrol\n");
    return out_finish(&o, NULL) ? 0 : 1;
}

static int usage(const char *what, const char *word)
{
    fprintf(stderr, "%s: %s '%s'; see --help\n", AG_NAME, what, word);
    return 2;
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int run_command(
        const struct command *cmd, struct ag_config *c, int argc, char **argv)
{
    struct err err = {0};
    int first = argc;

    if (!ag_config_args(c, argc, argv, &first, &err))
        return ag_fail(&err);
    if (!cmd->takes_words && first < argc)
        return usage("no more words expected, but", argv[first]);
    if (cmd->takes_words && first == argc)
        return usage("expected a command to run, as in", "run -- make");
    return cmd->run(c, argv + first);
}

int ag_main(int argc, char **argv)
{
    struct ag_config c;
    /* Tokens and readings are nobody else's. */
    mode_t mask = umask(077);
    const struct command *cmd;
    int status;

    if (argc < 2) {
        help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts(AG_NAME " " FP_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "help") == 0 || asks_help(argc, argv))
        return help(stdout);
    /* Options alone are the daemon's. */
    cmd = argv[1][0] == '-' ? &commands[0] : NULL;
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            cmd = &commands[i];
    if (!cmd)
        return usage("no command", argv[1]);
    ag_config_init(&c);
    c.umask = mask;
    status = argv[1][0] == '-' ? run_command(cmd, &c, argc, argv)
                               : run_command(cmd, &c, argc - 1, argv + 1);
    ag_config_clear(&c);
    return status;
}
