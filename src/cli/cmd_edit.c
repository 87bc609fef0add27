/* SPDX-License-Identifier: Apache-2.0
 * machine add, set, retire, give and move: the register by hand. Fields are
 * read as a row of the CSV template, by the same rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "energy/energy.h"
#include "importers/importers.h"
#include "inventory/inventory.h"

enum { FIELDS_MAX = 64, ROW_MAX = 256 * 1024 };

struct edit {
    struct cmd_call *call;
    const char *tag;    /* of the line, or of the new one */
    const char *action; /* "machine set" */
    bool add;
    struct {
        const char *column, *value;
    } fields[FIELDS_MAX];
    size_t n;
    struct date on;
    const char *remark;
    /* under way */
    struct inv_take *take;
    int64_t id;
    enum inv_change what;
    struct err *err;
    bool failed;
};

/* ---- fields -------------------------------------------------------------- */

static bool
field(struct edit *e, const char *column, const char *value, struct err *err)
{
    if (e->n == FIELDS_MAX)
        return err_set(err, ERR_USAGE, "too many fields");
    for (size_t i = 0; i < e->n; i++)
        if (!strcmp(e->fields[i].column, column))
            return err_set(
                    err, ERR_USAGE, "the field '%s' stands there twice",
                    column);
    e->fields[e->n].column = column;
    e->fields[e->n++].value = value;
    return true;
}

/* "power_w=150": the column must be one of the template. */
static bool assignment(struct edit *e, char *word, struct err *err)
{
    char *equal = strchr(word, '=');
    const char *column;

    if (!equal || equal == word)
        return err_set(
                err, ERR_USAGE, "'%s': expected field=value, as power_w=150",
                word);
    *equal = '\0';
    column = imp_csv_column(word);
    if (!column)
        return err_set(
                err, ERR_USAGE,
                "no field is called '%s'; they are the columns of the CSV "
                "template: power_w, gpu, warranty_end, ...",
                word);
    return field(e, column, equal + 1, err);
}

static void cell(struct buf *b, const char *text, bool first)
{
    if (!first)
        buf_char(b, ',');
    buf_char(b, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_char(b, '"');
        buf_char(b, *text);
    }
    buf_char(b, '"');
}

/* A header and a row; what is made unknown ("?") is no cell of it. */
static bool row_of(struct edit *e, struct buf *b, struct err *err)
{
    bool has_tag = false;

    for (size_t i = 0; i < e->n; i++)
        has_tag = has_tag || !strcmp(e->fields[i].column, "tag");
    if (!has_tag && !field(e, "tag", e->tag, err))
        return false;
    for (int line = 0; line < 2; line++) {
        bool first = true;

        for (size_t i = 0; i < e->n; i++) {
            const char *column = e->fields[i].column;
            const char *value = e->fields[i].value;

            if (!strcmp(value, "?") && !e->add)
                continue;
            cell(b, line ? value : column, first);
            first = false;
        }
        buf_str(b, "\r\n");
    }
    return !b->over || err_set(err, ERR_LIMIT, "values too long");
}

/* ---- taking the row ------------------------------------------------------ */

static bool on_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct edit *e = ctx;

    (void)err;
    e->failed =
            !(e->add ? inv_take_new(e->take, m, e->err)
                     : inv_take_edit(e->take, e->id, m, &e->what, e->err));
    return true;
}

static bool on_reject(void *ctx, const struct wire_reject *x, struct err *err)
{
    struct edit *e = ctx;

    (void)err;
    e->failed = true;
    err_set(e->err, ERR_INVALID, "%s", x->reason);
    if (x->column && x->value)
        err_in(e->err, "%s '%.200s'", x->column, x->value);
    else if (x->column)
        err_in(e->err, "%s", x->column);
    return true;
}

static void on_warn(void *ctx, const char *place, const char *text)
{
    (void)ctx;
    (void)place;
    fprintf(stderr, "warning: %s\n", text);
}

/* A site is made by `site set`, not by a slip of the finger. */
static bool known_site(struct db *db, const struct edit *e, struct err *err)
{
    struct inv_sites sites = {0};
    const char *name = NULL;
    bool found = false;

    for (size_t i = 0; i < e->n; i++)
        if (!strcmp(e->fields[i].column, "site"))
            name = e->fields[i].value;
    if (!name || !name[0] || !strcmp(name, "?"))
        return true;
    if (!inv_sites_load(db, &sites, err))
        return false;
    for (size_t i = 0; i < sites.n; i++)
        found = found || !strcmp(sites.items[i].name, name);
    inv_sites_clear(&sites);
    return found || err_set(err, ERR_NOT_FOUND,
                            "no site is called '%s'; 'fleetprint site set %s' "
                            "adds it",
                            name, name);
}

static bool take_row(struct edit *e, struct err *err)
{
    const struct wire_sink sink = {
            .ctx = e,
            .machine = on_machine,
            .reject = on_reject,
            .warn = on_warn};
    struct buf b;
    bool ok;

    e->err = err;
    buf_init(&b, ROW_MAX);
    ok = row_of(e, &b, err) &&
         imp_csv_text(buf_text(&b), b.len, e->action, &sink, err) && !e->failed;
    buf_clear(&b);
    return ok;
}

static bool clear_fields(struct edit *e, struct err *err)
{
    for (size_t i = 0; !e->add && i < e->n; i++)
        if (!strcmp(e->fields[i].value, "?") &&
            !inv_take_clear(e->take, e->fields[i].column, err))
            return false;
    return true;
}

static void print_edit(const struct edit *e, int64_t import_id, bool dry)
{
    const char *detail = inv_take_detail(e->take);
    bool changed = e->add || e->what == INV_CHANGED;
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    if (!e->call->json) {
        if (!changed)
            fprintf(stderr, "%s: nothing to change\n", e->tag);
        else
            fprintf(stderr, "%s: %s%s%s\n", e->tag, dry ? "would be " : "",
                    e->add ? "added" : "changed: ", e->add ? "" : detail);
        if (changed && !dry)
            fprintf(stderr, "'fleetprint import undo %lld' takes it back\n",
                    (long long)import_id);
        return;
    }
    cmd_object_begin(&answer, false);
    json_str(j, "tag", e->tag);
    json_str(j, "result", e->add ? "added" : changed ? "changed" : "unchanged");
    json_begin_arr(j, "changed");
    for (const char *s = e->add ? "" : detail; *s;) {
        char name[60];
        size_t n = strcspn(s, ",");

        snprintf(name, sizeof name, "%.*s", (int)n, s);
        json_str(j, NULL, name);
        s += n + strspn(s + n, ", ");
    }
    json_end_arr(j);
    if (changed && !dry)
        json_int(j, "import", import_id);
    json_bool(j, "dry_run", dry);
    cmd_object_end(&answer, NULL);
}

static int run_edit(struct edit *e, struct err *err)
{
    bool dry = cmd_flag(e->call, "dry-run"), ok, keep;
    char file[260];
    const struct inv_take_options options = {
            .actor = acc_cli_actor(),
            .joined = en_machine_joined,
            .file = file,
            .format = INV_TYPED,
            .action = e->action,
            .on = e->on,
            .remark = e->remark};
    struct db *db = NULL;
    struct err ignored = {0};
    int64_t import_id;
    int status = CMD_ERR;

    snprintf(file, sizeof file, "%s %.200s", e->action, e->tag);
    if (!(e->add ? db_open(e->call->db_path, DB_CREATE, &db, err)
                 : cmd_db(e->call, DB_WRITE, &db, err)))
        return CMD_ERR;
    if ((!e->add && !inv_machine_id(db, e->tag, &e->id, err)) ||
        !known_site(db, e, err) || !inv_take_begin(db, &options, &e->take, err))
        goto done;
    import_id = inv_take_id(e->take);
    ok = clear_fields(e, err) && take_row(e, err);
    keep = ok && !dry && (e->add || e->what == INV_CHANGED);
    if (ok) {
        inv_take_audit(
                e->take, "%.200s: %s", e->tag,
                e->add ? "added" : inv_take_detail(e->take));
        print_edit(e, import_id, dry);
    }
    if (inv_take_end(e->take, keep, NULL, ok ? err : &ignored) && ok)
        status = CMD_DONE;
done:
    db_close(db);
    return status;
}

/* ---- add and set --------------------------------------------------------- */

static const struct cmd_opt plain_opts[] = {
        {"dry-run", 'n', NULL, "say what would change, change nothing"},
        {NULL, 0, NULL, NULL},
};

static int
run_fields(struct cmd_call *c, const char *action, bool add, struct err *err)
{
    struct edit e = {
            .call = c, .tag = c->argv[0], .action = action, .add = add};

    for (int i = 1; i < c->argc; i++)
        if (!assignment(&e, c->argv[i], err))
            return CMD_ERR;
    return run_edit(&e, err);
}

static int run_add(struct cmd_call *c, struct err *err)
{
    return run_fields(c, "machine add", true, err);
}

const struct cmd cmd_machine_add = {
        .noun = "machine",
        .verb = "add",
        .group = "Inventory",
        .summary = "Registers one machine by its fields",
        .args = "TAG [FIELD=VALUE]...",
        .min_args = 1,
        .max_args = -1,
        .opts = plain_opts,
        .examples = "  fleetprint machine add node12 category=server"
                    " manufacturer=Dell model='PowerEdge R640'"
                    " ram_modules=12x32\n"
                    "  fleetprint machine add screens category=screen"
                    " quantity=129",
        .run = run_add,
};

static int run_set(struct cmd_call *c, struct err *err)
{
    return run_fields(c, "machine set", false, err);
}

const struct cmd cmd_machine_set = {
        .noun = "machine",
        .verb = "set",
        .group = "Inventory",
        .summary = "Types fields of a machine; '?' makes one unknown",
        .args = "TAG FIELD=VALUE...",
        .min_args = 2,
        .max_args = -1,
        .opts = plain_opts,
        .examples = "  fleetprint machine set node12 power_w=180"
                    " gpu='2x Tesla T4'\n"
                    "  fleetprint machine set node12 warranty_end=2027-06"
                    " price_eur=?\n"
                    "  fleetprint machine set node12 tag=N0012 -n",
        .run = run_set,
};

/* ---- leaving and moving -------------------------------------------------- */

static bool day_option(struct edit *e, const char **text, struct err *err)
{
    static char today[DATE_TEXT];
    struct date d;

    *text = cmd_value(e->call, "on");
    if (!*text) {
        if (!date_today(&d, err))
            return false;
        *text = date_print(d, today);
    }
    if (!date_parse(*text, strlen(*text), &e->on, err)) {
        err->code = ERR_USAGE;
        err_in(err, "--on '%s'", *text);
        return false;
    }
    return true;
}

static const struct cmd_opt retire_opts[] = {
        {"on", 0, "DATE", "day on which it left, default today"},
        {"as", 0, "WORD", "retired, recycled or refused; default retired"},
        {"dry-run", 'n', NULL, "say what would change, change nothing"},
        {NULL, 0, NULL, NULL},
};

static int run_retire(struct cmd_call *c, struct err *err)
{
    struct edit e = {.call = c, .tag = c->argv[0], .action = "machine retire"};
    const char *as = cmd_value(c, "as"), *day;

    if (as && strcmp(as, "retired") != 0 && strcmp(as, "recycled") != 0 &&
        strcmp(as, "refused") != 0) {
        err_set(err, ERR_USAGE,
                "--as '%s': expected retired, recycled or refused", as);
        return CMD_ERR;
    }
    if (!day_option(&e, &day, err) ||
        !field(&e, "status", as ? as : "retired", err) ||
        !field(&e, "retired_on", day, err))
        return CMD_ERR;
    return run_edit(&e, err);
}

const struct cmd cmd_machine_retire = {
        .noun = "machine",
        .verb = "retire",
        .group = "Inventory",
        .summary = "Takes a machine out of the stock",
        .args = "TAG",
        .min_args = 1,
        .max_args = 1,
        .opts = retire_opts,
        .examples = "  fleetprint machine retire node12 --on 2026-06-30\n"
                    "  fleetprint machine retire node12 --as recycled",
        .run = run_retire,
};

static const struct cmd_opt give_opts[] = {
        {"on", 0, "DATE", "day on which it left, default today"},
        {"to", 0, "NAME", "who has it now; kept in its history"},
        {"dry-run", 'n', NULL, "say what would change, change nothing"},
        {NULL, 0, NULL, NULL},
};

static int run_give(struct cmd_call *c, struct err *err)
{
    struct edit e = {.call = c, .tag = c->argv[0], .action = "machine give"};
    const char *to = cmd_value(c, "to"), *day;
    struct buf b;
    int status = CMD_ERR;

    buf_init(&b, 300);
    if (to)
        buf_printf(&b, "to %.200s", to);
    e.remark = to ? buf_text(&b) : NULL;
    if (day_option(&e, &day, err) && field(&e, "status", "given", err) &&
        field(&e, "retired_on", day, err))
        status = run_edit(&e, err);
    buf_clear(&b);
    return status;
}

const struct cmd cmd_machine_give = {
        .noun = "machine",
        .verb = "give",
        .group = "Inventory",
        .summary = "Gives a machine away for its next life",
        .args = "TAG",
        .min_args = 1,
        .max_args = 1,
        .opts = give_opts,
        .examples = "  fleetprint machine give node12 --to 'Lycee Ampere' --on"
                    " 2026-07-01",
        .run = run_give,
};

static const struct cmd_opt move_opts[] = {
        {"site", 0, "NAME", "the site it is at from that day on"},
        {"status", 0, "WORD", "in_service, stock, spare, loaned, ..."},
        {"on", 0, "DATE", "day of the move, default today"},
        {"dry-run", 'n', NULL, "say what would change, change nothing"},
        {NULL, 0, NULL, NULL},
};

static int run_move(struct cmd_call *c, struct err *err)
{
    struct edit e = {.call = c, .tag = c->argv[0], .action = "machine move"};
    const char *site = cmd_value(c, "site"), *status = cmd_value(c, "status");
    const char *day;

    if (!site && !status) {
        err_set(err, ERR_USAGE, "expected --site, --status or both");
        return CMD_ERR;
    }
    if (!day_option(&e, &day, err) || (site && !field(&e, "site", site, err)) ||
        (status && !field(&e, "status", status, err)))
        return CMD_ERR;
    return run_edit(&e, err);
}

const struct cmd cmd_machine_move = {
        .noun = "machine",
        .verb = "move",
        .group = "Inventory",
        .summary = "Moves a machine to another site or status",
        .args = "TAG",
        .min_args = 1,
        .max_args = 1,
        .opts = move_opts,
        .examples = "  fleetprint machine move node12 --site lyon --on"
                    " 2026-03-01\n"
                    "  fleetprint machine move node12 --status spare",
        .run = run_move,
};
