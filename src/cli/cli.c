/* SPDX-License-Identifier: Apache-2.0
 * Finds the command, parses its options and the global ones, runs it, and says
 * what went wrong. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

const struct cmd *const cmd_table[] = {
        &cmd_init,
        &cmd_check,
        &cmd_backup,
        &cmd_restore,
        &cmd_import_list,
        &cmd_import_undo,
        &cmd_import_maps,
        &cmd_import,
        &cmd_machine_list,
        &cmd_machine_show,
        &cmd_machine_add,
        &cmd_machine_set,
        &cmd_machine_move,
        &cmd_machine_retire,
        &cmd_machine_give,
        &cmd_machine_differences,
        &cmd_machine_merge,
        &cmd_machine_history,
        &cmd_site_list,
        &cmd_site_set,
        &cmd_estimate,
        &cmd_report_year,
        &cmd_report_fleet,
        &cmd_report_machine,
        &cmd_power_set,
        &cmd_power_list,
        &cmd_power_clear,
        &cmd_calendar_set,
        &cmd_calendar_list,
        &cmd_calendar_remove,
        &cmd_market_add,
        &cmd_market_list,
        &cmd_market_residual,
        &cmd_market_remove,
        &cmd_energy_status,
        &cmd_energy_show,
        &cmd_energy_fold,
        &cmd_energy_import,
        &cmd_energy_pull,
        &cmd_energy_target,
        &cmd_energy_map,
        &cmd_energy_meter,
        &cmd_factor_list,
        &cmd_factor_show,
        &cmd_factor_explain,
        &cmd_factor_import,
        &cmd_factor_prefer,
        &cmd_grid_list,
        &cmd_grid_import,
        &cmd_grid_pull,
        &cmd_token_create,
        &cmd_token_list,
        &cmd_token_revoke,
        &cmd_token_approve,
        &cmd_serve,
        &cmd_help,
        &cmd_completion,
        NULL,
};

enum {
    GLOBAL_DB = 1000,
    GLOBAL_JSON,
    GLOBAL_FACTORS,
    GLOBAL_HELP,
    GLOBAL_VERSION,
    MAX_OPTS = 16,
};

static const struct option global_opts[] = {
        {"db", required_argument, NULL, GLOBAL_DB},
        {"json", no_argument, NULL, GLOBAL_JSON},
        {"factors", required_argument, NULL, GLOBAL_FACTORS},
        {"help", no_argument, NULL, GLOBAL_HELP},
        {"version", no_argument, NULL, GLOBAL_VERSION},
};
enum { N_GLOBAL = sizeof global_opts / sizeof *global_opts };

static int opt_index(const struct cmd *cmd, const char *name)
{
    if (cmd->opts)
        for (int i = 0; cmd->opts[i].name; i++)
            if (!strcmp(cmd->opts[i].name, name))
                return i;
    return -1;
}

const char *cmd_value(const struct cmd_call *c, const char *name)
{
    int i = opt_index(c->cmd, name);

    CHECK(i >= 0);
    return c->values[i];
}

bool cmd_flag(const struct cmd_call *c, const char *name)
{
    return cmd_value(c, name) != NULL;
}

bool cmd_db(
        const struct cmd_call *c, enum db_mode mode, struct db **out,
        struct err *err)
{
    if (db_open(c->db_path, mode, out, err))
        return true;
    /* An older file is brought up to date before it is read; a newer one is
     * refused again, with the reason. */
    if (mode == DB_READ && err->code == ERR_CONFLICT) {
        if (!db_open(c->db_path, DB_WRITE, out, err))
            return false;
        db_close(*out);
        err_clear(err);
        return db_open(c->db_path, mode, out, err);
    }
    if (err->code == ERR_NOT_FOUND)
        err_in(err, "no database yet: 'fleetprint init' or 'fleetprint import'"
                    " makes one");
    return false;
}

bool cmd_pack(const struct cmd_call *c, struct fac_pack **out, struct err *err)
{
    return fac_pack_load(c->factors, out, err);
}

bool cmd_pack_db(
        const struct cmd_call *c, struct db *db, struct fac_pack **out,
        struct err *err)
{
    if (!cmd_pack(c, out, err))
        return false;
    if (!db || fac_pack_add_db(*out, db, err))
        return true;
    fac_pack_free(*out);
    *out = NULL;
    return false;
}

bool cmd_db_if_any(const struct cmd_call *c, struct db **out, struct err *err)
{
    *out = NULL;
    if (cmd_db(c, DB_READ, out, err))
        return true;
    if (err->code != ERR_NOT_FOUND)
        return false;
    err_clear(err);
    return true;
}

/* ---- finding the command ------------------------------------------------ */

/* Does the option take the next word as its value? Only global options can
 * stand before the noun and verb, so these are all that matter here. */
static bool takes_next(const char *word)
{
    return !strcmp(word, "--db") || !strcmp(word, "--factors");
}

/* The same for the options of any command of the noun: "import --site list". */
static bool takes_next_of(const char *noun, const char *word)
{
    for (int i = 0; cmd_table[i]; i++) {
        const struct cmd_opt *o = cmd_table[i]->opts;

        if (strcmp(cmd_table[i]->noun, noun) != 0)
            continue;
        for (; o && o->name; o++) {
            bool letter = o->letter && word[1] == o->letter && !word[2];

            if (o->arg &&
                (letter || (word[1] == '-' && !strcmp(word + 2, o->name))))
                return true;
        }
    }
    return false;
}

/* The first two words that are no options, as indexes; -1 when absent. */
static void find_words(int argc, char **argv, int *noun, int *verb)
{
    *noun = *verb = -1;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--"))
            return;
        if (argv[i][0] == '-' && argv[i][1]) {
            if (takes_next(argv[i]) ||
                (*noun > 0 && takes_next_of(argv[*noun], argv[i])))
                i++;
            continue;
        }
        if (*noun < 0) {
            *noun = i;
        } else {
            *verb = i;
            return;
        }
    }
}

static bool noun_has_verbs(const char *noun)
{
    for (int i = 0; cmd_table[i]; i++)
        if (!strcmp(cmd_table[i]->noun, noun) && cmd_table[i]->verb)
            return true;
    return false;
}

static const struct cmd *find_cmd(const char *noun, const char *verb)
{
    for (int i = 0; cmd_table[i]; i++) {
        const struct cmd *cmd = cmd_table[i];

        if (strcmp(cmd->noun, noun) != 0)
            continue;
        if (!cmd->verb || (verb && !strcmp(cmd->verb, verb)))
            return cmd;
    }
    return NULL;
}

/* Edit distance of short words, for "did you mean". */
static size_t distance(const char *a, const char *b)
{
    size_t row[32], n = strlen(b);

    if (n >= sizeof row / sizeof *row)
        return n;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t best = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            if (row[j + 1] + 1 < best)
                best = row[j + 1] + 1;
            if (row[j] + 1 < best)
                best = row[j] + 1;
            row[j + 1] = best;
        }
    }
    return row[n];
}

static void say_unknown(const char *noun, const char *verb)
{
    const struct cmd *near = NULL;
    bool verbs = noun_has_verbs(noun);
    size_t best = 3; /* further apart is no near miss */

    for (int i = 0; cmd_table[i]; i++) {
        const struct cmd *cmd = cmd_table[i];
        size_t d;

        if (verbs && strcmp(cmd->noun, noun) != 0)
            continue;
        d = verbs ? distance(verb ? verb : "", cmd->verb)
                  : distance(noun, cmd->noun);
        if (d < best) {
            best = d;
            near = cmd;
        }
    }
    if (verbs && !verb)
        fprintf(stderr, "fleetprint: '%s' needs a verb:", noun);
    else
        fprintf(stderr, "fleetprint: no command '%s%s%s'", noun,
                verbs ? " " : "", verbs ? verb : "");
    if (verbs && !verb) {
        for (int i = 0; cmd_table[i]; i++)
            if (!strcmp(cmd_table[i]->noun, noun))
                fprintf(stderr, " %s", cmd_table[i]->verb);
    } else if (near) {
        /* Of a noun that is none, the verbs are the next question. */
        fprintf(stderr, "; did you mean '%s%s%s'?", near->noun,
                verbs && near->verb ? " " : "",
                verbs && near->verb ? near->verb : "");
    }
    fputs("\nfleetprint: 'fleetprint help' lists the commands\n", stderr);
}

/* ---- options ------------------------------------------------------------- */

struct parse {
    struct option longs[N_GLOBAL + MAX_OPTS + 1];
    char shorts[2 * MAX_OPTS + 4];
};

static void parse_tables(struct parse *p, const struct cmd *cmd)
{
    size_t n = 0, s = 0;

    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < N_GLOBAL; i++)
        p->longs[n++] = global_opts[i];
    p->shorts[s++] = 'h';
    for (int i = 0; cmd->opts && cmd->opts[i].name; i++) {
        const struct cmd_opt *o = &cmd->opts[i];

        CHECK(i < MAX_OPTS);
        p->longs[n++] = (struct option){
                o->name, o->arg ? required_argument : no_argument, NULL, i + 1};
        if (o->letter) {
            p->shorts[s++] = o->letter;
            if (o->arg)
                p->shorts[s++] = ':';
        }
    }
}

static int opt_by_letter(const struct cmd *cmd, int letter)
{
    for (int i = 0; cmd->opts && cmd->opts[i].name; i++)
        if (cmd->opts[i].letter == letter)
            return i;
    return -1;
}

/* CMD_ERR: go on and run the command; otherwise the exit status. */
static int parse_options(struct cmd_call *c, int argc, char **argv)
{
    struct parse p;
    int got, at;

    parse_tables(&p, c->cmd);
    optind = 1;
    while ((got = getopt_long(argc, argv, p.shorts, p.longs, NULL)) != -1) {
        switch (got) {
        case GLOBAL_DB:
            c->db_path = optarg;
            break;
        case GLOBAL_JSON:
            c->json = true;
            break;
        case GLOBAL_FACTORS:
            c->factors = optarg;
            break;
        case GLOBAL_HELP:
        case 'h':
            cmd_help_one(stdout, c->cmd);
            return CMD_DONE;
        case GLOBAL_VERSION:
            puts("fleetprint " FP_VERSION);
            return CMD_DONE;
        case '?':
            fprintf(stderr,
                    "fleetprint: 'fleetprint %s%s%s --help' lists the"
                    " options\n",
                    c->cmd->noun, c->cmd->verb ? " " : "",
                    c->cmd->verb ? c->cmd->verb : "");
            return CMD_USAGE;
        default:
            at = got <= MAX_OPTS ? got - 1 : opt_by_letter(c->cmd, got);
            CHECK(at >= 0);
            c->values[at] = optarg ? optarg : "";
        }
    }
    c->argc = argc - optind;
    c->argv = argv + optind;
    return CMD_ERR;
}

static int check_args(const struct cmd_call *c)
{
    const struct cmd *cmd = c->cmd;

    if (c->argc >= cmd->min_args &&
        (cmd->max_args < 0 || c->argc <= cmd->max_args))
        return CMD_ERR;
    fprintf(stderr, "fleetprint: usage: fleetprint %s%s%s %s\n", cmd->noun,
            cmd->verb ? " " : "", cmd->verb ? cmd->verb : "",
            cmd->args ? cmd->args : "");
    return CMD_USAGE;
}

static int report_error(const struct err *err)
{
    char text[1100];

    err_text(err, text, sizeof text);
    fprintf(stderr, "fleetprint: %s\n", text);
    return err_exit_status(err->code);
}

static int run(struct cmd_call *c)
{
    struct err err = {0};
    int status;

    if (!c->db_path && !db_default_path(&c->default_db, &err))
        return report_error(&err);
    if (!c->db_path)
        c->db_path = c->default_db;
    status = c->cmd->run(c, &err);
    return status == CMD_ERR ? report_error(&err) : status;
}

/* Data that did not arrive is a failure, of --help too; said once. */
static int flushed(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (status == CMD_DONE || status == CMD_REFUSED)
        fputs("fleetprint: cannot write to standard output\n", stderr);
    return CMD_FAILED;
}

/* A global option that is none, or lacks its value; NULL when all are right. */
static const char *wrong_option(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t n = strcspn(argv[i], "="), k;

        for (k = 0; k < N_GLOBAL; k++)
            if (n > 2 && strlen(global_opts[k].name) == n - 2 &&
                strncmp(argv[i] + 2, global_opts[k].name, n - 2) == 0)
                break;
        if (k == N_GLOBAL)
            return argv[i];
        if (takes_next(argv[i]) && ++i == argc)
            return argv[i - 1];
    }
    return NULL;
}

/* Words without a command: --help, --version, or nothing. */
static int no_command(int argc, char **argv)
{
    const char *wrong = wrong_option(argc, argv);

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            cmd_help_all(stdout);
            return CMD_DONE;
        }
        if (!strcmp(argv[i], "--version")) {
            puts("fleetprint " FP_VERSION);
            return CMD_DONE;
        }
    }
    if (wrong)
        fprintf(stderr,
                takes_next(wrong)
                        ? "fleetprint: option '%s' needs a value\n"
                        : "fleetprint: no option '%s' without a command; "
                          "'fleetprint help' lists the commands\n",
                wrong);
    else
        cmd_help_all(stderr);
    return CMD_USAGE;
}

static int find_and_run(int argc, char **argv)
{
    struct cmd_call c = {0};
    static char program[] = "fleetprint";
    char **words;
    int noun, verb, n = 0, status;

    find_words(argc, argv, &noun, &verb);
    if (noun < 0)
        return no_command(argc, argv);
    c.cmd = find_cmd(argv[noun], verb < 0 ? NULL : argv[verb]);
    if (!c.cmd) {
        for (int i = 1; i < argc; i++)
            if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
                if (!cmd_help_noun(stdout, argv[noun], NULL))
                    cmd_help_all(stdout);
                return CMD_DONE;
            }
        say_unknown(argv[noun], verb < 0 ? NULL : argv[verb]);
        return CMD_USAGE;
    }
    /* The noun and the verb go; getopt sees the program name and the rest. */
    words = xcalloc((size_t)argc + 1, sizeof *words);
    for (int i = 0; i < argc; i++)
        if (i != noun && !(c.cmd->verb && i == verb))
            words[n++] = argv[i];
    words[0] = program; /* getopt's messages begin with it */
    status = parse_options(&c, n, words);
    if (status == CMD_ERR)
        status = check_args(&c);
    if (status == CMD_ERR)
        status = run(&c);
    free(c.default_db);
    free(words);
    return status;
}

int cmd_main(int argc, char **argv)
{
    return flushed(find_and_run(argc, argv));
}
