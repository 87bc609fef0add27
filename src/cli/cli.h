/* SPDX-License-Identifier: Apache-2.0
 * The command line: one table of commands from which parsing, help and
 * completions come. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/json.h"
#include "base/out.h"
#include "factors/factors.h"
#include "store/store.h"

enum cmd_status { /* exit status, DESIGN section 4 */
                  CMD_DONE = 0,
                  CMD_FAILED = 1,
                  CMD_USAGE = 2,
                  CMD_REFUSED = 3, /* done, but some rows were refused */
                  CMD_ERR = -1,    /* err is set; its code gives the status */
};

struct cmd_opt {
    const char *name; /* long name without dashes; NULL ends a list */
    char letter;      /* 0 none */
    const char *arg;  /* what it takes, "FILE"; NULL: a flag */
    const char *help;
};

struct cmd_call { /* one run of one command */
    const struct cmd *cmd;
    const char *db_path; /* --db or the default; never NULL */
    bool json;
    const char *factors; /* --factors DIR; NULL: the embedded sets */
    int argc;            /* arguments after noun and verb, options removed */
    char **argv;
    const char *values[16]; /* by index in cmd->opts; NULL not given */
    char *default_db;
};

struct cmd {
    const char *noun, *verb; /* verb NULL: the noun alone */
    const char *group;       /* heading in the help */
    const char *summary;
    const char *args; /* after noun and verb: "FILE..." */
    int min_args, max_args;
    const struct cmd_opt *opts; /* NULL none */
    const char *examples;       /* lines, shown first in the help */
    int (*run)(struct cmd_call *c, struct err *err);
};

extern const struct cmd *const cmd_table[]; /* ended by NULL */

/* The whole program; returns its exit status. */
int cmd_main(int argc, char **argv);

/* Value of a declared option (CHECKed), NULL when not given; "" for a flag. */
const char *cmd_value(const struct cmd_call *c, const char *name);
bool cmd_flag(const struct cmd_call *c, const char *name);
/* Open what most commands need; err says why not and what to do. */
bool cmd_db(
        const struct cmd_call *c, enum db_mode mode, struct db **out,
        struct err *err);
bool cmd_pack(const struct cmd_call *c, struct fac_pack **out, struct err *err);
/* The same with the sets that the user brought; db NULL: none. */
bool cmd_pack_db(
        const struct cmd_call *c, struct db *db, struct fac_pack **out,
        struct err *err);
/* Opens the database for reading where there is one; else *out is NULL. */
bool cmd_db_if_any(const struct cmd_call *c, struct db **out, struct err *err);
/* Folds readings up to now into the hourly ledger. */
bool cmd_fold(struct db *db, struct err *err);
/* What a command answers on standard output: text or, with --json, one
 * document and a line end. end tells whether it could be written. */
struct cmd_answer {
    struct out out;
    struct json_out json;
    bool is_list; /* of JSON */
};
/* Rows: lines of text, or a JSON array. */
void cmd_list_begin(struct cmd_answer *a, const struct cmd_call *c);
bool cmd_list_end(struct cmd_answer *a, struct err *err);
/* One JSON object, in one line or indented. */
void cmd_object_begin(struct cmd_answer *a, bool indent);
bool cmd_object_end(struct cmd_answer *a, struct err *err);
/* A moment as UTC text, 2026-11-21T03:00:00Z. Returns dst. */
enum { CMD_WHEN = 24 };
const char *cmd_when(int64_t t_s, char dst[static CMD_WHEN]);
/* A whole number of the command line; ERR_USAGE names `what`. */
bool cmd_number(
        const char *what, const char *text, int64_t low, int64_t high,
        int64_t *out, struct err *err);
/* Help pages; to stdout when asked for, else to stderr. */
void cmd_help_all(FILE *to);
/* Help of each command of a noun; false when there is none. verb NULL: all. */
bool cmd_help_noun(FILE *to, const char *noun, const char *verb);
void cmd_help_one(FILE *to, const struct cmd *cmd);

extern const struct cmd cmd_init, cmd_check, cmd_backup, cmd_restore,
        cmd_import, cmd_import_list, cmd_import_undo, cmd_import_maps,
        cmd_machine_list, cmd_machine_show, cmd_machine_add, cmd_machine_set,
        cmd_machine_move, cmd_machine_retire, cmd_machine_give,
        cmd_machine_differences, cmd_machine_merge, cmd_machine_history,
        cmd_site_list, cmd_site_set, cmd_estimate, cmd_report_year,
        cmd_report_fleet, cmd_report_machine, cmd_power_set, cmd_power_list,
        cmd_power_clear, cmd_calendar_set, cmd_calendar_list,
        cmd_calendar_remove, cmd_market_add, cmd_market_list,
        cmd_market_residual, cmd_market_remove, cmd_factor_list,
        cmd_factor_show, cmd_factor_explain, cmd_factor_import,
        cmd_factor_prefer, cmd_grid_list, cmd_grid_import, cmd_token_create,
        cmd_token_list, cmd_token_revoke, cmd_token_approve, cmd_serve,
        cmd_help, cmd_completion;

extern const struct cmd cmd_grid_pull, cmd_energy_import, cmd_energy_pull,
        cmd_energy_target, cmd_energy_map, cmd_energy_meter, cmd_energy_status,
        cmd_energy_show, cmd_energy_fold;

#endif
