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

static void put_site(struct json_out *j, const struct inv_site *s)
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
    struct db *db = NULL;
    struct json_out j;
    struct out o;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    if (!inv_sites_load(db, &sites, err))
        goto done;
    out_to_file(&o, stdout);
    json_out_init(&j, &o, true);
    if (c->json)
        json_begin_arr(&j, NULL);
    for (size_t i = 0; i < sites.n; i++)
        if (c->json)
            put_site(&j, &sites.items[i]);
        else
            print_site(&o, &sites.items[i]);
    if (c->json) {
        json_end_arr(&j);
        out_char(&o, '\n');
    }
    if (out_finish(&o, err))
        status = CMD_DONE;
done:
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
    struct fac_pack *pack = NULL;
    struct fac_grid hit;
    struct json_out j;
    struct out o;
    bool ok = false;

    if (!cmd_pack_db(c, db, &pack, err) || !inv_sites_load(db, &sites, err))
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
            put_site(&j, &sites.items[i]);
    ok = out_finish(&o, err);
done:
    inv_sites_clear(&sites);
    fac_pack_free(pack);
    return ok;
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
    ok = inv_site_set(db, &s, acc_cli_actor(), err) && say_site(c, db, &s, err);
    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt site_opts[] = {
        {"country", 0, "ISO3", "FRA, DEU, ...: chooses the grid factor"},
        {"timezone", 0, "ZONE", "Europe/Paris"},
        {"pue", 0, "N", "12-month PUE, 1.0 or more"},
        {"wue", 0, "N", "litres a kWh of IT"},
        {"grid-g", 0, "N", "own grid factor, g CO2e/kWh"},
        {"grid-kind", 0, "KIND", "life_cycle, direct or unstated"},
        {"grid-source", 0, "TEXT", "where the figure comes from"},
        {"grid-year", 0, "YEAR", "year the figure describes"},
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
                    "  fleetprint site set lyon --grid-g 20 --grid-kind direct"
                    " --grid-source 'RTE 2024'",
        .run = run_site_set,
};
