/* SPDX-License-Identifier: Apache-2.0
 * One import: begin, each record, end. A record that is refused leaves nothing
 * behind; the whole import is one transaction. */
#include "inventory/inventory_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/access.h"

static void take_free(struct inv_take *t)
{
    if (!t)
        return;
    inv_ids_clear(&t->specs);
    inv_ids_clear(&t->products);
    inv_ids_clear(&t->projects);
    inv_ids_clear(&t->sites);
    arena_clear(&t->arena);
    free(t->touched);
    free(t->site);
    free(t->actor);
    free(t->file);
    free(t->format);
    free(t);
}

static bool add_import(
        struct inv_take *t, const struct inv_take_options *o, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_IMPORT_ADD, err);

    if (!q)
        return false;
    stmt_int(q, ":at", t->now_s);
    stmt_text(q, ":file", t->file);
    stmt_text(q, ":format", t->format);
    stmt_text(q, ":sha256", o->sha256);
    if (!stmt_run(q, err))
        return false;
    t->import_id = db_last_id(t->db);
    return true;
}

static bool any_lines(struct inv_take *t, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_LINES_ANY, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    t->fresh = stmt_col_int(q, 0) == 0;
    stmt_reset(q);
    return true;
}

/* Paths of the one who imports are nobody's business. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

bool inv_take_begin(
        struct db *db, const struct inv_take_options *options,
        struct inv_take **out, struct err *err)
{
    struct inv_take *t = xcalloc(1, sizeof *t);
    bool begun = false, ok = false;

    t->db = db;
    t->now_s = (int64_t)time(NULL);
    t->site = xstrdup(options->site);
    t->actor = xstrdup(options->actor);
    t->file = xstrdup(options->file ? base_name(options->file) : "");
    t->format = xstrdup(options->format ? options->format : "");
    if (!date_today(&t->today, err) || !db_begin(db, err))
        goto done;
    begun = true;
    if (!any_lines(t, err) || !add_import(t, options, err))
        goto done;
    t->line_add = inv_stmt(db, INV_LINE_ADD, err);
    t->part_add = t->line_add ? inv_stmt(db, INV_PART_ADD, err) : NULL;
    t->part_add_4 = t->part_add ? inv_stmt(db, INV_PART_ADD_4, err) : NULL;
    t->event_add = t->part_add_4 ? inv_stmt(db, INV_EVENT_ADD, err) : NULL;
    if (!t->event_add)
        goto done;
    *out = t;
    t = NULL;
    ok = true;
done:
    if (!ok && begun)
        db_rollback(db);
    take_free(t);
    return ok;
}

bool inv_take_machine(
        struct inv_take *t, const struct wire_machine *m, enum inv_change *what,
        struct err *err)
{
    const char *column;
    bool added = false, changed = false;
    int64_t id = 0;

    arena_reset(&t->arena);
    if (!inv_wire_check(m, &column, err))
        goto failed;
    if (!t->fresh && !inv_take_find(t, m, &id, err))
        goto failed;
    if (!id) {
        if (!inv_take_add(t, m, &added, err))
            goto failed;
        if (!added) { /* only a fresh import comes here: the tag is taken */
            if (!inv_take_find(t, m, &id, err))
                goto failed;
            if (!id) {
                err_set(err, ERR_CONFLICT,
                        "another machine has the tag '%s', expected a tag of "
                        "its own",
                        m->tag    ? m->tag
                        : m->name ? m->name
                                  : "");
                goto failed;
            }
        }
    }
    if (!added && !inv_take_change(t, id, m, &changed, err))
        goto failed;
    *what = added ? INV_ADDED : changed ? INV_CHANGED : INV_SAME;
    t->counts.added += added ? 1 : 0;
    t->counts.changed += changed ? 1 : 0;
    t->counts.same += !added && !changed ? 1 : 0;
    return true;
failed:
    if (m->place)
        err_in(err, "%s", m->place);
    return false;
}

bool inv_take_site(
        struct inv_take *t, const struct wire_site *s, struct err *err)
{
    int64_t id;
    bool added;

    if (!inv_site_write(t->db, s, &id, &added, err)) {
        if (s->place)
            err_in(err, "%s", s->place);
        return false;
    }
    t->counts.sites++;
    return true;
}

void inv_take_rejected(struct inv_take *t)
{
    t->counts.rejected++;
}

static bool end_import(struct inv_take *t, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_IMPORT_END, err);
    char detail[500];

    if (!q)
        return false;
    stmt_int(q, ":added", (int64_t)t->counts.added);
    stmt_int(q, ":changed", (int64_t)t->counts.changed);
    stmt_int(q, ":same", (int64_t)t->counts.same);
    stmt_int(q, ":rejected", (int64_t)t->counts.rejected);
    stmt_int(q, ":id", t->import_id);
    if (!stmt_run(q, err))
        return false;
    snprintf(
            detail, sizeof detail,
            "%.200s (%.40s): %llu added, %llu changed, %llu same, %llu "
            "rejected, %llu sites",
            t->file, t->format, (unsigned long long)t->counts.added,
            (unsigned long long)t->counts.changed,
            (unsigned long long)t->counts.same,
            (unsigned long long)t->counts.rejected,
            (unsigned long long)t->counts.sites);
    return acc_audit(t->db, t->actor, "import", detail, err);
}

bool inv_take_end(
        struct inv_take *t, bool keep, struct inv_counts *counts,
        struct err *err)
{
    bool ok = !keep || end_import(t, err);

    if (keep && ok)
        ok = db_commit(t->db, err); /* ends the transaction either way */
    else
        db_rollback(t->db);
    if (counts && ok)
        *counts = t->counts;
    take_free(t);
    return ok;
}
