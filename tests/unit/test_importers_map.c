/* SPDX-License-Identifier: Apache-2.0
 * Map files: what they may say, what they may not; presets; guessed maps. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "import_unit.h"
#include "importers/importers.h"
#include "importers/map_priv.h"

static void test_parse(void)
{
    static const char text[] = "# remark\n"
                               "@about a list of ours\n"
                               "@dates mdy # months first\n"
                               "@memory MiB\n"
                               "@disks GB\n"
                               "@empty none\n"
                               "@numbered\n"
                               "\n"
                               "  Nom de l'hôte = name   # who\n"
                               "\"a = b # c\" = tag\n"
                               "Owner* = -\n"
                               "RAM = ram_gib\n";
    struct imp_map *m = NULL;
    struct err err = {0};
    const struct map_entry *e;

    UNIT_CHECK(
            imp_map_parse(text, sizeof text - 1, "ours", &m, &err), "%s",
            err.msg);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_STRING_EQUAL(imp_map_name(m), "ours");
    CU_ASSERT_STRING_EQUAL(imp_map_about(m), "a list of ours");
    CU_ASSERT_STRING_EQUAL(imp_map_format(m), "csv");
    CU_ASSERT_EQUAL(m->dates, MAP_DATES_MDY);
    UNIT_NEAR(m->memory_gib, 1.0 / 1024, 0, "memory");
    UNIT_NEAR(m->disk_gb, 1, 0, "disks");
    CU_ASSERT_TRUE(m->empty_none);
    CU_ASSERT_TRUE(m->counted);
    CU_ASSERT_FALSE(m->is_virtual);
    /* Titles are compared without case, accents and signs. */
    e = map_find(m, "NOM DE L'HOTE");
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    CU_ASSERT_EQUAL(e->field, COL_NAME);
    e = map_find(m, "a = b # c");
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    CU_ASSERT_EQUAL(e->field, COL_TAG);
    e = map_find(m, "Owner: first name");
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    CU_ASSERT_EQUAL(e->field, MAP_DROP);
    CU_ASSERT_PTR_NULL(map_find(m, "RAM total"));
    imp_map_free(m);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *text, *where, *msg;
    } cases[] = {
            {"no line", "# nothing\n", "", "has no line"},
            {"no equal sign", "A = name\nB\n", "line 2", "expected 'Title"},
            {"no field", "A = colour\n", "line 1", "'colour' is no field"},
            {"no title", " = name\n", "line 1", "expected 'Title"},
            {"a title of signs", "--- = name\n", "line 1", "without letters"},
            {"no setting", "@colour red\nA = name\n", "line 1",
             "'@colour' is no setting"},
            {"dates", "@dates ymd\nA = name\n", "line 1", "dmy or mdy"},
            {"unit", "@memory bananas\nA = name\n", "line 1", "is no unit"},
            {"format", "@format lshw\nA = name\n", "line 1", "expected csv"},
            {"empty", "@empty maybe\nA = name\n", "line 1", "none or unknown"},
            {"no UTF-8", "A\xFF = name\n", "", "UTF-8"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct imp_map *m = NULL;
        struct err err = {0};

        UNIT_CHECK(
                !imp_map_parse(
                        cases[i].text, strlen(cases[i].text), "x", &m, &err),
                "%s: taken", cases[i].name);
        UNIT_CHECK(
                strstr(err.where, cases[i].where) &&
                        strstr(err.msg, cases[i].msg),
                "%s: %s: %s", cases[i].name, err.where, err.msg);
        CU_ASSERT_PTR_NULL(m);
    }
}

/* At the limit, one below and one above it. */
static void test_limits(void)
{
    struct buf b;

    for (int n = MAP_MAX_ENTRIES - 1; n <= MAP_MAX_ENTRIES + 1; n++) {
        struct imp_map *m = NULL;
        struct err err = {0};
        bool ok;

        buf_init(&b, 1 << 20);
        for (int i = 0; i < n; i++)
            buf_printf(&b, "title %d = note\n", i);
        ok = imp_map_parse(buf_text(&b), b.len, "x", &m, &err);
        UNIT_CHECK(ok == (n <= MAP_MAX_ENTRIES), "%d titles: %s", n, err.msg);
        UNIT_CHECK(ok || err.code == ERR_LIMIT, "%d titles: %s", n, err.msg);
        imp_map_free(m);
        buf_clear(&b);
    }
    for (int len = 78; len <= 80; len++) { /* a title of 79 bytes at most */
        struct imp_map *m = NULL;
        struct err err = {0};
        char text[200];
        bool ok;

        memset(text, 'a', (size_t)len);
        snprintf(text + len, sizeof text - (size_t)len, " = name\n");
        ok = imp_map_parse(text, strlen(text), "x", &m, &err);
        UNIT_CHECK(ok == (len <= 79), "title of %d: %s", len, err.msg);
        imp_map_free(m);
    }
}

/* Every preset is there under its name, with its text to start one's own. */
static void test_presets(void)
{
    static const char *const names[] = {
            "ecodiag",     "g4it",      "glpi",    "netbox",     "netbox-old",
            "netbox-view", "netbox-vm", "snipeit", "snipeit-old"};
    size_t n = 0;

    while (imp_map_preset_at(n))
        n++;
    CU_ASSERT_EQUAL(n, sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct imp_map *p = imp_map_preset(names[i]);
        const char *text = imp_map_preset_text(names[i]);
        struct imp_map *m = NULL;
        struct err err = {0};

        UNIT_CHECK(p && imp_map_about(p)[0], "%s", names[i]);
        UNIT_CHECK(
                text && imp_map_parse(text, strlen(text), "own", &m, &err),
                "%s: %s", names[i], err.msg);
        imp_map_free(m);
    }
    CU_ASSERT_PTR_NULL(imp_map_preset("nosuch"));
    CU_ASSERT_PTR_NULL(imp_map_preset_text("nosuch"));
}

static void test_dates(void)
{
    static const struct {
        const char *cell;
        enum map_dates dates;
        const char *want;
    } cases[] = {
            {"7/16/2019", MAP_DATES_MDY, "2019-07-16"},
            {"7/4/2019", MAP_DATES_MDY, "2019-07-04"},
            {"7/4/2019", MAP_DATES_DMY, "2019-04-07"},
            {"16/07/2019", MAP_DATES_MDY, "2019-07-16"}, /* the other order */
            {"1/23/23", MAP_DATES_MDY, "2023-01-23"},
            {"1.2.98", MAP_DATES_DMY, "1998-02-01"},
            {"2019-07-16 10:30", MAP_DATES_DMY, "2019-07-16"},
            {"2019-07-16T10:30:00Z", MAP_DATES_MDY, "2019-07-16"},
            {"16/07/2019 10:30", MAP_DATES_DMY, "2019-07-16"},
            {"2019", MAP_DATES_DMY, "2019"},
            {"soon", MAP_DATES_DMY, "soon"}, /* the reader refuses it */
            {"7/16/2019 or so", MAP_DATES_MDY, "7/16/2019 or so"},
            {"123456/1/1", MAP_DATES_DMY, "123456/1/1"},
    };
    struct arena a = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = map_date(&a, cases[i].cell, cases[i].dates);

        UNIT_CHECK(
                strcmp(got, cases[i].want) == 0, "%s: %s", cases[i].cell, got);
    }
    arena_clear(&a);
}

static void test_prices(void)
{
    static const struct {
        const char *cell, *want;
    } cases[] = {
            {"$1,500.00", "1500.00"},
            {"1 500,50 €", "1500.50"},
            {"1.500,50", "1500.50"},
            {"1,234,567", "1234567"},
            {"1,234", "1234"}, /* a comma alone before three digits groups */
            {"12,5", "12.5"},
            {"900", "900"},
            {"-5", "-5"}, /* the reader refuses it */
            {"free", "free"},
    };
    struct arena a = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = map_price(&a, cases[i].cell);

        UNIT_CHECK(
                strcmp(got, cases[i].want) == 0, "%s: %s", cases[i].cell, got);
    }
    arena_clear(&a);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"map files", test_parse},
            {"map files that are refused", test_refused},
            {"limits", test_limits},
            {"presets", test_presets},
            {"dates", test_dates},
            {"prices", test_prices},
            {NULL, NULL},
    };

    return unit_main("importers map", tests);
}
