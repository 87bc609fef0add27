/* SPDX-License-Identifier: Apache-2.0
 * What a site states of its electricity: PUE by month, its zone of the grid,
 * contracts and the residual mix by year. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/num.h"
#include "energy/operation_priv.h"

static const struct sql statements[EO_SQL_COUNT] = {
#define AS_SQL(id, text) [id] = {#id, text},
        EO_SQL(AS_SQL)
#undef AS_SQL
};

struct stmt *eo_stmt(struct db *db, enum eo_sql id, struct err *err)
{
    return db_stmt(db, &statements[id], err);
}

const struct sql *en_operation_sql_list(size_t *n)
{
    *n = EO_SQL_COUNT;
    return statements;
}

bool eo_end(struct db *db, bool ok, struct err *err)
{
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

bool eo_site(struct db *db, const char *name, int64_t *id, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_SITE_FIND, err);
    bool row;

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_step(q, &row, err))
        return false;
    if (row)
        *id = stmt_col_int(q, 0);
    stmt_reset(q);
    return row ||
           err_set(err, ERR_NOT_FOUND,
                   "no site '%.200s'; 'fleetprint site set' adds one", name);
}

/* ---- setting ------------------------------------------------------------- */

static bool
put_pue(struct db *db, int64_t site, int month, double pue, struct err *err)
{
    struct stmt *q = eo_stmt(db, isnan(pue) ? EO_PUE_DROP : EO_PUE_PUT, err);

    if (!q)
        return false;
    stmt_int(q, ":site", site);
    stmt_int(q, ":month", month);
    if (!isnan(pue))
        stmt_num(q, ":pue", pue);
    return stmt_run(q, err);
}

bool en_site_pue_set(
        struct db *db, const char *site, int month, double pue,
        const char *actor, struct err *err)
{
    char detail[300], x[NUM_TEXT];
    int64_t id;
    bool ok;

    if (!isnan(pue) && !(pue >= 1 && pue <= 10))
        return err_set(err, ERR_INVALID, "pue: expected 1 to 10");
    snprintf(
            detail, sizeof detail, "%.200s: PUE of %04d-%02d %s", site,
            month / 12, month % 12 + 1,
            isnan(pue) ? "dropped" : num_print(pue, x));
    if (!db_begin(db, err))
        return false;
    ok = eo_site(db, site, &id, err) && put_pue(db, id, month, pue, err) &&
         acc_audit(db, actor, "site set", detail, err);
    return eo_end(db, ok, err);
}

static bool
put_zone(struct db *db, int64_t site, const char *zone, struct err *err)
{
    struct stmt *q = eo_stmt(db, *zone ? EO_ZONE_PUT : EO_ZONE_DROP, err);

    if (!q)
        return false;
    stmt_int(q, ":site", site);
    if (*zone)
        stmt_text(q, ":zone", zone);
    return stmt_run(q, err);
}

bool en_site_zone_set(
        struct db *db, const char *site, const char *zone, const char *actor,
        struct err *err)
{
    char detail[320];
    int64_t id;
    bool ok;

    if (strlen(zone) > 100)
        return err_set(
                err, ERR_INVALID, "zone: expected at most 100 characters");
    snprintf(detail, sizeof detail, "%.200s: grid zone '%.100s'", site, zone);
    if (!db_begin(db, err))
        return false;
    ok = eo_site(db, site, &id, err) && put_zone(db, id, zone, err) &&
         acc_audit(db, actor, "site set", detail, err);
    return eo_end(db, ok, err);
}

static bool check_instrument(const struct en_instrument *i, struct err *err)
{
    if (i->year < 1990 || i->year > 2200)
        return err_set(err, ERR_INVALID, "year: expected 1990 to 2200");
    if (!(i->g_per_kwh >= 0 && i->g_per_kwh <= 5000))
        return err_set(err, ERR_INVALID, "g: expected 0 to 5000 g per kWh");
    if (!isnan(i->mwh) && !(i->mwh > 0 && i->mwh <= 1e9))
        return err_set(
                err, ERR_INVALID, "mwh: expected more than 0, up to 1e9");
    if (!i->source || !i->source[0] || strlen(i->source) > 400)
        return err_set(
                err, ERR_INVALID,
                "source: say where the figure comes from, the contract or "
                "the certificate");
    return true;
}

static bool put_instrument(
        struct db *db, const struct en_instrument *i, int64_t site,
        struct err *err)
{
    bool rest = isnan(i->mwh);
    struct stmt *q =
            eo_stmt(db, rest ? EO_RESIDUAL_PUT : EO_INSTRUMENT_ADD, err);

    if (!q)
        return false;
    stmt_int(q, ":site", site);
    stmt_int(q, ":year", i->year);
    stmt_num(q, ":g", i->g_per_kwh);
    stmt_text(q, ":source", i->source);
    if (!rest)
        stmt_num(q, ":mwh", i->mwh);
    return stmt_run(q, err);
}

static bool
take(struct db *db, const struct en_instrument *i, const char *action,
     const char *actor, int64_t *id, struct err *err)
{
    char detail[400], x[NUM_TEXT], y[NUM_TEXT];
    int64_t site;
    bool ok;

    if (!check_instrument(i, err))
        return false;
    snprintf(
            detail, sizeof detail, "%.200s %d: %s MWh at %s g/kWh", i->site,
            i->year, isnan(i->mwh) ? "other" : num_print(i->mwh, x),
            num_print(i->g_per_kwh, y));
    if (!db_begin(db, err))
        return false;
    ok = eo_site(db, i->site, &site, err) && put_instrument(db, i, site, err);
    if (ok)
        *id = db_last_id(db);
    ok = ok && acc_audit(db, actor, action, detail, err);
    return eo_end(db, ok, err);
}

bool en_instrument_add(
        struct db *db, const struct en_instrument *i, const char *actor,
        int64_t *id, struct err *err)
{
    if (isnan(i->mwh))
        return err_set(err, ERR_INVALID, "mwh: expected the contract's MWh");
    return take(db, i, "market add", actor, id, err);
}

bool en_residual_set(
        struct db *db, const struct en_instrument *i, const char *actor,
        struct err *err)
{
    struct en_instrument rest = *i;
    int64_t id;

    rest.mwh = NAN;
    return take(db, &rest, "market residual", actor, &id, err);
}

bool en_instrument_remove(
        struct db *db, int64_t id, const char *actor, struct err *err)
{
    struct stmt *q;
    char detail[40];
    bool ok;

    if (!db_begin(db, err))
        return false;
    q = eo_stmt(db, EO_INSTRUMENT_DROP, err);
    ok = q != NULL;
    if (ok) {
        stmt_int(q, ":id", id);
        ok = stmt_run(q, err);
    }
    if (ok && db_changes(db) == 0)
        ok =
                err_set(err, ERR_NOT_FOUND,
                        "no contract %lld; 'fleetprint market list' shows them",
                        (long long)id);
    snprintf(detail, sizeof detail, "%lld", (long long)id);
    ok = ok && acc_audit(db, actor, "market remove", detail, err);
    return eo_end(db, ok, err);
}

/* ---- reading ------------------------------------------------------------- */

static bool load_pue(struct db *db, struct en_site_power *s, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_PUE, err);
    bool row, ok = false;
    size_t cap = 0;

    if (!q)
        return false;
    while ((ok = stmt_step(q, &row, err)) && row) {
        if (s->n_pue == cap) {
            cap = cap ? 2 * cap : 64;
            s->pue = xreallocarray(s->pue, cap, sizeof *s->pue);
        }
        s->pue[s->n_pue++] = (struct en_pue_month){
                stmt_col_int(q, 0), (int)stmt_col_int(q, 1),
                stmt_col_num(q, 2)};
    }
    stmt_reset(q);
    return ok;
}

static bool
load_instruments(struct db *db, struct en_site_power *s, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_INSTRUMENTS, err);
    bool row, ok = false;
    size_t cap = 0;

    if (!q)
        return false;
    while ((ok = stmt_step(q, &row, err)) && row) {
        if (s->n_instruments == cap) {
            cap = cap ? 2 * cap : 16;
            s->instruments =
                    xreallocarray(s->instruments, cap, sizeof *s->instruments);
        }
        s->instruments[s->n_instruments++] = (struct en_instrument){
                .site_id = stmt_col_int(q, 0),
                .year = (int)stmt_col_int(q, 1),
                .id = stmt_col_int(q, 2),
                .mwh = stmt_col_num(q, 3),
                .g_per_kwh = stmt_col_num(q, 4),
                .source = arena_str(&s->arena, stmt_col_text(q, 5)),
                .site = arena_str(&s->arena, stmt_col_text(q, 6))};
    }
    stmt_reset(q);
    return ok;
}

static bool load_zones(struct db *db, struct en_site_power *s, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_ZONES, err);
    bool row, ok = false;

    if (!q)
        return false;
    while ((ok = stmt_step(q, &row, err)) && row) {
        s->zones = xreallocarray(s->zones, s->n_zones + 1, sizeof *s->zones);
        s->zones[s->n_zones++] = (struct en_zone){
                stmt_col_int(q, 0), arena_str(&s->arena, stmt_col_text(q, 1))};
    }
    stmt_reset(q);
    return ok;
}

bool en_site_power_load(
        struct db *db, struct en_site_power *out, struct err *err)
{
    struct en_site_power s = {0};

    if (!load_pue(db, &s, err) || !load_instruments(db, &s, err) ||
        !load_zones(db, &s, err)) {
        en_site_power_clear(&s);
        return false;
    }
    *out = s;
    return true;
}

void en_site_power_clear(struct en_site_power *s)
{
    free(s->pue);
    free(s->instruments);
    free(s->zones);
    arena_clear(&s->arena);
    *s = (struct en_site_power){0};
}

double en_site_pue(const struct en_site_power *s, int64_t site_id, int month)
{
    size_t lo = 0, hi = s->n_pue;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct en_pue_month *p = &s->pue[mid];

        if (p->site_id < site_id || (p->site_id == site_id && p->month < month))
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < s->n_pue && s->pue[lo].site_id == site_id &&
        s->pue[lo].month == month)
        return s->pue[lo].pue;
    return NAN;
}

const char *en_site_zone(const struct en_site_power *s, int64_t site_id)
{
    for (size_t i = 0; i < s->n_zones; i++)
        if (s->zones[i].site_id == site_id)
            return s->zones[i].zone;
    return NULL;
}
