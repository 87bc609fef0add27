/* SPDX-License-Identifier: Apache-2.0
 * machine merge and machine history: two records of one machine, and its life.
 */
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/json.h"
#include "cli/cli.h"
#include "energy/energy.h"
#include "inventory/inventory.h"

/* ---- merge --------------------------------------------------------------- */

static void print_merge(
        struct cmd_call *c, const struct inv_counts *n, int64_t import_id,
        bool dry)
{
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    if (!c->json) {
        fprintf(stderr, "%s %s %s, %llu differences%s\n", c->argv[1],
                dry ? "would be joined to" : "joined to", c->argv[0],
                (unsigned long long)n->differences,
                n->differences ? ": 'fleetprint machine differences'" : "");
        if (!dry)
            fprintf(stderr, "'fleetprint import undo %lld' takes it back\n",
                    (long long)import_id);
        return;
    }
    cmd_object_begin(&answer, false);
    json_str(j, "kept", c->argv[0]);
    json_str(j, "dropped", c->argv[1]);
    json_int(j, "differences", (int64_t)n->differences);
    if (!dry)
        json_int(j, "import", import_id);
    json_bool(j, "dry_run", dry);
    cmd_object_end(&answer, NULL);
}

static int run_merge(struct cmd_call *c, struct err *err)
{
    bool dry = cmd_flag(c, "dry-run"), ok;
    char file[460];
    const struct inv_take_options options = {
            .actor = acc_cli_actor(),
            .joined = en_machine_joined,
            .file = file,
            .format = INV_TYPED,
            .action = "machine merge"};
    struct inv_counts counts;
    struct inv_take *t = NULL;
    struct db *db = NULL;
    struct err ignored = {0};
    int64_t keep, drop, import_id;
    int status = CMD_ERR;

    snprintf(
            file, sizeof file, "machine merge %.200s %.200s", c->argv[0],
            c->argv[1]);
    if (!cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    if (!inv_machine_id(db, c->argv[0], &keep, err) ||
        !inv_machine_id(db, c->argv[1], &drop, err) ||
        !inv_take_begin(db, &options, &t, err))
        goto done;
    import_id = inv_take_id(t);
    ok = inv_take_merge(t, keep, drop, err);
    if (inv_take_end(t, ok && !dry, &counts, ok ? err : &ignored) && ok) {
        print_merge(c, &counts, import_id, dry);
        status = CMD_DONE;
    }
done:
    db_close(db);
    return status;
}

static const struct cmd_opt merge_opts[] = {
        {"dry-run", 'n', NULL, "say what would change, change nothing"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_machine_merge = {
        .noun = "machine",
        .verb = "merge",
        .group = "Inventory",
        .summary = "Joins two records of one machine",
        .args = "KEEP DROP",
        .min_args = 2,
        .max_args = 2,
        .opts = merge_opts,
        .examples = "  fleetprint machine merge node12 node12.cluster.fr -n\n"
                    "  fleetprint machine merge N0012 node12",
        .run = run_merge,
};

/* ---- history ------------------------------------------------------------- */

struct history {
    struct json_out *j; /* NULL: as text */
};

static bool put_event(void *ctx, const struct inv_event *e, struct err *err)
{
    struct history *h = ctx;
    char when[CMD_WHEN];

    (void)err;
    if (!h->j) {
        printf("%-10s  %-12s %s  (%s)\n",
               e->effective_on[0] ? e->effective_on : "-", e->kind,
               e->detail ? e->detail : "", cmd_when(e->recorded_at_s, when));
        return true;
    }
    json_begin_obj(h->j, NULL);
    json_str(h->j, "kind", e->kind);
    json_str(h->j, "on", e->effective_on[0] ? e->effective_on : NULL);
    json_str(h->j, "detail", e->detail);
    json_str(h->j, "recorded_at", cmd_when(e->recorded_at_s, when));
    json_end_obj(h->j);
    return true;
}

static int run_history(struct cmd_call *c, struct err *err)
{
    struct history h = {NULL};
    struct cmd_answer answer;
    struct db *db = NULL;
    int64_t id;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    if (!inv_machine_id(db, c->argv[0], &id, err))
        goto done;
    cmd_list_begin(&answer, c);
    if (c->json)
        h.j = &answer.json;
    if (!inv_events(db, id, put_event, &h, err))
        goto done;
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    db_close(db);
    return status;
}

const struct cmd cmd_machine_history = {
        .noun = "machine",
        .verb = "history",
        .group = "Inventory",
        .summary = "Tells the life of a machine, the oldest first",
        .args = "TAG",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint machine history node12",
        .run = run_history,
};
