/* SPDX-License-Identifier: Apache-2.0
 * Taking an import or an edit back: lines it added vanish, lines it changed
 * return to what they were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "inventory/image_priv.h"

/* ---- keeping ------------------------------------------------------------ */

static bool
note(struct db *db, int64_t import_id, const char *what, int64_t id,
     int64_t upto, const char *image, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_UNDO_ADD, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, import_id);
    stmt_text_at(q, 2, what);
    stmt_int_at(q, 3, id);
    stmt_int_at(q, 4, upto);
    stmt_text_at(q, 5, image);
    return stmt_run(q, err);
}

static bool end_span(struct inv_take *t, struct err *err)
{
    int64_t from = t->span_from;

    t->span_from = 0;
    return from == 0 ||
           note(t->db, t->import_id, "line", from, t->span_to, NULL, err);
}

bool inv_undo_added(struct inv_take *t, int64_t id, struct err *err)
{
    if (t->span_from > 0 && id == t->span_to + 1) {
        t->span_to = id;
        return true;
    }
    if (!end_span(t, err))
        return false;
    t->span_from = t->span_to = id;
    if (t->first_added == 0)
        t->first_added = id;
    return true;
}

bool inv_undo_line(
        struct inv_take *t, int64_t id, const struct inv_line *line,
        const struct inv_states *states, const struct inv_part_rows *parts,
        struct err *err)
{
    const struct inv_image image = {id, line, states, parts, t->keep_events};
    const char *text = NULL;

    /* Ids of new lines follow those that were there. */
    if (t->first_added > 0 && id >= t->first_added)
        return true;
    return inv_image_line(t, &image, &text, err) &&
           note(t->db, t->import_id, "line", id, id, text, err);
}

bool inv_undo_joined(
        struct inv_take *t, int64_t drop, int64_t keep, const char *undo,
        struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_UNDO_JOINED, err);

    if (!q)
        return false;
    stmt_int(q, ":no", ++t->joins);
    stmt_int(q, ":keep", keep);
    stmt_text(q, ":undo", undo);
    stmt_int(q, ":id", t->import_id);
    stmt_int(q, ":drop", drop);
    return stmt_run(q, err);
}

bool inv_undo_site(
        struct db *db, int64_t import_id, int64_t id, const char *image,
        struct err *err)
{
    return note(db, import_id, "site", id, id, image, err);
}

bool inv_undo_end(struct inv_take *t, struct err *err)
{
    struct stmt *q;

    if (!end_span(t, err))
        return false;
    q = inv_stmt(t->db, INV_UNDO_FORGET, err);
    if (!q)
        return false;
    stmt_int(q, ":keep", INV_UNDO_KEEP);
    return stmt_run(q, err);
}

/* ---- listing ------------------------------------------------------------ */

bool inv_imports(
        struct db *db, int64_t one_id, uint32_t limit, uint32_t offset,
        bool (*row)(void *ctx, const struct inv_import *i, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_IMPORTS, err);
    bool there, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":one", one_id);
    stmt_int(q, ":limit", limit);
    stmt_int(q, ":offset", offset);
    for (;;) {
        struct inv_import i;

        if (!stmt_step(q, &there, err))
            goto done;
        if (!there)
            break;
        i = (struct inv_import){
                .id = stmt_col_int(q, 0),
                .started_at_s = stmt_col_int(q, 1),
                .file = stmt_col_text(q, 2),
                .format = stmt_col_text(q, 3),
                .counts =
                        {.added = (uint64_t)stmt_col_int(q, 4),
                         .changed = (uint64_t)stmt_col_int(q, 5),
                         .same = (uint64_t)stmt_col_int(q, 6),
                         .rejected = (uint64_t)stmt_col_int(q, 7),
                         .differences = (uint64_t)stmt_col_int(q, 8)},
                .undone_at_s = stmt_is_null(q, 9) ? 0 : stmt_col_int(q, 9),
                .can_undo = stmt_col_int(q, 10) != 0};
        i.edit = strcmp(i.format, INV_TYPED) == 0;
        if (!row(ctx, &i, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* ---- taking back -------------------------------------------------------- */

struct undo {
    struct db *db;
    const struct inv_undo_options *options;
    int64_t import_id, now_s;
    char today[DATE_TEXT];
    char file[220];
    bool found, undone, can;
    struct inv_undone *out;
};

static bool found(void *ctx, const struct inv_import *i, struct err *err)
{
    struct undo *u = ctx;

    (void)err;
    u->found = true;
    u->undone = i->undone_at_s != 0;
    u->can = i->can_undo;
    snprintf(u->file, sizeof u->file, "%s", i->file);
    return true;
}

static bool last_import(struct undo *u, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_UNDO_LAST, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    u->import_id = stmt_col_int(q, 0);
    stmt_reset(q);
    return u->import_id > 0 ||
           err_set(err, ERR_NOT_FOUND, "there is no import to take back");
}

static bool may_undo(struct undo *u, struct err *err)
{
    long long id = u->import_id;

    if (!inv_imports(u->db, u->import_id, 1, 0, found, u, err))
        return false;
    if (!u->found)
        return err_set(
                err, ERR_NOT_FOUND,
                "no import has the number %lld; 'import list' lists them", id);
    if (u->undone)
        return err_set(
                err, ERR_CONFLICT, "import %lld (%s) was taken back already",
                id, u->file);
    if (!u->can)
        return err_set(
                err, ERR_CONFLICT,
                "import %lld (%s) cannot be taken back: it changed no machine, "
                "or it is older than the last %d; 'import list' shows which "
                "can",
                id, u->file, (int)INV_UNDO_KEEP);
    return true;
}

/* A line that changed since would lose what came later. */
static bool nothing_later(struct undo *u, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_UNDO_LATER, err);
    bool row;

    if (!q)
        return false;
    stmt_int(q, ":id", u->import_id);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        const char *name = stmt_col_text(q, 4);
        long long later = stmt_col_int(q, 0);

        err_set(err, ERR_CONFLICT,
                "import %lld (%s) touched %s '%.80s' after it; take that back "
                "first: 'fleetprint import undo %lld'",
                later, stmt_col_text(q, 1), stmt_col_text(q, 2),
                name ? name : "(gone)", later);
        stmt_reset(q);
        return false;
    }
    return true;
}

static bool write_event(struct undo *u, int64_t id, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_EVENT_ADD, err);
    char detail[300];

    if (!q)
        return false;
    snprintf(
            detail, sizeof detail, "import %lld (%s) taken back",
            (long long)u->import_id, u->file);
    stmt_int_at(q, 1, id);
    stmt_text_at(q, 2, "recalculated");
    stmt_text_at(q, 3, u->today);
    stmt_int_at(q, 4, u->now_s);
    stmt_int_at(q, 5, u->import_id);
    stmt_text_at(q, 6, detail);
    return stmt_run(q, err);
}

static bool
drop_span(struct undo *u, int64_t from, int64_t upto, struct err *err)
{
    static const enum inv_sql steps[] = {INV_SPAN_EVENTS, INV_SPAN_LINES};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct stmt *q = inv_stmt(u->db, steps[i], err);

        if (!q)
            return false;
        stmt_int(q, ":id", from);
        stmt_int(q, ":upto", upto);
        if (!stmt_run(q, err))
            return false;
    }
    u->out->removed += (uint64_t)db_changes(u->db);
    return true;
}

static bool drop_site(struct undo *u, int64_t id, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_SITE_DROP, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    if (!stmt_run(q, err))
        return false;
    u->out->sites += (uint64_t)db_changes(u->db);
    return true;
}

struct kept {
    int64_t id, upto;
    char *image;
    bool site;
};

static bool put_back(struct undo *u, const struct kept *k, struct err *err)
{
    if (k->site && !k->image)
        return drop_site(u, k->id, err);
    if (!k->image)
        return drop_span(u, k->id, k->upto, err);
    if (k->site) {
        u->out->sites++;
        return inv_image_restore_site(u->db, k->id, k->image, err);
    }
    u->out->restored++;
    return inv_image_restore(u->db, k->id, k->image, err) &&
           write_event(u, k->id, err);
}

/* Two lines may have exchanged their tags: none is in the way of another. */
static bool free_tags(struct undo *u, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_UNDO_TAGS, err);

    if (!q)
        return false;
    stmt_int(q, ":id", u->import_id);
    return stmt_run(q, err);
}

/* Lines come before sites: a site that was added goes when none is there. The
 * rows are read one by one, since putting back runs other statements. */
static bool put_rows_back(struct undo *u, bool added, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_UNDO_ROWS, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":id", u->import_id);
    stmt_int(q, ":added", added);
    for (;;) {
        struct kept k;
        bool good;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        k = (struct kept){
                .site = strcmp(stmt_col_text(q, 0), "site") == 0,
                .id = stmt_col_int(q, 1),
                .upto = stmt_col_int(q, 2),
                .image = xstrdup(stmt_col_text(q, 3))};
        good = put_back(u, &k, err);
        free(k.image);
        if (!good)
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* What followed from line to line goes back, the last join first. */
static bool part_all(struct undo *u, struct err *err)
{
    struct stmt *q = inv_stmt(u->db, INV_UNDO_JOINS, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":id", u->import_id);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (u->options->parted &&
            !u->options->parted(
                    u->db, stmt_col_int(q, 1), stmt_col_int(q, 0),
                    stmt_col_text(q, 2), err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* All lines are there when something goes from one to another: before those
 * that were added vanish. */
static bool put_all_back(struct undo *u, struct err *err)
{
    return put_rows_back(u, false, err) && part_all(u, err) &&
           put_rows_back(u, true, err);
}

static bool mark(struct undo *u, const char *actor, struct err *err)
{
    static const enum inv_sql steps[] = {INV_UNDO_MARK, INV_UNDO_DROP};
    char detail[400];

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct stmt *q = inv_stmt(u->db, steps[i], err);

        if (!q)
            return false;
        stmt_int(q, ":id", u->import_id);
        if (steps[i] == INV_UNDO_MARK)
            stmt_int(q, ":at", u->now_s);
        if (!stmt_run(q, err))
            return false;
    }
    snprintf(
            detail, sizeof detail,
            "import %lld (%s): %llu lines removed, %llu put back",
            (long long)u->import_id, u->file,
            (unsigned long long)u->out->removed,
            (unsigned long long)u->out->restored);
    return acc_audit(u->db, actor, "import undo", detail, err);
}

bool inv_undo(
        struct db *db, const struct inv_undo_options *options,
        struct inv_undone *out, struct err *err)
{
    struct undo u = {
            .db = db,
            .options = options,
            .import_id = options->import_id,
            .now_s = (int64_t)time(NULL),
            .out = out};
    struct date today;
    bool ok;

    memset(out, 0, sizeof *out);
    if (!date_today(&today, err) || !db_begin(db, err))
        return false;
    date_print(today, u.today);
    ok = (u.import_id > 0 || last_import(&u, err)) && may_undo(&u, err) &&
         nothing_later(&u, err) && free_tags(&u, err) &&
         put_all_back(&u, err) && mark(&u, options->actor, err);
    out->import_id = u.import_id;
    snprintf(out->file, sizeof out->file, "%s", u.file);
    if (ok && options->keep)
        return db_commit(db, err);
    db_rollback(db);
    return ok;
}
