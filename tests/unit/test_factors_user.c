/* SPDX-License-Identifier: Apache-2.0
 * Sets of the user: taken in once and again, changed, told apart from the
 * shipped ones, and preferred. */
#include <math.h>

#include "factors/factors_priv.h"
#include "user_sets.h"

static const struct wire_origin origin = {
        .set = "mine",
        .title = "Mine",
        .source = "a test",
        .licence = "CC0",
};

static struct wire_factor
product(const char *maker, const char *model, double total, double use)
{
    return (struct wire_factor){
            .origin = origin,
            .maker = maker,
            .model = model,
            .has_category = true,
            .category = CALC_SERVER,
            .unit = "kg/unit",
            .value = {total, NAN, NAN},
            .low = {NAN, NAN, NAN},
            .high = {NAN, NAN, NAN},
            .use_kg = use,
            .manufacture_kg = NAN,
            .transport_kg = NAN,
            .end_of_life_kg = NAN,
            .err_frac = NAN,
            .life_y = NAN,
            .mass_kg = NAN,
            .place = "here: line 7"};
}

static struct wire_factor factor(const char *key, double gwp)
{
    struct wire_factor f = product(NULL, NULL, gwp, NAN);

    f.key = key;
    f.boundary = WIRE_MANUFACTURE | WIRE_TRANSPORT;
    return f;
}

/* Takes n rows in one import; counts of it. */
static struct fac_counts
take(struct db *db, const struct wire_factor *rows, size_t n)
{
    struct fac_take *t = NULL;
    struct fac_counts counts = {0};
    enum fac_change what;
    struct err err = {0};

    CU_ASSERT_FATAL(fac_take_begin(db, "cli:test", &t, &err));
    for (size_t i = 0; i < n; i++)
        UNIT_CHECK(
                fac_take_factor(t, &rows[i], &what, &err), "%s: %s", err.where,
                err.msg);
    counts = *fac_take_counts(t);
    UNIT_CHECK(fac_take_end(t, true, &err), "%s", err.msg);
    return counts;
}

static void
refused(struct db *db, struct wire_factor f, const char *column,
        const char *want)
{
    struct fac_take *t = NULL;
    const char *got = "";
    enum fac_change what;
    struct err err = {0};

    UNIT_CHECK(
            !fac_wire_check(&f, &got, &err) && strcmp(got, column) == 0 &&
                    strstr(err.msg, want),
            "%s: column %s, %s", want, got, err.msg);
    CU_ASSERT_FATAL(fac_take_begin(db, "cli:test", &t, &err));
    UNIT_CHECK(
            !fac_take_factor(t, &f, &what, &err) && err.code == ERR_INVALID &&
                    strcmp(err.where, "here: line 7") == 0,
            "%s: %s", want, err.where);
    fac_take_end(t, false, &err);
}

static void test_sql(void)
{
    struct db *db = user_db();
    struct err err = {0};
    size_t n;
    const struct sql *list = fac_sql_list(&n);

    UNIT_CHECK(db_try(db, list, n, &err), "%s", err.msg);
    db_close(db);
}

static void test_rules(void)
{
    struct db *db = user_db();
    struct wire_factor f = product("Dell", "R1", 100, 150);

    refused(db, f, "gwp_use_ratio", "less than the total");
    refused(db, product("Dell", "R1", -1, NAN), "gwp_total", "more than 0");
    refused(db, product("Dell", "R1", NAN, NAN), "gwp", "a value");
    refused(db, product("Dell", "", 1, NAN), "model", "model");
    refused(db, product(NULL, "R1", 1, NAN), "manufacturer", "maker");
    refused(db, product("Dell", "R1\n", 1, NAN), "model", "control");
    refused(db, factor("k", INFINITY), "gwp", "1e12");
    f = factor("k", 5);
    f.low[CALC_GWP] = 6;
    refused(db, f, "gwp", "range");
    f = factor("k", 5);
    f.unit = NULL;
    refused(db, f, "unit", "unit");
    f = factor("k", 5);
    f.origin.set = "Not An Id";
    refused(db, f, "set", "set id");
    f = factor("k", 5);
    f.origin.licence = NULL;
    refused(db, f, "licence", "licence");
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT count(*) FROM user_set"), "0") == 0,
            "nothing is left behind");
    db_close(db);
}

static void test_again_and_changed(void)
{
    struct db *db = user_db();
    struct wire_factor rows[] = {
            product("Dell", "R640", 1313, 656.5), factor("ram", 44.55),
            factor("cpu", 125)};
    struct fac_counts n = take(db, rows, 3);
    char first[4000];

    UNIT_CHECK(n.added == 3 && !n.changed && !n.same, "added");
    snprintf(
            first, sizeof first, "%s",
            user_ask(db, "SELECT sha256 FROM user_set"));
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT id || ' ' || version || ' ' || rows "
                               "FROM user_set"),
                   "mine 2026-06-01 3") == 0,
            "%s", user_ask(db, "SELECT id || version || rows FROM user_set"));

    n = take(db, rows, 3);
    UNIT_CHECK(!n.added && !n.changed && n.same == 3, "the same again");
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT count(*) FROM factor_set"), "1") == 0,
            "no new version");

    rows[0].value[CALC_GWP] = 1320;
    rows[0].report_on = (struct date){2021, 8, 0};
    n = take(db, rows, 3);
    UNIT_CHECK(n.changed == 1 && n.same == 2, "one changed");
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT group_concat(version, ' ') FROM (SELECT "
                               "version FROM factor_set ORDER BY version)"),
                   "2026-06-01 2026-06-01.2") == 0,
            "both versions are kept");
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT sha256 FROM user_set"), first) != 0,
            "another hash");
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT detail FROM audit WHERE action = "
                               "'factor change'"),
                   "set mine 2026-06-01.2: Dell R640: date '' -> '2021-08', "
                   "total_kg 1313 -> 1320") == 0,
            "%s",
            user_ask(
                    db, "SELECT detail FROM audit WHERE action = 'factor "
                        "change'"));
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT group_concat(version, ' ') FROM "
                               "(SELECT version FROM factor UNION ALL SELECT "
                               "version FROM product_footprint)"),
                   "2026-06-01 2026-06-01 2026-06-01.2") == 0,
            "rows keep the version of their last change");

    /* Back to what it was: the hash of the first state. */
    rows[0].value[CALC_GWP] = 1313;
    rows[0].report_on = (struct date){0};
    take(db, rows, 3);
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT sha256 FROM user_set"), first) == 0,
            "the first hash");
    db_close(db);
}

static void test_twice_in_one(void)
{
    struct db *db = user_db();
    struct wire_factor a = factor("ram", 44.55), b = factor("ram", 45);
    struct fac_take *t = NULL;
    enum fac_change what;
    struct err err = {0};

    CU_ASSERT_FATAL(fac_take_begin(db, "cli:test", &t, &err));
    UNIT_CHECK(fac_take_factor(t, &a, &what, &err) && what == FAC_ADDED, "a");
    UNIT_CHECK(fac_take_factor(t, &a, &what, &err) && what == FAC_SAME, "a");
    UNIT_CHECK(
            !fac_take_factor(t, &b, &what, &err) && err.code == ERR_CONFLICT &&
                    strstr(err.msg, "gwp 44.55 -> 45"),
            "%s", err.msg);
    UNIT_CHECK(fac_take_end(t, false, &err), "undone");
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT count(*) FROM factor"), "0") == 0,
            "nothing is kept");
    db_close(db);
}

static bool keep_row(void *ctx, const struct wire_factor *f, struct err *err)
{
    struct kept *k = ctx;

    return kept_factor(k, f, err);
}

/* Out of the database as they went in. */
static void test_back(void)
{
    struct db *db = user_db();
    struct wire_factor rows[] = {
            product("Dell", "R640", 1313, 656.5), factor("cpu", 125)};
    struct kept *k = xcalloc(1, sizeof *k);
    struct err err = {0};

    rows[0].err_frac = 0.25;
    rows[0].life_y = 4;
    rows[0].mass_kg = 21.9;
    rows[0].report_on = (struct date){2019, 11, 0};
    rows[0].disks = "x2 480GB SSD";
    rows[0].memory = "64";
    rows[0].region = "EU";
    rows[0].variant = "v";
    rows[0].source = "https://example.org/r640.pdf";
    rows[0].low[CALC_GWP] = 1000;
    rows[0].high[CALC_GWP] = 1500;
    rows[1].value[CALC_ADP] = 0.02;
    rows[1].value[CALC_PE] = 1714;
    rows[1].high[CALC_PE] = 1800;
    rows[1].note = "die_size 5880 (COMPLETED)";
    take(db, rows, 2);
    UNIT_CHECK(fac_user_rows(db, "mine", keep_row, k, &err), "%s", err.msg);
    CU_ASSERT_EQUAL_FATAL(k->n_factors, 2);
    for (int i = 0; i < 2; i++) {
        const struct wire_factor *a = &rows[i], *b = &k->factors[i];

        for (int c = 0; c < CALC_CRITERIA; c++)
            UNIT_CHECK(
                    (isnan(a->value[c]) ? isnan(b->value[c])
                                        : b->value[c] - a->value[c] == 0) &&
                            isnan(a->low[c]) == isnan(b->low[c]) &&
                            isnan(a->high[c]) == isnan(b->high[c]),
                    "row %d criterion %d", i, c);
        UNIT_CHECK(isnan(a->life_y) == isnan(b->life_y), "life");
    }
    UNIT_CHECK(
            strcmp(k->factors[0].disks, "x2 480GB SSD") == 0 &&
                    strcmp(k->factors[0].variant, "v") == 0 &&
                    strcmp(k->factors[0].source,
                           "https://example.org/r640.pdf") == 0 &&
                    k->factors[0].report_on.month == 11 &&
                    k->factors[0].category == CALC_SERVER,
            "texts of the product");
    UNIT_CHECK(
            k->factors[1].boundary == (WIRE_MANUFACTURE | WIRE_TRANSPORT) &&
                    strcmp(k->factors[1].note, "die_size 5880 (COMPLETED)") ==
                            0,
            "factor");
    kept_free(k);
    db_close(db);
}

/* ---- in the pack -------------------------------------------------------- */

static struct fac_pack *pack_with(struct db *db)
{
    struct fac_pack *p = NULL;
    struct err err = {0};

    CU_ASSERT_FATAL(fac_pack_load(NULL, &p, &err));
    UNIT_CHECK(fac_pack_add_db(p, db, &err), "%s: %s", err.where, err.msg);
    return p;
}

static const struct fac_pcf *
sheet(struct fac_pack *p, const char *maker, const char *name)
{
    const struct fac_product *product =
            fac_product_resolve(p, maker, name, CALC_SERVER);

    return product ? product->pcf : NULL;
}

static void
answers(struct fac_pack *p, const char *maker, const char *name,
        const char *set, double nonuse)
{
    const struct fac_pcf *pcf = sheet(p, maker, name);

    CU_ASSERT_FATAL(pcf != NULL);
    UNIT_CHECK(
            strcmp(pcf->set->id, set) == 0 &&
                    fabs(pcf->nonuse_kg - nonuse) < 1e-6,
            "%s %s: %s %g", maker, name, pcf->set->id, pcf->nonuse_kg);
}

/* The shipped sheet of the R640 is of 2019 and says 1313 kg, 0.501 of it use
 * (factors/data/pcf-boavizta). */
static void test_which_sheet(void)
{
    struct db *db = user_db();
    struct wire_factor rows[] = {
            product("Dell", "PowerEdge R640", 2000, 1000),
            product("Dell", "PowerEdge R9999", 3000, 1000)};
    struct fac_pack *p;
    const struct fac_set *set;
    double shipped;

    CU_ASSERT_FATAL(fac_pack_load(NULL, &p, NULL));
    CU_ASSERT_FATAL(sheet(p, "Dell Inc.", "PowerEdge R640") != NULL);
    shipped = sheet(p, "Dell Inc.", "PowerEdge R640")->nonuse_kg;
    UNIT_CHECK(!sheet(p, "Dell Inc.", "PowerEdge R9999"), "no such sheet");
    fac_pack_free(p);

    rows[0].report_on.year = 2018;
    take(db, rows, 2);
    p = pack_with(db);
    answers(p, "Dell Inc.", "PowerEdge R640", "pcf-boavizta", shipped);
    answers(p, "Dell Inc.", "PowerEdge R9999", "mine", 2000);
    set = fac_set_by_id(p, "mine");
    UNIT_CHECK(
            set && set->user && set->rows == 2 && strlen(set->sha256) == 64 &&
                    strcmp(set->version, "2026-06-01") == 0 &&
                    strcmp(set->licence, "CC0") == 0,
            "the set is listed");
    fac_pack_free(p);

    rows[0].report_on.year = 2024;
    take(db, rows, 1);
    p = pack_with(db);
    answers(p, "Dell Inc.", "PowerEdge R640", "mine", 1000);
    fac_pack_free(p);

    /* A later sheet without a figure does not hide one that has it. */
    rows[0].use_kg = NAN;
    take(db, rows, 1);
    p = pack_with(db);
    answers(p, "Dell Inc.", "PowerEdge R640", "pcf-boavizta", shipped);
    fac_pack_free(p);

    /* Without a use share: manufacture, transport, and end of life. */
    rows[0].manufacture_kg = 900;
    take(db, rows, 1);
    p = pack_with(db);
    answers(p, "Dell Inc.", "PowerEdge R640", "pcf-boavizta", shipped);
    fac_pack_free(p);
    rows[0].transport_kg = 50;
    rows[0].end_of_life_kg = -10;
    take(db, rows, 1);
    p = pack_with(db);
    answers(p, "Dell Inc.", "PowerEdge R640", "mine", 940);
    fac_pack_free(p);
    db_close(db);
}

static void test_preferred(void)
{
    struct db *db = user_db();
    struct wire_factor row = product("Dell", "PowerEdge R640", 2000, 1000);
    struct err err = {0};
    struct fac_pack *p;

    row.report_on.year = 2010;
    take(db, &row, 1);
    UNIT_CHECK(fac_user_prefer(db, "mine", true, "cli:test", &err), "on");
    p = pack_with(db);
    answers(p, "Dell", "PowerEdge R640", "mine", 1000);
    UNIT_CHECK(fac_set_by_id(p, "mine")->preferred, "told");
    fac_pack_free(p);
    UNIT_CHECK(fac_user_prefer(db, "mine", false, "cli:test", &err), "off");
    p = pack_with(db);
    UNIT_CHECK(
            strcmp(sheet(p, "Dell", "PowerEdge R640")->set->id,
                   "pcf-boavizta") == 0,
            "off again");
    fac_pack_free(p);
    UNIT_CHECK(
            !fac_user_prefer(db, "yours", true, "cli:test", &err) &&
                    err.code == ERR_NOT_FOUND,
            "%s", err.msg);
    db_close(db);
}

/* Two configurations of one model in one set tell neither. */
static void test_two_of_a_set(void)
{
    struct db *db = user_db();
    struct wire_factor rows[] = {
            product("Dell", "PowerEdge R9999", 3000, 1000),
            product("Dell", "PowerEdge R9999", 4000, 1000),
            product("Dell", "PowerEdge R9998", 4000, 1000)};
    struct fac_pack *p;

    rows[0].variant = "x2 SSD";
    rows[1].variant = "x4 SSD";
    rows[2].origin.set = "other";
    rows[2].category = CALC_OTHER_UNIT;
    take(db, rows, 3);
    p = pack_with(db);
    UNIT_CHECK(!sheet(p, "Dell", "PowerEdge R9999"), "two rows, no answer");
    UNIT_CHECK(
            !sheet(p, "Dell", "PowerEdge R9998"),
            "a product that no line is of does not stand for a server");
    fac_pack_free(p);
    rows[0].origin.set = "third";
    rows[0].report_on.year = 2020;
    take(db, rows, 1);
    p = pack_with(db);
    answers(p, "Dell", "PowerEdge R9999", "third", 2000);
    fac_pack_free(p);
    db_close(db);
}

/* The figure of an assessment names the user's set. */
static void test_assessed(void)
{
    struct db *db = user_db();
    struct wire_factor row = product("Dell", "PowerEdge R9999", 3000, 1000);
    struct fac_unit u = {
            .category = CALC_SERVER,
            .chassis = CALC_RACK,
            .cpu_count = -1,
            .cpu_cores = -1,
            .unknown_kinds = ~0u,
            .stated_kg = NAN};
    struct fac_assessment a;
    struct fac_step steps[FAC_MAX_STEPS];
    struct fac_pack *p;
    int n;

    row.source = "https://example.org/r9999.pdf";
    row.err_frac = 0.25;
    take(db, &row, 1);
    p = pack_with(db);
    u.product = fac_product_resolve(p, "Dell", "PowerEdge R9999", CALC_SERVER);
    fac_assess(p, &u, &a);
    UNIT_CHECK(
            a.by[CALC_A].has && strcmp(a.by[CALC_A].set->id, "mine") == 0 &&
                    fabs(a.by[CALC_A].kg[CALC_GWP] - 2000) < 1e-6,
            "approach A: %g", a.by[CALC_A].kg[CALC_GWP]);
    n = fac_explain(p, &u, &a, steps);
    UNIT_CHECK(
            n > 0 && strcmp(steps[0].set, "mine") == 0 &&
                    strcmp(steps[0].version, "2026-06-01") == 0 &&
                    strcmp(steps[0].source, "https://example.org/r9999.pdf") ==
                            0,
            "why this number");
    fac_pack_free(p);
    db_close(db);
}

static void test_nothing_imported(void)
{
    struct db *db = user_db();
    struct fac_pack *p = pack_with(db);
    const struct fac_set *sets;
    size_t n = fac_sets(p, &sets);

    UNIT_CHECK(n > 0, "the shipped sets");
    for (size_t i = 0; i < n; i++)
        UNIT_CHECK(!sets[i].user, "%s is shipped", sets[i].id);
    fac_pack_free(p);
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"statements", test_sql},
            {"rules", test_rules},
            {"again and changed", test_again_and_changed},
            {"twice in one import", test_twice_in_one},
            {"back again", test_back},
            {"which sheet", test_which_sheet},
            {"preferred", test_preferred},
            {"two of a set", test_two_of_a_set},
            {"assessed", test_assessed},
            {"nothing imported", test_nothing_imported},
            {NULL, NULL},
    };

    setenv("FLEETPRINT_TODAY", "2026-06-01", 1);
    return unit_main("factors_user", tests);
}
