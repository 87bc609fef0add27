/* SPDX-License-Identifier: Apache-2.0
 * A row of the machine table as a struct, both ways. */
#include "inventory/inventory_priv.h"

#include <math.h>

static int int_or_unknown(struct stmt *q, int col)
{
    return stmt_is_null(q, col) ? -1 : (int)stmt_col_int(q, col);
}

void inv_line_lean(struct stmt *q, int col, struct inv_line *out)
{
    out->units = (uint32_t)stmt_col_int(q, col);
    out->category = inv_category(stmt_col_text(q, col + 1));
    out->chassis = inv_chassis(stmt_col_text(q, col + 2));
    out->acquisition = inv_acquisition(stmt_col_text(q, col + 3));
    out->product_id = stmt_col_int(q, col + 4);
    out->cpu_count = int_or_unknown(q, col + 5);
    out->cpu_cores = int_or_unknown(q, col + 6);
    out->manufactured_on = inv_date(stmt_col_text(q, col + 7));
    out->acquired_on = inv_date(stmt_col_text(q, col + 8));
    out->in_service_on = inv_date(stmt_col_text(q, col + 9));
    out->warranty_end = inv_date(stmt_col_text(q, col + 10));
    out->exit_on = inv_date(stmt_col_text(q, col + 11));
    out->power_w = stmt_col_num(q, col + 12);
    out->idle_w = stmt_col_num(q, col + 13);
    out->max_w = stmt_col_num(q, col + 14);
    out->energy_kwh_year = stmt_col_num(q, col + 15);
    out->price_eur = stmt_col_num(q, col + 16);
    out->mass_kg = stmt_col_num(q, col + 17);
    out->fabrication_kg = stmt_col_num(q, col + 18);
    out->fabrication_source = stmt_col_text(q, col + 19);
    out->project_id = stmt_col_int(q, col + 20);
    out->is_virtual = int_or_unknown(q, col + 21);
    out->unknown_kinds = (uint32_t)stmt_col_int(q, col + 22);
    out->tag = stmt_col_text(q, col + 23);
    out->assumed = 0;
}

bool inv_line_load(
        struct db *db, int64_t id, struct arena *a, struct inv_line *out,
        struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_LINE_LOAD, err);
    bool row, ok = false;
    int col = INV_LEAN_COLUMNS;

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    if (!stmt_step(q, &row, err))
        goto done;
    if (!row) {
        err_set(err, ERR_NOT_FOUND, "no inventory line with id %lld",
                (long long)id);
        goto done;
    }
    inv_line_lean(q, 0, out);
    out->fabrication_source = arena_str(a, out->fabrication_source);
    out->tag = arena_str(a, out->tag);
    out->name = arena_str(a, stmt_col_text(q, col));
    out->serial = arena_str(a, stmt_col_text(q, col + 1));
    out->uuid = arena_str(a, stmt_col_text(q, col + 2));
    out->note = arena_str(a, stmt_col_text(q, col + 3));
    out->source = arena_str(a, stmt_col_text(q, col + 4));
    out->manufacturer = arena_str(a, stmt_col_text(q, col + 5));
    out->product = arena_str(a, stmt_col_text(q, col + 6));
    out->assumed = (unsigned)stmt_col_int(q, col + 7);
    out->project = arena_str(a, stmt_col_text(q, col + 8));
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static void bind_id(struct stmt *q, int at, int64_t id)
{
    if (id > 0)
        stmt_int_at(q, at, id);
    else
        stmt_text_at(q, at, NULL);
}

static void bind_known(struct stmt *q, int at, int value)
{
    if (value >= 0)
        stmt_int_at(q, at, value);
    else
        stmt_text_at(q, at, NULL);
}

static void two_digits(char *to, int v)
{
    to[0] = (char)('0' + v / 10 % 10);
    to[1] = (char)('0' + v % 10);
}

/* As date_print, without its snprintf: five dates for each line of an import.
 */
static void bind_date(struct stmt *q, int at, struct date d)
{
    char text[DATE_TEXT] = "0000-00-00";

    two_digits(text, d.year / 100);
    two_digits(text + 2, d.year);
    two_digits(text + 5, d.month);
    two_digits(text + 8, d.day);
    text[d.day ? 10 : d.month ? 7 : 4] = '\0';
    stmt_text_at(q, at, date_known(d) ? text : NULL);
}

void inv_line_bind(struct stmt *q, const struct inv_line *l)
{
    stmt_int_at(q, 1, l->units);
    stmt_text_at(q, 2, calc_category_word(l->category));
    stmt_text_at(
            q, 3,
            l->chassis == CALC_CHASSIS_UNKNOWN ? NULL
                                               : calc_chassis_word(l->chassis));
    stmt_text_at(
            q, 4,
            l->acquisition == CALC_ACQUISITION_UNKNOWN
                    ? NULL
                    : calc_acquisition_word(l->acquisition));
    bind_id(q, 5, l->product_id);
    bind_known(q, 6, l->cpu_count);
    bind_known(q, 7, l->cpu_cores);
    bind_date(q, 8, l->manufactured_on);
    bind_date(q, 9, l->acquired_on);
    bind_date(q, 10, l->in_service_on);
    bind_date(q, 11, l->warranty_end);
    bind_date(q, 12, l->exit_on);
    stmt_num_at(q, 13, l->power_w);
    stmt_num_at(q, 14, l->idle_w);
    stmt_num_at(q, 15, l->max_w);
    stmt_num_at(q, 16, l->energy_kwh_year);
    stmt_num_at(q, 17, l->price_eur);
    stmt_num_at(q, 18, l->mass_kg);
    stmt_num_at(q, 19, l->fabrication_kg);
    stmt_text_at(q, 20, l->fabrication_source);
    bind_id(q, 21, l->project_id);
    bind_known(q, 22, l->is_virtual);
    stmt_int_at(q, 23, l->unknown_kinds);
    stmt_text_at(q, 24, l->tag);
    stmt_text_at(q, 25, l->name);
    stmt_text_at(q, 26, l->serial);
    stmt_text_at(q, 27, l->uuid);
    stmt_text_at(q, 28, l->note);
    stmt_text_at(q, 29, l->source);
    stmt_int_at(q, 30, l->assumed);
}
