/* SPDX-License-Identifier: Apache-2.0
 * The rules that a grid value of the user must keep, and its words. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "energy/grid_priv.h"

enum { MAX_ZONE = 100, MAX_G = 5000 };

#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[EN_SQL_COUNT] = {EN_SQL(AS_SQL)};

struct stmt *en_stmt(struct db *db, enum en_sql id, struct err *err)
{
    return db_stmt(db, &statements[id], err);
}

const struct sql *en_sql_list(size_t *n)
{
    *n = EN_SQL_COUNT;
    return statements;
}

const char *en_grid_kind_word(enum wire_grid_kind k)
{
    return k == WIRE_GRID_MARGINAL
                   ? "marginal"
                   : calc_grid_kind_word((enum calc_grid_kind)k);
}

const char *en_grid_basis_word(enum wire_grid_basis b)
{
    static const char *const words[WIRE_GRID_BASES] = {
            "generation", "consumption", "unstated"};

    return words[b];
}

int64_t en_year_start_s(int year)
{
    const struct date d = {.year = (int16_t)year, .month = 1, .day = 1};

    return (int64_t)date_days(d) * EN_DAY_S;
}

int en_grid_year_of(const struct wire_grid *g)
{
    int year;

    if (g->to_s - g->from_s < 365 * (int64_t)EN_DAY_S ||
        g->from_s % EN_DAY_S != 0)
        return 0;
    year = date_from_days((int32_t)(g->from_s / EN_DAY_S)).year;
    return g->from_s == en_year_start_s(year) &&
                           g->to_s == en_year_start_s(year + 1)
                   ? year
                   : 0;
}

static bool
rule(const char **column, const char *name, struct err *err, const char *text)
{
    *column = name;
    return err_set(err, ERR_INVALID, "%s", text);
}

static bool plain(const char *s)
{
    if (strlen(s) > MAX_ZONE || !text_utf8_ok(s, strlen(s)))
        return false;
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7F)
            return false;
    return true;
}

static bool
time_holds(const struct wire_grid *g, const char **column, struct err *err)
{
    if (g->from_s < en_year_start_s(1990) || g->to_s > en_year_start_s(2200))
        return rule(column, "from", err, "expected a time of 1990 to 2199");
    if (en_grid_year_of(g))
        return true;
    if (g->to_s - g->from_s < EN_SLOT_S)
        return rule(column, "to", err, "expected five minutes or more");
    if (g->to_s - g->from_s > EN_DAY_S)
        return rule(
                column, "to", err,
                "expected a value of at most a day, or of a whole year in UTC");
    return true;
}

bool en_grid_check(
        const struct wire_grid *g, const char **column, struct err *err)
{
    if (!fac_origin_check(&g->origin, column, err))
        return false;
    if (!g->zone || !*g->zone || !plain(g->zone) ||
        (g->zone_name && strlen(g->zone_name) > 4 * WIRE_MAX_TEXT))
        return rule(
                column, "zone", err,
                "expected the name of a zone, at most 100 bytes");
    if (!(g->g_per_kwh >= 0 && g->g_per_kwh <= MAX_G))
        return rule(column, "g_per_kwh", err, "expected 0 to 5000 g per kWh");
    if ((unsigned)g->kind >= WIRE_GRID_KINDS ||
        (unsigned)g->basis >= WIRE_GRID_BASES)
        return rule(column, "kind", err, "expected a known kind and basis");
    return time_holds(g, column, err);
}
