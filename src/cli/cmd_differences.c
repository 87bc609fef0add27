/* SPDX-License-Identifier: Apache-2.0
 * machine differences: what machines report where people typed otherwise,
 * listed, accepted or refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "energy/energy.h"
#include "inventory/inventory.h"

/* ---- listing ------------------------------------------------------------- */

struct listing {
    struct json_out *j; /* NULL: as text */
    uint64_t n;
    int64_t *ids; /* of those listed, where they are to be decided */
    bool keep;
};

static void put_json(struct json_out *j, const struct inv_difference *d)
{
    char when[CMD_WHEN];

    json_begin_obj(j, NULL);
    json_int(j, "id", d->id);
    json_str(j, "tag", d->tag);
    json_str(j, "field", d->field);
    json_str(j, "stored", d->stored);
    json_str(j, "offered", d->offered);
    json_str(j, "source", d->source);
    json_str(j, "raised_at", cmd_when(d->raised_at_s, when));
    json_str(j, "state", d->state);
    json_str(
            j, "resolved_at",
            d->resolved_at_s ? cmd_when(d->resolved_at_s, when) : NULL);
    json_end_obj(j);
}

static bool put(void *ctx, const struct inv_difference *d, struct err *err)
{
    struct listing *l = ctx;

    (void)err;
    if (l->keep) {
        l->ids = xreallocarray(l->ids, l->n + 1, sizeof *l->ids);
        l->ids[l->n++] = d->id;
        return true;
    }
    l->n++;
    if (l->j) {
        put_json(l->j, d);
        return true;
    }
    printf("%5lld  %-20s %-16s %s  ->  %s  (%s%s%s)\n", (long long)d->id,
           d->tag, d->field, d->stored ? d->stored : "-", d->offered, d->source,
           strcmp(d->state, "open") != 0 ? ", " : "",
           strcmp(d->state, "open") != 0 ? d->state : "");
    return true;
}

static int
list(struct cmd_call *c, struct db *db, int64_t machine_id, struct err *err)
{
    const struct inv_difference_query q = {
            .machine_id = machine_id, .all = cmd_flag(c, "all")};
    struct listing l = {0};
    struct cmd_answer answer;

    cmd_list_begin(&answer, c);
    if (c->json)
        l.j = &answer.json;
    if (!inv_differences(db, &q, put, &l, err))
        return CMD_ERR;
    if (!c->json && l.n == 0)
        fputs("no differences wait\n", stderr);
    else if (!c->json)
        fputs("stored -> offered; next: fleetprint machine differences --accept"
              " ID, --refuse ID or --accept-all\n",
              stderr);
    return cmd_list_end(&answer, err) ? CMD_DONE : CMD_ERR;
}

/* ---- deciding ------------------------------------------------------------ */

static bool
ids_of(struct cmd_call *c, struct db *db, int64_t machine_id, struct listing *l,
       struct err *err)
{
    const struct inv_difference_query q = {.machine_id = machine_id};
    const char *accept = cmd_value(c, "accept");
    const char *one = accept ? accept : cmd_value(c, "refuse");

    if (!one) {
        l->keep = true;
        return inv_differences(db, &q, put, l, err);
    }
    l->ids = xmalloc(sizeof *l->ids);
    l->n = 1;
    return cmd_number("difference", one, 1, INT64_MAX, l->ids, err);
}

static void print_decided(
        struct cmd_call *c, const struct listing *l, bool accept, bool dry,
        int64_t import_id)
{
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    if (!c->json) {
        fprintf(stderr, "%llu %s%s%s\n", (unsigned long long)l->n,
                dry ? "would be " : "", accept ? "accepted" : "refused",
                l->n == 0 ? ": none waits" : "");
        if (!dry && l->n > 0)
            fprintf(stderr, "'fleetprint import undo %lld' takes it back\n",
                    (long long)import_id);
        return;
    }
    cmd_object_begin(&answer, false);
    json_begin_arr(j, accept ? "accepted" : "refused");
    for (uint64_t i = 0; i < l->n; i++)
        json_int(j, NULL, l->ids[i]);
    json_end_arr(j);
    json_int(j, "import", import_id);
    json_bool(j, "dry_run", dry);
    cmd_object_end(&answer, NULL);
}

static int
decide(struct cmd_call *c, struct db *db, int64_t machine_id, struct err *err)
{
    bool accept = !cmd_value(c, "refuse"), dry = cmd_flag(c, "dry-run");
    const struct inv_take_options options = {
            .actor = acc_cli_actor(),
            .joined = en_machine_joined,
            .file = "machine differences",
            .format = INV_TYPED,
            .action = "machine differences"};
    struct listing l = {0};
    struct inv_take *t = NULL;
    struct err ignored = {0};
    int64_t import_id = 0;
    bool ok;
    int status = CMD_ERR;

    if (!ids_of(c, db, machine_id, &l, err) ||
        !inv_take_begin(db, &options, &t, err))
        goto done;
    import_id = inv_take_id(t);
    ok = true;
    for (uint64_t i = 0; ok && i < l.n; i++)
        ok = inv_difference_decide(t, l.ids[i], accept, err);
    if (ok)
        inv_take_audit(
                t, "%llu %s", (unsigned long long)l.n,
                accept ? "accepted" : "refused");
    if (!inv_take_end(t, ok && !dry && l.n > 0, NULL, ok ? err : &ignored) ||
        !ok)
        goto done;
    print_decided(c, &l, accept, dry, import_id);
    status = CMD_DONE;
done:
    free(l.ids);
    return status;
}

static int run_differences(struct cmd_call *c, struct err *err)
{
    int wishes = (cmd_value(c, "accept") ? 1 : 0) +
                 (cmd_value(c, "refuse") ? 1 : 0) +
                 (cmd_flag(c, "accept-all") ? 1 : 0);
    struct db *db = NULL;
    int64_t machine_id = 0;
    int status = CMD_ERR;

    if (wishes > 1) {
        err_set(err, ERR_USAGE,
                "--accept, --refuse and --accept-all exclude each other");
        return CMD_ERR;
    }
    if (!cmd_db(c, wishes ? DB_WRITE : DB_READ, &db, err))
        return CMD_ERR;
    if (c->argc > 0 && !inv_machine_id(db, c->argv[0], &machine_id, err))
        goto done;
    status = wishes ? decide(c, db, machine_id, err)
                    : list(c, db, machine_id, err);
done:
    db_close(db);
    return status;
}

static const struct cmd_opt difference_opts[] = {
        {"accept", 0, "ID", "take the offered value; it is its source's then"},
        {"refuse", 0, "ID",
         "keep what was typed; the same is not raised again"},
        {"accept-all", 0, NULL, "take all that wait, or all of TAG"},
        {"all", 'a', NULL, "list decided ones too"},
        {"dry-run", 'n', NULL, "say what would change, change nothing"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_machine_differences = {
        .noun = "machine",
        .verb = "differences",
        .group = "Inventory",
        .summary = "Lists what machines report otherwise than people typed it",
        .args = "[TAG]",
        .max_args = 1,
        .opts = difference_opts,
        .examples = "  fleetprint machine differences\n"
                    "  fleetprint machine differences node12 --accept-all\n"
                    "  fleetprint machine differences --refuse 7",
        .run = run_differences,
};
