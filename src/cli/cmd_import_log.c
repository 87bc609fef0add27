/* SPDX-License-Identifier: Apache-2.0
 * import list and import undo: what was taken in and typed, and taking it back.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/energy.h"
#include "inventory/inventory.h"

const char *cmd_when(int64_t t_s, char dst[static CMD_WHEN])
{
    time_t t = (time_t)t_s;
    struct tm tm;

    if (!gmtime_r(&t, &tm) ||
        strftime(dst, CMD_WHEN, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        dst[0] = '\0';
    return dst;
}

bool cmd_number(
        const char *what, const char *text, int64_t low, int64_t high,
        int64_t *out, struct err *err)
{
    if (num_parse_int(text, strlen(text), low, high, out, err))
        return true;
    err->code = ERR_USAGE;
    err_in(err, "%s '%s'", what, text);
    return false;
}

/* ---- import list --------------------------------------------------------- */

struct listing {
    struct json_out *j; /* NULL: as text */
    uint64_t n;
};

static void put_json(struct json_out *j, const struct inv_import *i)
{
    char when[CMD_WHEN];

    json_begin_obj(j, NULL);
    json_int(j, "import", i->id);
    json_str(j, "at", cmd_when(i->started_at_s, when));
    json_str(j, "kind", i->edit ? "edit" : "import");
    json_str(j, "file", i->file);
    json_str(j, "format", i->edit ? NULL : i->format);
    json_int(j, "added", (int64_t)i->counts.added);
    json_int(j, "changed", (int64_t)i->counts.changed);
    json_int(j, "unchanged", (int64_t)i->counts.same);
    json_int(j, "rejected", (int64_t)i->counts.rejected);
    json_int(j, "differences", (int64_t)i->counts.differences);
    json_str(
            j, "undone_at",
            i->undone_at_s ? cmd_when(i->undone_at_s, when) : NULL);
    json_bool(j, "can_undo", i->can_undo);
    json_end_obj(j);
}

static bool put_import(void *ctx, const struct inv_import *i, struct err *err)
{
    struct listing *l = ctx;
    char when[CMD_WHEN];

    (void)err;
    l->n++;
    if (l->j) {
        put_json(l->j, i);
        return true;
    }
    printf("%5lld  %s  %-12s %-32s ", (long long)i->id,
           cmd_when(i->started_at_s, when), i->format, i->file);
    if (i->undone_at_s)
        puts("taken back");
    else
        printf("%llu added, %llu changed, %llu unchanged, %llu refused%s\n",
               (unsigned long long)i->counts.added,
               (unsigned long long)i->counts.changed,
               (unsigned long long)i->counts.same,
               (unsigned long long)i->counts.rejected,
               i->can_undo ? "" : "; stays");
    return true;
}

static int run_list(struct cmd_call *c, struct err *err)
{
    const char *limit = cmd_value(c, "limit");
    struct listing l = {0};
    struct cmd_answer answer;
    struct db *db = NULL;
    int64_t n = 50;
    int status = CMD_ERR;

    if ((limit && !cmd_number("--limit", limit, 1, 100000, &n, err)) ||
        !cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    cmd_list_begin(&answer, c);
    if (c->json)
        l.j = &answer.json;
    if (!inv_imports(db, 0, (uint32_t)n, 0, put_import, &l, err))
        goto done;
    if (!c->json && l.n == 0)
        fputs("nothing was imported yet: 'fleetprint import FILE'\n", stderr);
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    db_close(db);
    return status;
}

static const struct cmd_opt list_opts[] = {
        {"limit", 0, "N", "how many, default 50"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_import_list = {
        .noun = "import",
        .verb = "list",
        .group = "Inventory",
        .summary = "Lists imports and edits, the newest first",
        .opts = list_opts,
        .examples = "  fleetprint import list\n"
                    "  fleetprint import list --json --limit 5",
        .run = run_list,
};

/* ---- import undo --------------------------------------------------------- */

static int run_undo(struct cmd_call *c, struct err *err)
{
    struct inv_undone u;
    struct db *db = NULL;
    int64_t id = 0;
    bool dry = cmd_flag(c, "dry-run"), ok;

    if (c->argc > 0 &&
        !cmd_number("import", c->argv[0], 1, INT64_MAX, &id, err))
        return CMD_ERR;
    if (!cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    ok = inv_undo(
            db,
            &(struct inv_undo_options){
                    .import_id = id,
                    .actor = acc_cli_actor(),
                    .keep = !dry,
                    .parted = en_machine_parted},
            &u, err);
    db_close(db);
    if (!ok)
        return CMD_ERR;
    if (c->json) {
        struct cmd_answer answer;
        struct json_out *j = &answer.json;

        cmd_object_begin(&answer, false);
        json_int(j, "import", u.import_id);
        json_str(j, "file", u.file);
        json_int(j, "removed", (int64_t)u.removed);
        json_int(j, "restored", (int64_t)u.restored);
        json_int(j, "sites", (int64_t)u.sites);
        json_bool(j, "dry_run", dry);
        return cmd_object_end(&answer, err) ? CMD_DONE : CMD_ERR;
    }
    fprintf(stderr, "import %lld (%s) %s: %llu lines %s, %llu %s\n",
            (long long)u.import_id, u.file,
            dry ? "would be taken back" : "taken back",
            (unsigned long long)u.removed, dry ? "would go" : "removed",
            (unsigned long long)u.restored,
            dry ? "would be as they were" : "as they were before");
    return CMD_DONE;
}

static const struct cmd_opt undo_opts[] = {
        {"dry-run", 'n', NULL, "say what would be taken back, change nothing"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_import_undo = {
        .noun = "import",
        .verb = "undo",
        .group = "Inventory",
        .summary = "Takes the last import back, or one of the last twenty",
        .args = "[NUMBER]",
        .max_args = 1,
        .opts = undo_opts,
        .examples = "  fleetprint import undo\n"
                    "  fleetprint import undo -n\n"
                    "  fleetprint import undo 12",
        .run = run_undo,
};
