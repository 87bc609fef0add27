/* SPDX-License-Identifier: Apache-2.0
 * Reading back: scans, the catalogue, pages, events, and the words of rows. */
#include "inventory/inventory_priv.h"
#include "inventory_world.h"

static void test_words(void)
{
    for (int i = 0; i < CALC_CATEGORIES; i++)
        UNIT_CHECK(
                inv_category(calc_category_word((enum calc_category)i)) ==
                        (enum calc_category)i,
                "%s", calc_category_word((enum calc_category)i));
    for (int i = 0; i < CALC_CHASSIS_UNKNOWN; i++)
        UNIT_CHECK(
                inv_chassis(calc_chassis_word((enum calc_chassis)i)) ==
                        (enum calc_chassis)i,
                "%s", calc_chassis_word((enum calc_chassis)i));
    for (int i = 0; i < CALC_ACQUISITION_UNKNOWN; i++)
        UNIT_CHECK(
                inv_acquisition(calc_acquisition_word(
                        (enum calc_acquisition)i)) == (enum calc_acquisition)i,
                "%s", calc_acquisition_word((enum calc_acquisition)i));
    for (int i = 0; i < CALC_STATUSES; i++)
        UNIT_CHECK(
                inv_status(calc_status_word((enum calc_status)i)) ==
                        (enum calc_status)i,
                "%s", calc_status_word((enum calc_status)i));
    CU_ASSERT_EQUAL(inv_chassis(NULL), CALC_CHASSIS_UNKNOWN);
    CU_ASSERT_EQUAL(inv_acquisition(NULL), CALC_ACQUISITION_UNKNOWN);
}

static void test_dates(void)
{
    static const struct {
        const char *iso;
        struct date want;
    } cases[] = {
            {"2019-07-16", {2019, 7, 16}},
            {"2019-07", {2019, 7, 0}},
            {"2019", {2019, 0, 0}},
            {"", {0}},
            {NULL, {0}},
            {"20", {0}},
            {"2019-", {2019, 0, 0}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                inv_same_date(inv_date(cases[i].iso), cases[i].want), "%s",
                cases[i].iso ? cases[i].iso : "NULL");
}

/* Three lines: two machines and a lot, with parts, states and a gap. */
static struct db *three_lines(void)
{
    struct db *db = world_open();
    struct wire_part parts[3] = {
            world_part(CALC_RAM, 12, NULL, 32),
            world_part(CALC_CPU, 2, "Xeon Gold 6130", NAN),
            world_part(CALC_HDD, 4, NULL, 4000)};
    struct wire_part card = world_part(CALC_GPU, 1, "Tesla T4", NAN);
    struct wire_machine m[3] = {
            world_machine("a1"), world_machine("b2"), world_machine("c3")};

    m[0].parts = parts;
    m[0].n_parts = 3;
    m[0].name = "node_1";
    m[0].manufacturer = "Dell";
    m[0].product = "R740";
    m[0].serial = "S1";
    m[0].note = "hello";
    m[0].project = "physics";
    m[0].acquisition = CALC_DONATED;
    m[0].acquired_on = (struct date){2019, 7, 16};
    m[0].in_service_on = (struct date){2020, 1, 0};
    m[0].warranty_end = (struct date){2026, 0, 0};
    m[0].cpu_count = 2;
    m[0].cpu_cores = 32;
    m[0].power_w = 150;
    m[0].fabrication_kg = 900;
    m[0].fabrication_source = "a sheet";
    m[1].category = CALC_LAPTOP;
    m[1].has_status = true;
    m[1].status = CALC_SPARE;
    m[1].name = "node%1";
    m[1].unknown_kinds = 1u << CALC_RAM;
    m[1].warranty_end = (struct date){2025, 6, 14};
    m[1].site = "lyon";
    m[2].category = CALC_PART_LOT;
    m[2].units = 180;
    m[2].parts = &card;
    m[2].n_parts = 1;
    CU_ASSERT_EQUAL(world_take(db, m, 3).added, 3);
    return db;
}

/* A catalogue of unresolved parts, enough for a scan. */
static struct inv_catalog plain_catalog(void)
{
    struct inv_catalog c = {.n_parts = 100};

    c.parts = xcalloc(c.n_parts, sizeof *c.parts);
    return c;
}

static void test_scan(void)
{
    struct db *db = three_lines();
    struct inv_catalog c = plain_catalog();
    struct inv_scan_options o = {.with_text = true};
    struct inv_scan *s = NULL;
    const struct inv_unit *u;
    struct err err = {0};

    CU_ASSERT_TRUE_FATAL(inv_scan_open(db, &c, &o, &s, &err));
    CU_ASSERT_TRUE(inv_scan_next(s, &u, &err));
    CU_ASSERT_PTR_NOT_NULL_FATAL(u);
    CU_ASSERT_STRING_EQUAL(u->tag, "a1");
    CU_ASSERT_STRING_EQUAL(u->name, "node_1");
    CU_ASSERT_STRING_EQUAL(u->serial, "S1");
    CU_ASSERT_STRING_EQUAL(u->note, "hello");
    CU_ASSERT_STRING_EQUAL(u->source, "csv");
    CU_ASSERT_PTR_NULL(u->uuid);
    CU_ASSERT_EQUAL(u->category, CALC_SERVER);
    CU_ASSERT_EQUAL(u->acquisition, CALC_DONATED);
    CU_ASSERT_EQUAL(u->cpu_cores, 32);
    CU_ASSERT_EQUAL(u->warranty_end.year, 2026);
    CU_ASSERT_EQUAL(u->warranty_end.month, 0);
    UNIT_NEAR(u->power_w, 150, 0, "power");
    UNIT_NEAR(u->fabrication_kg, 900, 0, "stated");
    CU_ASSERT_STRING_EQUAL(u->fabrication_source, "a sheet");
    UNIT_CHECK(isnan(u->price_eur) && isnan(u->max_w), "unknown is no zero");
    CU_ASSERT_EQUAL(u->is_virtual, -1);
    CU_ASSERT_EQUAL(u->n_uses, 3);
    CU_ASSERT_EQUAL(u->uses[0].units, 2); /* cpu comes first */
    CU_ASSERT_EQUAL(u->uses[1].units, 12);
    CU_ASSERT_PTR_EQUAL(u->uses[1].part, &c.parts[u->spec_ids[1]]);
    CU_ASSERT_EQUAL(u->n_states, 2);
    CU_ASSERT_EQUAL(u->states[0].status, CALC_RECEIVED);
    CU_ASSERT_EQUAL(u->states[1].status, CALC_IN_SERVICE);
    CU_ASSERT_TRUE(inv_scan_next(s, &u, &err));
    CU_ASSERT_STRING_EQUAL(u->tag, "b2");
    CU_ASSERT_EQUAL(u->n_uses, 0);
    CU_ASSERT_EQUAL(u->unknown_kinds, 1u << CALC_RAM);
    CU_ASSERT_EQUAL(u->product_id, 0);
    CU_ASSERT_TRUE(inv_scan_next(s, &u, &err));
    CU_ASSERT_EQUAL(u->units, 180);
    CU_ASSERT_EQUAL(u->category, CALC_PART_LOT);
    CU_ASSERT_EQUAL(u->states[0].status, CALC_STOCK);
    CU_ASSERT_TRUE(inv_scan_next(s, &u, &err));
    CU_ASSERT_PTR_NULL(u);
    CU_ASSERT_TRUE(inv_scan_next(s, &u, &err)); /* the end stays the end */
    CU_ASSERT_PTR_NULL(u);
    inv_scan_close(s);
    free(c.parts);
    db_close(db);
}

static void test_scan_ranges(void)
{
    static const struct {
        const char *name;
        struct inv_scan_options o;
        const char *want;
    } cases[] = {
            {"all", {0}, "a1b2c3"},
            {"one", {.one_id = 2}, "b2"},
            {"from the second", {.from_id = 2}, "b2c3"},
            {"up to the third", {.from_id = 1, .to_id = 3}, "a1b2"},
            {"none", {.from_id = 7, .to_id = 9}, ""},
            {"with text", {.from_id = 3, .to_id = 4, .with_text = true}, "c3"},
    };
    struct db *db = three_lines();
    struct inv_catalog c = plain_catalog();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inv_scan *s = NULL;
        const struct inv_unit *u = NULL;
        struct err err = {0};
        char tags[40] = "";

        CU_ASSERT_TRUE_FATAL(inv_scan_open(db, &c, &cases[i].o, &s, &err));
        while (inv_scan_next(s, &u, &err) && u)
            snprintf(tags + strlen(tags), 10, "%s", u->tag);
        inv_scan_close(s);
        UNIT_CHECK(
                strcmp(tags, cases[i].want) == 0, "%s: %s", cases[i].name,
                tags);
    }
    c.n_parts = 1; /* a catalogue of before */
    {
        struct inv_scan_options all = {0};
        struct inv_scan *s = NULL;
        const struct inv_unit *u;
        struct err err = {0};

        CU_ASSERT_TRUE_FATAL(inv_scan_open(db, &c, &all, &s, &err));
        CU_ASSERT_FALSE(inv_scan_next(s, &u, &err));
        CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
        inv_scan_close(s);
    }
    free(c.parts);
    db_close(db);
}

static void test_state_at(void)
{
    struct inv_unit u = {
            .n_states = 2,
            .states = {
                    {{2019, 7, 16}, {2020, 1, 1}, CALC_RECEIVED, 1},
                    {{2020, 1, 1}, {2024, 5, 1}, CALC_IN_SERVICE, 1}}};
    static const struct {
        struct date day;
        int want; /* -1: not ours */
    } cases[] = {
            {{2019, 7, 15}, -1},
            {{2019, 7, 16}, CALC_RECEIVED},
            {{2019, 12, 31}, CALC_RECEIVED},
            {{2020, 1, 1}, CALC_IN_SERVICE},
            {{2024, 4, 30}, CALC_IN_SERVICE},
            {{2024, 5, 1}, -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct inv_state *s = inv_state_at(&u, date_days(cases[i].day));

        UNIT_CHECK((s ? (int)s->status : -1) == cases[i].want, "case %zu", i);
    }
    u.states[0].from = (struct date){0}; /* since ever */
    CU_ASSERT_PTR_NOT_NULL(
            inv_state_at(&u, date_days((struct date){1990, 1, 1})));
}

/* The tags of a page, in order. */
static bool add_tag(void *ctx, const struct inv_row *r, struct err *err)
{
    (void)err;
    snprintf((char *)ctx + strlen(ctx), 10, "%s", r->tag);
    return true;
}

static void test_list(void)
{
    struct inv_query any = {
            .category = -1,
            .status = -1,
            .acquisition = -1,
            .warranty = -1,
            .limit = 10,
            .today = {2025, 6, 15}};
    struct inv_query q[12];
    static const struct {
        const char *name, *want;
        uint64_t total;
    } cases[] = {
            {"all by tag", "a1b2c3", 3},
            {"descending", "c3b2a1", 3},
            {"second page of one", "b2", 3},
            {"category", "b2", 1},
            {"status", "a1", 1},
            {"acquisition", "a1", 1},
            {"under warranty", "a1", 1},
            {"not under warranty", "b2c3", 2},
            {"percent is a letter", "b2", 1},
            {"underscore is a letter", "a1", 1},
            {"maker, any case", "a1", 1},
            {"by category, last first", "a1c3b2", 3},
    };
    struct db *db = three_lines();

    for (size_t i = 0; i < sizeof q / sizeof *q; i++)
        q[i] = any;
    q[1].descending = true;
    q[2].limit = 1;
    q[2].offset = 1;
    q[3].category = CALC_LAPTOP;
    q[4].status = CALC_IN_SERVICE;
    q[5].acquisition = CALC_DONATED;
    q[6].warranty = 1;
    q[7].warranty = 0;
    q[8].text = "node%1";
    q[9].text = "node_1";
    q[10].text = "dELL";
    q[11].sort = "category";
    q[11].descending = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char tags[40] = "";
        uint64_t total = 0;
        struct err err = {0};
        bool ok = inv_list(db, &q[i], add_tag, tags, &total, &err);

        UNIT_CHECK(ok, "%s: %s", cases[i].name, err.msg);
        UNIT_CHECK(
                strcmp(tags, cases[i].want) == 0 && total == cases[i].total,
                "%s: %s, %d", cases[i].name, tags, (int)total);
    }
    db_close(db);
}

static bool check_row(void *ctx, const struct inv_row *r, struct err *err)
{
    (void)err;
    ++*(int *)ctx;
    CU_ASSERT_STRING_EQUAL(r->manufacturer, "Dell");
    CU_ASSERT_STRING_EQUAL(r->product, "R740");
    CU_ASSERT_STRING_EQUAL(r->category, "server");
    CU_ASSERT_STRING_EQUAL(r->status, "in_service");
    CU_ASSERT_STRING_EQUAL(r->site, "default");
    CU_ASSERT_STRING_EQUAL(r->acquired_on, "2019-07-16");
    CU_ASSERT_STRING_EQUAL(r->warranty_end, "2026");
    return true;
}

static void test_list_rules(void)
{
    struct inv_query q = {
            .category = -1,
            .status = -1,
            .acquisition = -1,
            .warranty = -1,
            .limit = 10,
            .text = "R740",
            .today = {2025, 6, 15}};
    struct db *db = three_lines();
    struct err err = {0};
    int rows = 0;

    CU_ASSERT_TRUE(inv_list(db, &q, check_row, &rows, NULL, &err));
    CU_ASSERT_EQUAL(rows, 1);
    q.sort = "tag; DROP TABLE machine";
    CU_ASSERT_FALSE(inv_list(db, &q, check_row, &rows, NULL, &err));
    CU_ASSERT_EQUAL(err.code, ERR_INVALID);
    q.sort = NULL;
    q.limit = 1001;
    CU_ASSERT_FALSE(inv_list(db, &q, check_row, &rows, NULL, &err));
    db_close(db);
}

static void test_machine_id(void)
{
    struct db *db = three_lines();
    struct wire_machine twin = world_machine("d4");
    struct err err = {0};
    int64_t id = 0;

    CU_ASSERT_TRUE(inv_machine_id(db, "b2", &id, &err));
    CU_ASSERT_EQUAL(id, 2);
    CU_ASSERT_TRUE(inv_machine_id(db, "node_1", &id, &err));
    CU_ASSERT_EQUAL(id, 1);
    CU_ASSERT_FALSE(inv_machine_id(db, "nobody", &id, &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    twin.name = "node_1";
    world_take(db, &twin, 1);
    CU_ASSERT_FALSE(inv_machine_id(db, "node_1", &id, &err));
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    db_close(db);
}

static bool count_event(void *ctx, const struct inv_event *e, struct err *err)
{
    (void)err;
    ++*(int *)ctx;
    CU_ASSERT_STRING_EQUAL(e->kind, "received");
    CU_ASSERT_STRING_EQUAL(e->effective_on, "2019-07-16");
    CU_ASSERT_TRUE(e->recorded_at_s > 0);
    return true;
}

static void test_events(void)
{
    struct db *db = three_lines();
    struct err err = {0};
    int n = 0;

    CU_ASSERT_TRUE(inv_events(db, 1, count_event, &n, &err));
    CU_ASSERT_EQUAL(n, 1);
    db_close(db);
}

static void test_catalog(void)
{
    struct db *db = three_lines();
    struct inv_catalog c;
    struct fac_pack *pack = NULL;
    struct err err = {0};
    int found = 0;

    CU_ASSERT_TRUE_FATAL(fac_pack_load(NULL, &pack, &err));
    CU_ASSERT_TRUE_FATAL(inv_catalog_load(db, pack, &c, &err));
    CU_ASSERT_EQUAL(c.n_parts, 5); /* four specifications, from id 1 */
    CU_ASSERT_EQUAL(c.parts[0].desc.kind, CALC_KINDS);
    for (size_t i = 1; i < c.n_parts; i++) {
        const struct fac_part_desc *d = &c.parts[i].desc;

        if (d->kind == CALC_CPU) {
            found++;
            CU_ASSERT_STRING_EQUAL(c.part_models[i], "Xeon Gold 6130");
            CU_ASSERT_PTR_NULL(d->model);
            CU_ASSERT_TRUE(c.parts[i].match != FAC_NO_MATCH);
        }
        if (d->kind == CALC_RAM) {
            found++;
            UNIT_NEAR(d->capacity, 32, 0, "module");
            CU_ASSERT_PTR_NULL(c.part_models[i]);
            UNIT_CHECK(isnan(d->die_mm2), "no die");
        }
    }
    CU_ASSERT_EQUAL(found, 2);
    CU_ASSERT_STRING_EQUAL(c.product_makers[1], "Dell");
    CU_ASSERT_STRING_EQUAL(c.product_names[1], "R740");
    CU_ASSERT_STRING_EQUAL(c.projects[1], "physics");
    CU_ASSERT_PTR_EQUAL(
            inv_catalog_product(&c, 1, CALC_SERVER),
            inv_catalog_product(&c, 1, CALC_SERVER));
    CU_ASSERT_PTR_NULL(inv_catalog_product(&c, 0, CALC_SERVER));
    CU_ASSERT_PTR_NULL(inv_catalog_product(&c, 99, CALC_SERVER));
    inv_catalog_clear(&c);
    fac_pack_free(pack);
    db_close(db);
}

/* A page reads what it shows: the one scan of a plan is that of the index
 * (or, filtered, of the lines), and then of the page itself. */
static void test_page_plans(void)
{
    static char text[INV_SQL_COUNT][4000];
    static struct sql plans[INV_SQL_COUNT];
    struct db *db = world_open();
    struct err err = {0};
    bool row;

    for (int id = INV_LIST_ALL_UP; id <= INV_LIST_ACQUIRED_DOWN; id++) {
        struct stmt *q;
        int after = 0;

        snprintf(
                text[id], sizeof text[id], "EXPLAIN QUERY PLAN %s",
                inv_sql[id].text);
        plans[id] = (struct sql){inv_sql[id].name, text[id]};
        q = db_stmt(db, &plans[id], &err);
        CU_ASSERT_FATAL(q != NULL);
        while (stmt_step(q, &row, &err) && row) {
            const char *step = stmt_col_text(q, 3);

            UNIT_CHECK(
                    !strstr(step, "AUTOMATIC"), "%s: %s", inv_sql[id].name,
                    step);
            if (strstr(step, "SCAN page"))
                after = 1;
            UNIT_CHECK(
                    !after || !strstr(step, "SCAN m"), "%s: %s",
                    inv_sql[id].name, step);
        }
        UNIT_CHECK(after, "%s: the page is not read first", inv_sql[id].name);
        stmt_reset(q);
    }
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"words of rows", test_words},
            {"dates of rows", test_dates},
            {"a scan", test_scan},
            {"ranges of a scan", test_scan_ranges},
            {"state on a day", test_state_at},
            {"pages", test_list},
            {"rules of pages", test_list_rules},
            {"plans of pages", test_page_plans},
            {"the id of a tag", test_machine_id},
            {"events", test_events},
            {"the catalogue", test_catalog},
            {NULL, NULL},
    };

    return unit_main("inventory read", tests);
}
