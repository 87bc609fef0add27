/* SPDX-License-Identifier: Apache-2.0
 * One import: begin, each record, end. A record that is refused leaves nothing
 * behind; the whole import is one transaction. */
#include "inventory/inventory_priv.h"

#include <stdarg.h>
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
    free(t->action);
    free(t->change);
    free(t->audit);
    free(t->remark);
    while (t->n_formats > 0)
        free(t->formats[--t->n_formats]);
    free(t->formats);
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
    t->file =
            xstrdup(!options->file    ? ""
                    : options->action ? options->file
                                      : base_name(options->file));
    inv_take_format(t, options->format ? options->format : "");
    t->action = xstrdup(options->action ? options->action : "import");
    t->on = options->on;
    t->remark = xstrdup(options->remark);
    t->on_joined = options->joined;
    if (!date_today(&t->today, err) || !db_begin(db, err))
        goto done;
    begun = true;
    if (!inv_take_flags(t, err) || !add_import(t, options, err))
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

/* Finds the line of a record, or adds it; *id 0: it was added. */
static bool find_or_add(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    bool added = false;

    *id = 0;
    t->joined = false;
    if (!t->fresh && !inv_take_find(t, m, id, err))
        return false;
    if (*id)
        return true;
    if (!inv_take_add(t, m, &added, err))
        return false;
    if (added)
        return true;
    /* The tag is taken: while fresh perhaps by this very machine. */
    if (t->fresh && !inv_take_find(t, m, id, err))
        return false;
    if (*id)
        return true;
    if (!inv_own_tag(t, m) && !inv_take_add_made(t, m, &added, err))
        return false;
    return added || err_set(err, ERR_CONFLICT,
                            "another machine has the tag '%.80s', expected a "
                            "tag of its own",
                            inv_first_tag(m));
}

bool inv_take_machine(
        struct inv_take *t, const struct wire_machine *m, enum inv_change *what,
        struct err *err)
{
    const char *column;
    bool added, changed = false;
    int64_t id;

    arena_reset(&t->arena);
    t->detail[0] = '\0';
    if (!inv_wire_check(m, &column, err))
        goto failed;
    if (!find_or_add(t, m, &id, err))
        goto failed;
    added = id == 0;
    if (!added && !inv_take_change(t, id, m, &changed, err))
        goto failed;
    changed = changed || t->joined;
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

    if (!inv_site_write(t->db, s, t->import_id, &id, &added, err)) {
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

/* Owners under way point to the name: it lives as long as the import. Within
 * a file tags tell machines apart; another file may speak of the same ones. */
void inv_take_format(struct inv_take *t, const char *format)
{
    size_t i = 0;

    t->fresh = t->fresh && t->counts.added == 0;

    while (i < t->n_formats && strcmp(t->formats[i], format) != 0)
        i++;
    if (i == t->n_formats) {
        t->formats =
                xreallocarray(t->formats, t->n_formats + 1, sizeof *t->formats);
        t->formats[t->n_formats++] = xstrdup(format);
    }
    t->format = t->formats[i];
    t->owner = inv_owner_of_format(format);
}

/* What the import's row says: an edit is one whatever it accepted. */
static const char *own_format(const struct inv_take *t)
{
    bool first_empty = t->formats[0][0] == '\0';

    if (strcmp(t->formats[0], INV_TYPED) == 0)
        return INV_TYPED;
    return t->n_formats > (first_empty ? 2 : 1) ? "several" : t->format;
}

int64_t inv_take_id(const struct inv_take *t)
{
    return t->import_id;
}

void inv_take_counts(const struct inv_take *t, struct inv_counts *out)
{
    *out = t->counts;
}

const char *inv_take_detail(const struct inv_take *t)
{
    return t->detail;
}

void inv_take_audit(struct inv_take *t, const char *fmt, ...)
{
    char text[500];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    free(t->audit);
    t->audit = xstrdup(text);
}

static bool end_import(struct inv_take *t, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_IMPORT_END, err);
    char detail[500];

    if (!q)
        return false;
    stmt_text(q, ":format", own_format(t));
    stmt_int(q, ":differences", (int64_t)t->counts.differences);
    stmt_int(q, ":added", (int64_t)t->counts.added);
    stmt_int(q, ":changed", (int64_t)t->counts.changed);
    stmt_int(q, ":same", (int64_t)t->counts.same);
    stmt_int(q, ":rejected", (int64_t)t->counts.rejected);
    stmt_int(q, ":id", t->import_id);
    if (!stmt_run(q, err) || !inv_undo_end(t, err))
        return false;
    if (t->audit)
        return acc_audit(t->db, t->actor, t->action, t->audit, err);
    snprintf(
            detail, sizeof detail,
            "%.200s (%.40s): %llu added, %llu changed, %llu same, %llu "
            "rejected, %llu sites",
            t->file, own_format(t), (unsigned long long)t->counts.added,
            (unsigned long long)t->counts.changed,
            (unsigned long long)t->counts.same,
            (unsigned long long)t->counts.rejected,
            (unsigned long long)t->counts.sites);
    return acc_audit(t->db, t->actor, t->action, detail, err);
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
