/* SPDX-License-Identifier: Apache-2.0
 * A line or a site as JSON, complete, so that it can be put back as it was. */
#include "inventory/image_priv.h"

#include <math.h>
#include <string.h>

#include "base/json.h"

enum { IMAGE_MAX = 1024 * 1024 };

/* ---- out ---------------------------------------------------------------- */

static void put_date(struct json_out *j, struct date d)
{
    char text[DATE_TEXT];

    json_str(j, NULL, date_known(d) ? date_print(d, text) : NULL);
}

/* In the order of inv_line_bind. */
static void put_line(struct json_out *j, const struct inv_line *l)
{
    json_begin_arr(j, "line");
    json_int(j, NULL, l->units);
    json_str(j, NULL, calc_category_word(l->category));
    json_str(
            j, NULL,
            l->chassis == CALC_CHASSIS_UNKNOWN ? NULL
                                               : calc_chassis_word(l->chassis));
    json_str(
            j, NULL,
            l->acquisition == CALC_ACQUISITION_UNKNOWN
                    ? NULL
                    : calc_acquisition_word(l->acquisition));
    json_int(j, NULL, l->product_id);
    json_int(j, NULL, l->cpu_count);
    json_int(j, NULL, l->cpu_cores);
    put_date(j, l->manufactured_on);
    put_date(j, l->acquired_on);
    put_date(j, l->in_service_on);
    put_date(j, l->warranty_end);
    put_date(j, l->exit_on);
    json_num(j, NULL, l->power_w);
    json_num(j, NULL, l->idle_w);
    json_num(j, NULL, l->max_w);
    json_num(j, NULL, l->energy_kwh_year);
    json_num(j, NULL, l->price_eur);
    json_num(j, NULL, l->mass_kg);
    json_num(j, NULL, l->fabrication_kg);
    json_str(j, NULL, l->fabrication_source);
    json_int(j, NULL, l->project_id);
    json_int(j, NULL, l->is_virtual);
    json_int(j, NULL, l->unknown_kinds);
    json_str(j, NULL, l->tag);
    json_str(j, NULL, l->name);
    json_str(j, NULL, l->serial);
    json_str(j, NULL, l->uuid);
    json_str(j, NULL, l->note);
    json_str(j, NULL, l->source);
    json_int(j, NULL, l->assumed);
    json_end_arr(j);
}

static void put_states(struct json_out *j, const struct inv_states *s)
{
    json_begin_arr(j, "states");
    for (int i = 0; i < s->n; i++) {
        const struct inv_state *x = &s->items[i];

        json_begin_arr(j, NULL);
        put_date(j, x->from);
        put_date(j, x->to);
        json_str(j, NULL, calc_status_word(x->status));
        json_int(j, NULL, x->site_id);
        json_end_arr(j);
    }
    json_end_arr(j);
}

static void put_parts(struct json_out *j, const struct inv_part_rows *p)
{
    json_begin_arr(j, "parts");
    for (size_t i = 0; i < p->n; i++) {
        json_begin_arr(j, NULL);
        json_int(j, NULL, p->items[i].spec_id);
        json_int(j, NULL, p->items[i].units);
        if (p->items[i].serial)
            json_str(j, NULL, p->items[i].serial);
        json_end_arr(j);
    }
    json_end_arr(j);
}

/* Rows of a side table as arrays; `texts` has a letter for each column: 'i'
 * a whole number, 's' text. */
static bool put_rows(
        struct json_out *j, struct db *db, int64_t id, const char *key,
        enum inv_sql sql, const char *types, struct err *err)
{
    struct stmt *q = inv_stmt(db, sql, err);
    bool row, begun = false, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (!begun)
            json_begin_arr(j, key);
        begun = true;
        json_begin_arr(j, NULL);
        for (int i = 0; types[i]; i++)
            if (stmt_is_null(q, i))
                json_null(j, NULL);
            else if (types[i] == 'i')
                json_int(j, NULL, stmt_col_int(q, i));
            else
                json_str(j, NULL, stmt_col_text(q, i));
        json_end_arr(j);
    }
    if (begun)
        json_end_arr(j);
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool inv_image_line(
        struct inv_take *t, const struct inv_image *image, const char **out,
        struct err *err)
{
    struct json_out j;
    struct out o;
    struct buf b;
    bool ok = false;
    int64_t id = image->id;

    buf_init(&b, IMAGE_MAX);
    out_to_buf(&o, &b);
    json_out_init(&j, &o, false);
    json_begin_obj(&j, NULL);
    put_line(&j, image->line);
    put_states(&j, image->states);
    put_parts(&j, image->parts);
    if (t->any_owned &&
        !put_rows(&j, t->db, id, "owners", INV_OWNERS_LOAD, "sss", err))
        goto done;
    if (t->any_differences && !put_rows(
                                      &j, t->db, id, "differences",
                                      INV_DIFFERENCES_KEEP, "issssssii", err))
        goto done;
    if (t->any_aliases &&
        !put_rows(&j, t->db, id, "aliases", INV_ALIASES_LOAD, "ss", err))
        goto done;
    if (image->with_events &&
        !put_rows(&j, t->db, id, "events", INV_EVENTS_IDS, "i", err))
        goto done;
    json_end_obj(&j);
    if (!out_finish(&o, err))
        goto done;
    *out = arena_str(&t->arena, buf_text(&b));
    ok = true;
done:
    buf_clear(&b);
    return ok;
}

/* ---- in ----------------------------------------------------------------- */

static const char *text_at(const cJSON *v)
{
    return cJSON_IsString(v) ? v->valuestring : NULL;
}

static double num_at(const cJSON *v)
{
    return cJSON_IsNumber(v) ? v->valuedouble : NAN;
}

static int64_t int_at(const cJSON *v)
{
    return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : 0;
}

static const cJSON *next(const cJSON **at)
{
    const cJSON *v = *at;

    if (v)
        *at = v->next;
    return v;
}

static bool line_of(const cJSON *list, struct inv_line *l, struct err *err)
{
    const cJSON *at = list ? list->child : NULL;

    if (cJSON_GetArraySize(list) != INV_LINE_BINDS)
        return err_set(err, ERR_DB, "an image without its line");
    *l = (struct inv_line){.units = (uint32_t)int_at(next(&at))};
    calc_category_from(text_at(next(&at)), &l->category);
    l->chassis = inv_chassis(text_at(next(&at)));
    l->acquisition = inv_acquisition(text_at(next(&at)));
    l->product_id = int_at(next(&at));
    l->cpu_count = (int)int_at(next(&at));
    l->cpu_cores = (int)int_at(next(&at));
    l->manufactured_on = inv_date(text_at(next(&at)));
    l->acquired_on = inv_date(text_at(next(&at)));
    l->in_service_on = inv_date(text_at(next(&at)));
    l->warranty_end = inv_date(text_at(next(&at)));
    l->exit_on = inv_date(text_at(next(&at)));
    l->power_w = num_at(next(&at));
    l->idle_w = num_at(next(&at));
    l->max_w = num_at(next(&at));
    l->energy_kwh_year = num_at(next(&at));
    l->price_eur = num_at(next(&at));
    l->mass_kg = num_at(next(&at));
    l->fabrication_kg = num_at(next(&at));
    l->fabrication_source = text_at(next(&at));
    l->project_id = int_at(next(&at));
    l->is_virtual = (int)int_at(next(&at));
    l->unknown_kinds = (uint32_t)int_at(next(&at));
    l->tag = text_at(next(&at));
    l->name = text_at(next(&at));
    l->serial = text_at(next(&at));
    l->uuid = text_at(next(&at));
    l->note = text_at(next(&at));
    l->source = text_at(next(&at));
    l->assumed = (unsigned)int_at(next(&at));
    return l->tag && l->source ? true
                               : err_set(err, ERR_DB, "an image without a tag");
}

static bool
run_int(struct db *db, enum inv_sql sql, int64_t id, struct err *err)
{
    struct stmt *q = inv_stmt(db, sql, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

/* The line's row, changed or made anew. */
static bool restore_row(
        struct db *db, int64_t id, const struct inv_line *l, struct err *err)
{
    for (int round = 0; round < 2; round++) {
        struct stmt *q =
                inv_stmt(db, round ? INV_LINE_RESTORE : INV_LINE_CHANGE, err);

        if (!q)
            return false;
        inv_line_bind(q, l);
        stmt_int_at(q, INV_LINE_BINDS + 1, id);
        if (!stmt_run(q, err))
            return false;
        if (db_changes(db) > 0)
            break;
    }
    return true;
}

static bool
restore_states(struct db *db, int64_t id, const cJSON *list, struct err *err)
{
    struct inv_states s = {.n = 0};
    const cJSON *v;

    cJSON_ArrayForEach(v, list)
    {
        const cJSON *at = v->child;
        struct inv_state *x = &s.items[s.n];

        if (s.n == INV_MAX_STATES)
            break;
        x->from = inv_date(text_at(next(&at)));
        x->to = inv_date(text_at(next(&at)));
        if (!calc_status_from(text_at(next(&at)), &x->status))
            return err_set(err, ERR_DB, "an image with an unknown status");
        x->site_id = int_at(next(&at));
        s.n++;
    }
    return run_int(db, INV_STATES_DROP, id, err) &&
           inv_states_write(db, id, &s, err);
}

/* Rows of a side table: an array each, bound by position after the id. */
static bool restore_rows(
        struct db *db, int64_t id, const cJSON *list, enum inv_sql sql,
        struct err *err)
{
    const cJSON *row, *v;
    int64_t no = 0;

    cJSON_ArrayForEach(row, list)
    {
        struct stmt *q = inv_stmt(db, sql, err);
        int at = 3;

        if (!q)
            return false;
        stmt_int_at(q, 1, id);
        stmt_int_at(q, 2, ++no);
        cJSON_ArrayForEach(v, row)
        {
            if (cJSON_IsNumber(v))
                stmt_int_at(q, at++, int_at(v));
            else
                stmt_text_at(q, at++, text_at(v));
        }
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

bool inv_image_restore(
        struct db *db, int64_t id, const char *image, struct err *err)
{
    static const struct {
        const char *key;
        enum inv_sql drop, add; /* drop INV_SQL_COUNT: moved back only */
    } sides[] = {
            {"parts", INV_PARTS_DROP, INV_PART_RESTORE},
            {"owners", INV_OWNERS_DROP, INV_OWNER_RESTORE},
            {"differences", INV_DIFFERENCES_DROP, INV_DIFFERENCE_RESTORE},
            {"aliases", INV_ALIASES_DROP, INV_ALIAS_RESTORE},
            {"events", INV_SQL_COUNT, INV_EVENT_RESTORE},
    };
    cJSON *root = NULL;
    struct inv_line line;
    bool ok = false;

    if (!json_parse(image, strlen(image), &root, err))
        return false;
    if (!line_of(cJSON_GetObjectItemCaseSensitive(root, "line"), &line, err) ||
        !restore_row(db, id, &line, err) ||
        !restore_states(
                db, id, cJSON_GetObjectItemCaseSensitive(root, "states"), err))
        goto done;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        const cJSON *list =
                cJSON_GetObjectItemCaseSensitive(root, sides[i].key);

        if (sides[i].drop != INV_SQL_COUNT &&
            !run_int(db, sides[i].drop, id, err))
            goto done;
        if (!restore_rows(db, id, list, sides[i].add, err))
            goto done;
    }
    ok = true;
done:
    cJSON_Delete(root);
    return ok;
}
