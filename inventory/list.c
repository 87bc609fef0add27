/* SPDX-License-Identifier: Apache-2.0
 * Pages of lines, the life ledger of one, and the id behind a tag. */
#include "inventory/inventory_priv.h"

#include <string.h>

#include "base/buf.h"

/* By a tag or name that it had before it was merged. */
static bool
by_alias(struct db *db, const char *tag, int64_t *id, struct err *err)
{
    static const char *const kinds[] = {"tag", "name"};
    bool row;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct stmt *q = inv_stmt(db, INV_ALIAS_FIND, err);

        if (!q)
            return false;
        stmt_text(q, ":kind", kinds[i]);
        stmt_text(q, ":value", tag);
        if (!stmt_step(q, &row, err))
            return false;
        if (row)
            *id = stmt_col_int(q, 0);
        stmt_reset(q);
        if (row)
            return true;
    }
    return err_set(
            err, ERR_NOT_FOUND, "no machine has the tag or name '%.80s'", tag);
}

bool inv_machine_id(
        struct db *db, const char *tag, int64_t *id, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_LINE_BY_TAG, err);
    bool row, second;

    if (!q)
        return false;
    stmt_text(q, ":tag", tag);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        *id = stmt_col_int(q, 0);
        stmt_reset(q);
        return true;
    }
    stmt_reset(q);
    q = inv_stmt(db, INV_IDS_BY_NAME, err);
    if (!q)
        return false;
    stmt_text(q, ":name", tag);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        int64_t found = stmt_col_int(q, 0);

        if (!stmt_step(q, &second, err))
            return false;
        stmt_reset(q);
        if (second)
            return err_set(
                    err, ERR_CONFLICT,
                    "several machines are named '%.80s', expected a tag", tag);
        *id = found;
        return true;
    }
    stmt_reset(q);
    return by_alias(db, tag, id, err);
}

/* The list statement of a sort word; INV_SQL_COUNT: no such word. */
static enum inv_sql sort_sql(const struct inv_query *q, bool filtered)
{
    static const struct {
        const char *word;
        enum inv_sql up; /* down follows it */
    } sorts[] = {
            {"tag", INV_LIST_TAG_UP},
            {"name", INV_LIST_NAME_UP},
            {"product", INV_LIST_PRODUCT_UP},
            {"category", INV_LIST_CATEGORY_UP},
            {"status", INV_LIST_STATUS_UP},
            {"acquired", INV_LIST_ACQUIRED_UP},
    };
    const char *word = q->sort && q->sort[0] ? q->sort : "tag";

    if (!filtered && strcmp(word, "tag") == 0)
        return q->descending ? INV_LIST_ALL_DOWN : INV_LIST_ALL_UP;
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        if (strcmp(sorts[i].word, word) == 0)
            return (enum inv_sql)(sorts[i].up + (q->descending ? 1 : 0));
    return INV_SQL_COUNT;
}

/* "%text%" with the wildcards of LIKE taken literally. */
static void like_pattern(const char *text, struct buf *out)
{
    buf_char(out, '%');
    for (; *text; text++) {
        if (*text == '%' || *text == '_' || *text == '\\')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
    buf_char(out, '%');
}

static void bind_word(struct stmt *s, const char *name, const char *word)
{
    if (word)
        stmt_text(s, name, word);
}

static void
bind_filter(struct stmt *s, const struct inv_query *q, const char *pattern)
{
    bind_word(s, ":text", pattern);
    if (q->category >= 0 && q->category < CALC_CATEGORIES)
        stmt_text(
                s, ":category",
                calc_category_word((enum calc_category)q->category));
    if (q->status >= 0 && q->status < CALC_STATUSES)
        stmt_text(s, ":status", calc_status_word((enum calc_status)q->status));
    if (q->acquisition >= 0 && q->acquisition < CALC_ACQUISITION_UNKNOWN)
        stmt_text(
                s, ":acquisition",
                calc_acquisition_word((enum calc_acquisition)q->acquisition));
    if (q->site_id > 0)
        stmt_int(s, ":site", q->site_id);
    if (q->warranty >= 0)
        stmt_int(s, ":warranty", q->warranty ? 1 : 0);
}

static bool is_filtered(const struct inv_query *q)
{
    return (q->text && q->text[0]) || q->category >= 0 || q->status >= 0 ||
           q->acquisition >= 0 || q->site_id > 0 || q->warranty >= 0;
}

static bool count_lines(
        struct db *db, const struct inv_query *q, bool filtered,
        const char *pattern, const char *today, uint64_t *total,
        struct err *err)
{
    struct stmt *s =
            inv_stmt(db, filtered ? INV_COUNT_MATCH : INV_COUNT_ALL, err);
    bool row;

    if (!s)
        return false;
    if (filtered) {
        stmt_text(s, ":today", today);
        bind_filter(s, q, pattern);
    }
    if (!stmt_step(s, &row, err))
        return false;
    *total = (uint64_t)stmt_col_int(s, 0);
    stmt_reset(s);
    return true;
}

static bool list_rows(
        struct stmt *s,
        bool (*row)(void *ctx, const struct inv_row *r, struct err *err),
        void *ctx, struct err *err)
{
    for (;;) {
        struct inv_row r;
        bool there;

        if (!stmt_step(s, &there, err))
            return false;
        if (!there)
            return true;
        r = (struct inv_row){
                .id = stmt_col_int(s, 0),
                .units = (uint32_t)stmt_col_int(s, 1),
                .tag = stmt_col_text(s, 2),
                .name = stmt_col_text(s, 3),
                .manufacturer = stmt_col_text(s, 4),
                .product = stmt_col_text(s, 5),
                .category = stmt_col_text(s, 6),
                .status = stmt_col_text(s, 7),
                .site = stmt_col_text(s, 8),
                .acquisition = stmt_col_text(s, 9),
                .acquired_on = stmt_col_text(s, 10),
                .warranty_end = stmt_col_text(s, 11)};
        if (!row(ctx, &r, err))
            return false;
    }
}

bool inv_list(
        struct db *db, const struct inv_query *q,
        bool (*row)(void *ctx, const struct inv_row *r, struct err *err),
        void *ctx, uint64_t *total, struct err *err)
{
    bool filtered = is_filtered(q), ok = false;
    enum inv_sql sql = sort_sql(q, filtered);
    char today[DATE_TEXT];
    struct buf pattern;
    struct stmt *s = NULL;

    buf_init(&pattern, 1000); /* longer ones the store's LIKE refuses */
    if (sql == INV_SQL_COUNT) {
        err_set(err, ERR_INVALID,
                "cannot sort by '%.40s', expected tag, name, product, "
                "category, status or acquired",
                q->sort);
        goto done;
    }
    if (q->limit < 1 || q->limit > 1000) {
        err_set(err, ERR_INVALID, "limit: expected 1 to 1000 lines");
        goto done;
    }
    if (q->text && q->text[0])
        like_pattern(q->text, &pattern);
    if (pattern.over) {
        err_set(err, ERR_INVALID, "the text to look for is too long");
        goto done;
    }
    date_print(q->today, today);
    if (total && !count_lines(
                         db, q, filtered, pattern.len ? pattern.p : NULL, today,
                         total, err))
        goto done;
    s = inv_stmt(db, sql, err);
    if (!s)
        goto done;
    stmt_text(s, ":today", today);
    stmt_int(s, ":limit", q->limit);
    stmt_int(s, ":offset", q->offset);
    if (sql != INV_LIST_ALL_UP && sql != INV_LIST_ALL_DOWN)
        bind_filter(s, q, pattern.len ? pattern.p : NULL);
    ok = list_rows(s, row, ctx, err);
done:
    stmt_reset(s);
    buf_clear(&pattern);
    return ok;
}

bool inv_events(
        struct db *db, int64_t machine_id,
        bool (*event)(void *ctx, const struct inv_event *e, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_EVENTS_LOAD, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":id", machine_id);
    for (;;) {
        struct inv_event e;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        e = (struct inv_event){
                stmt_col_text(q, 0), stmt_col_text(q, 1), stmt_col_text(q, 2),
                stmt_col_int(q, 3)};
        if (!event(ctx, &e, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}
