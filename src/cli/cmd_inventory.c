/* SPDX-License-Identifier: Apache-2.0
 * machine list, site list, site set. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/date.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/operation.h"
#include "inventory/inventory.h"

/* ---- machine list -------------------------------------------------------- */

static const struct cmd_opt list_opts[] = {
        {"search", 's', "TEXT", "in tag, name, product, maker or serial"},
        {"category", 0, "WORD", "server, gpu_node, storage, ..."},
        {"status", 0, "WORD", "in_service, spare, retired, ..."},
        {"acquisition", 0, "WORD", "new, second_hand or donated"},
        {"sort", 0, "COLUMN",
         "tag, name, product, category, status or"
         " acquired"},
        {"limit", 0, "N", "rows of a page, default 100, at most 1000"},
        {"offset", 0, "N", "rows to pass over"},
        {NULL, 0, NULL, NULL},
};

struct list {
    bool json;
    struct out out;
    struct json_out j;
};

static bool list_row(void *ctx, const struct inv_row *r, struct err *err)
{
    struct list *l = ctx;

    (void)err;
    if (!l->json) {
        out_printf(
                &l->out, "%-24s %-10s %-11s %6u  %s %s\n", r->tag, r->category,
                r->status, (unsigned)r->units,
                r->manufacturer ? r->manufacturer : "",
                r->product ? r->product : "");
        return true;
    }
    json_begin_obj(&l->j, NULL);
    json_str(&l->j, "tag", r->tag);
    json_str(&l->j, "name", r->name);
    json_str(&l->j, "category", r->category);
    json_str(&l->j, "status", r->status);
    json_str(&l->j, "site", r->site);
    json_int(&l->j, "quantity", r->units);
    json_str(&l->j, "manufacturer", r->manufacturer);
    json_str(&l->j, "product", r->product);
    json_str(&l->j, "acquisition", r->acquisition);
    json_str(&l->j, "acquired_on", r->acquired_on);
    json_str(&l->j, "warranty_end", r->warranty_end);
    json_end_obj(&l->j);
    return true;
}

static bool number_option(
        const struct cmd_call *c, const char *name, int64_t low, int64_t high,
        uint32_t *out, struct err *err)
{
    const char *text = cmd_value(c, name);
    int64_t n;

    if (!text)
        return true;
    if (!num_parse_int(text, strlen(text), low, high, &n, err)) {
        err->code = ERR_USAGE;
        err_in(err, "--%s '%s'", name, text);
        return false;
    }
    *out = (uint32_t)n;
    return true;
}

static bool known_sort(const char *column, struct err *err)
{
    static const char *const columns[] = {"tag",      "name",   "product",
                                          "category", "status", "acquired"};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i], column) == 0)
            return true;
    return err_set(
            err, ERR_USAGE,
            "--sort '%s': expected tag, name, product, category, status or "
            "acquired",
            column);
}

static bool
query_of(const struct cmd_call *c, struct inv_query *q, struct err *err)
{
    const char *category = cmd_value(c, "category");
    const char *status = cmd_value(c, "status");
    const char *acquisition = cmd_value(c, "acquisition");
    enum calc_acquisition a;
    enum calc_category k;
    enum calc_status s;

    *q = (struct inv_query){
            .text = cmd_value(c, "search"),
            .category = -1,
            .status = -1,
            .acquisition = -1,
            .site_id = -1,
            .warranty = -1,
            .sort = cmd_value(c, "sort"),
            .limit = 100};
    if (category && !calc_category_from(category, &k))
        return err_set(err, ERR_USAGE, "no category '%s'", category);
    if (status && !calc_status_from(status, &s))
        return err_set(err, ERR_USAGE, "no status '%s'", status);
    if (acquisition && !calc_acquisition_from(acquisition, &a))
        return err_set(
                err, ERR_USAGE,
                "no acquisition '%s': new,"
                " second_hand or donated",
                acquisition);
    if (q->sort && !known_sort(q->sort, err))
        return false;
    if (category)
        q->category = (int)k;
    if (status)
        q->status = (int)s;
    if (acquisition)
        q->acquisition = (int)a;
    return number_option(c, "limit", 1, 1000, &q->limit, err) &&
           number_option(c, "offset", 0, 100000000, &q->offset, err) &&
           date_today(&q->today, err);
}

static int run_machine_list(struct cmd_call *c, struct err *err)
{
    struct list l = {.json = c->json};
    struct db *db = NULL;
    struct inv_query q;
    uint64_t total = 0;
    int status = CMD_ERR;

    if (!query_of(c, &q, err) || !cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    out_to_file(&l.out, stdout);
    if (l.json) {
        json_out_init(&l.j, &l.out, true);
        json_begin_obj(&l.j, NULL);
        json_begin_arr(&l.j, "machines");
    }
    if (!inv_list(db, &q, list_row, &l, &total, err))
        goto done;
    if (l.json) {
        json_end_arr(&l.j);
        json_int(&l.j, "total", (int64_t)total);
        json_end_obj(&l.j);
        out_char(&l.out, '\n');
    }
    if (!out_finish(&l.out, err))
        goto done;
    if (!l.json)
        fprintf(stderr, "%llu in all\n", (unsigned long long)total);
    status = CMD_DONE;
done:
    db_close(db);
    return status;
}

const struct cmd cmd_machine_list = {
        .noun = "machine",
        .verb = "list",
        .group = "Inventory",
        .summary = "Lists inventory lines: search, filter, sort, page",
        .opts = list_opts,
        .examples = "  fleetprint machine list --search R640 --status"
                    " in_service",
        .run = run_machine_list,
};

/* ---- sites --------------------------------------------------------------- */

static void
put_months(struct json_out *j, const struct en_site_power *p, int64_t site_id)
{
    char month[16];

    json_begin_obj(j, "pue_months");
    for (size_t i = 0; i < p->n_pue; i++) {
        if (p->pue[i].site_id != site_id)
            continue;
        snprintf(
                month, sizeof month, "%04d-%02d", p->pue[i].month / 12,
                p->pue[i].month % 12 + 1);
        json_num(j, month, p->pue[i].pue);
    }
    json_end_obj(j);
}

static void put_site(
        struct json_out *j, const struct inv_site *s,
        const struct en_site_power *p)
{
    json_begin_obj(j, NULL);
    json_str(j, "name", s->name);
    json_str(j, "country", s->country);
    json_str(j, "timezone", s->timezone);
    json_num(j, "pue", s->pue);
    json_num(j, "wue", s->wue);
    json_num(j, "grid_g", s->grid_g);
    json_str(
            j, "grid_kind",
            s->has_grid_kind ? calc_grid_kind_word(s->grid_kind) : NULL);
    json_str(j, "grid_source", s->grid_source);
    json_str(j, "grid_zone", en_site_zone(p, s->id));
    put_months(j, p, s->id);
    json_end_obj(j);
}

static void print_site(struct out *o, const struct inv_site *s)
{
    char pue[NUM_TEXT], grid[NUM_TEXT];

    out_printf(
            o, "%-20s %-4s %-18s PUE %-5s grid %s\n", s->name,
            s->country ? s->country : "-", s->timezone,
            isnan(s->pue) ? "-" : num_print(s->pue, pue),
            isnan(s->grid_g) ? "by country" : num_print(s->grid_g, grid));
}

static int run_site_list(struct cmd_call *c, struct err *err)
{
    struct inv_sites sites = {0};
    struct en_site_power power = {0};
    struct db *db = NULL;
    struct cmd_answer answer;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    if (!inv_sites_load(db, &sites, err) ||
        !en_site_power_load(db, &power, err))
        goto done;
    cmd_list_begin(&answer, c);
    for (size_t i = 0; i < sites.n; i++)
        if (c->json)
            put_site(&answer.json, &sites.items[i], &power);
        else
            print_site(&answer.out, &sites.items[i]);
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    en_site_power_clear(&power);
    inv_sites_clear(&sites);
    db_close(db);
    return status;
}

const struct cmd cmd_site_list = {
        .noun = "site",
        .verb = "list",
        .group = "Inventory",
        .summary = "Lists the sites and their electricity",
        .examples = "  fleetprint site list --json",
        .run = run_site_list,
};

static bool value_of(
        const struct cmd_call *c, const char *name, double *out,
        struct err *err)
{
    const char *text = cmd_value(c, name);

    *out = NAN;
    if (!text || num_parse(text, strlen(text), NUM_POINT, out, err))
        return true;
    err->code = ERR_USAGE;
    err_in(err, "--%s '%s'", name, text);
    return false;
}

/* The site as it now stands; a country without a factor is told at once. */
static bool say_site(
        const struct cmd_call *c, struct db *db, const struct wire_site *s,
        struct err *err)
{
    struct inv_sites sites = {0};
    struct en_site_power power = {0};
    struct fac_pack *pack = NULL;
    struct fac_grid hit;
    struct json_out j;
    struct out o;
    bool ok = false;

    if (!cmd_pack_db(c, db, &pack, err) || !inv_sites_load(db, &sites, err) ||
        !en_site_power_load(db, &power, err))
        goto done;
    if (s->country &&
        !fac_grid_find(pack, s->country, 0, CALC_LIFE_CYCLE, &hit))
        fprintf(stderr,
                "warning: no grid factor is known for country '%s'; expected "
                "one like FRA, or state --grid-g\n",
                s->country);
    fprintf(stderr, "site '%s' set\n", s->name);
    ok = true;
    if (!c->json)
        goto done;
    out_to_file(&o, stdout);
    json_out_init(&j, &o, true);
    for (size_t i = 0; i < sites.n; i++)
        if (strcmp(sites.items[i].name, s->name) == 0)
            put_site(&j, &sites.items[i], &power);
    ok = out_finish(&o, err);
done:
    en_site_power_clear(&power);
    inv_sites_clear(&sites);
    fac_pack_free(pack);
    return ok;
}

/* "2025-07=1.42,2025-08=1.38"; "2025-07=?" drops a month. */
static bool
set_months(struct db *db, const char *site, const char *text, struct err *err)
{
    while (*text) {
        size_t len = strcspn(text, ","), key = strcspn(text, "=");
        double pue = NAN;
        struct date d;

        if (key >= len || !date_parse(text, key, &d, err) || !d.month || d.day)
            return err_set(
                    err, ERR_USAGE,
                    "--pue-month '%.*s': expected a month and its PUE, as "
                    "2025-07=1.42",
                    (int)(len < 40 ? len : 40), text);
        if (!(len == key + 2 && text[key + 1] == '?') &&
            !num_parse(text + key + 1, len - key - 1, NUM_POINT, &pue, err)) {
            err->code = ERR_USAGE;
            err_in(err, "--pue-month '%.*s'", (int)(len < 40 ? len : 40), text);
            return false;
        }
        if (!en_site_pue_set(
                    db, site, d.year * 12 + d.month - 1, pue, acc_cli_actor(),
                    err))
            return false;
        text += len;
        text += *text == ',';
    }
    return true;
}

/* What stands beside the site: its PUE by month, its zone of the grid. */
static bool set_power(const struct cmd_call *c, struct db *db, struct err *err)
{
    const char *months = cmd_value(c, "pue-month");
    const char *zone = cmd_value(c, "grid-zone");

    if (months && !set_months(db, c->argv[0], months, err))
        return false;
    return !zone ||
           en_site_zone_set(db, c->argv[0], zone, acc_cli_actor(), err);
}

/* All of it or nothing. */
static bool
set_all(const struct cmd_call *c, struct db *db, const struct wire_site *s,
        struct err *err)
{
    if (!db_begin(db, err))
        return false;
    if (inv_site_set(db, s, acc_cli_actor(), err) && set_power(c, db, err))
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

static int run_site_set(struct cmd_call *c, struct err *err)
{
    struct wire_site s = {
            .name = c->argv[0],
            .country = cmd_value(c, "country"),
            .timezone = cmd_value(c, "timezone"),
            .grid_source = cmd_value(c, "grid-source"),
            .place = "site set"};
    const char *kind = cmd_value(c, "grid-kind");
    struct db *db = NULL;
    double year;
    bool ok;

    if (!value_of(c, "pue", &s.pue, err) || !value_of(c, "wue", &s.wue, err) ||
        !value_of(c, "grid-g", &s.grid_g, err) ||
        !value_of(c, "grid-year", &year, err))
        return CMD_ERR;
    if (year < 1900 || year > 2200) {
        err_set(err, ERR_USAGE, "--grid-year '%s': expected a year",
                cmd_value(c, "grid-year"));
        return CMD_ERR;
    }
    s.grid_year = isnan(year) ? 0 : (int)year;
    s.has_grid_kind = kind != NULL;
    if (kind && !calc_grid_kind_from(kind, &s.grid_kind)) {
        err_set(err, ERR_USAGE,
                "grid kind '%s' is not life_cycle, direct or unstated", kind);
        return CMD_ERR;
    }
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    ok = set_all(c, db, &s, err) && say_site(c, db, &s, err);
    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt site_opts[] = {
        {"country", 0, "ISO3", "FRA, DEU, ...: chooses the grid factor"},
        {"timezone", 0, "ZONE", "Europe/Paris"},
        {"pue", 0, "N", "12-month PUE, 1.0 or more"},
        {"pue-month", 0, "LIST", "2025-07=1.42,2025-08=1.38; =? drops one"},
        {"wue", 0, "N", "litres a kWh of IT"},
        {"grid-g", 0, "N", "own grid factor, g CO2e/kWh"},
        {"grid-kind", 0, "KIND", "life_cycle, direct or unstated"},
        {"grid-source", 0, "TEXT", "where the figure comes from"},
        {"grid-year", 0, "YEAR", "year the figure describes"},
        {"grid-zone", 0, "ZONE", "zone of its hours where not its country"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_site_set = {
        .noun = "site",
        .verb = "set",
        .group = "Inventory",
        .summary = "Adds a site or changes what it states",
        .args = "NAME",
        .min_args = 1,
        .max_args = 1,
        .opts = site_opts,
        .examples = "  fleetprint site set lyon --country FRA --timezone"
                    " Europe/Paris --pue 1.3\n"
                    "  fleetprint site set lyon --pue-month 2025-07=1.42\n"
                    "  fleetprint site set lyon --grid-g 20 --grid-kind direct"
                    " --grid-source 'RTE 2024'",
        .run = run_site_set,
};
