/* SPDX-License-Identifier: Apache-2.0
 * Components as markup: tables cut into parts, unknown figures with their
 * footnote, links that may not be links, escaped attributes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/ui.h"
#include "unit.h"

struct doc {
    struct out out;
    struct buf b;
    struct ui u;
};

static struct doc *begin(enum ui_lang lang, enum ui_mode mode)
{
    struct doc *d = xcalloc(1, sizeof *d);

    buf_init(&d->b, 16u << 20);
    out_to_buf(&d->out, &d->b);
    ui_init(&d->u, &d->out, lang, mode);
    ui_page_begin(&d->u, &(struct ui_page){.title = "T", .path = "/"});
    return d;
}

/* The text of the page; the caller frees it. */
static char *end(struct doc *d)
{
    struct err err = {0};
    char *text;

    UNIT_CHECK(ui_page_end(&d->u, &err), "page: %s", err.msg);
    UNIT_CHECK(out_finish(&d->out, &err), "page: %s", err.msg);
    text = buf_take(&d->b);
    free(d);
    return text;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

static void has(const char *text, const char *what, bool want)
{
    UNIT_CHECK(
            (strstr(text, what) != NULL) == want, "%s: %s",
            want ? "missing" : "must not be there", what);
}

static const struct ui_col cols[] = {
        {.head = T_COL_TAG, .kind = UI_COL_HEAD},
        {.head = T_COL_GROSS, .kind = UI_COL_NUMBER}};

static char *long_table(enum ui_lang lang, size_t n)
{
    const struct ui_table t = {.caption = "C", .cols = cols, .n_cols = 2};
    struct doc *d = begin(lang, UI_FILE);

    ui_table_begin(&d->u, &t, n);
    for (size_t i = 0; i < n; i++) {
        ui_row(&d->u);
        ui_cell(&d->u, "m");
        ui_cell_count(&d->u, 1);
    }
    ui_row_total(&d->u);
    ui_cell_word(&d->u, T_TOTAL);
    ui_cell_count(&d->u, (double)n);
    ui_table_end(&d->u);
    return end(d);
}

static void test_long_tables(void)
{
    static const struct {
        size_t rows, tables;
    } cases[] = {{1, 1}, {499, 1}, {500, 1}, {501, 2}, {1000, 2}, {1001, 3}};
    char *text;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text = long_table(UI_EN, cases[i].rows);
        UNIT_CHECK(
                count(text, "<table") == cases[i].tables &&
                        count(text, "<thead>") == cases[i].tables &&
                        count(text, "<th scope=\"row\">m</th>") ==
                                cases[i].rows &&
                        count(text, "<tr class=\"total\">") == 1,
                "%zu rows", cases[i].rows);
        free(text);
    }
    text = long_table(UI_EN, 1200);
    has(text, "<caption>C (rows 1 to 500 of 1\u2009200)</caption>", true);
    has(text, "<caption>C (rows 501 to 1\u2009000 of 1\u2009200)</caption>",
        true);
    has(text, "<caption>C (rows 1\u2009001 to 1\u2009200 of 1\u2009200)", true);
    free(text);
    text = long_table(UI_FR, 501);
    has(text, "<caption>C (lignes 501 à 501 sur 501)</caption>", true);
    free(text);
}

static void test_cells(void)
{
    const struct ui_table t = {.caption = "\"<C>\"", .cols = cols, .n_cols = 2};
    struct doc *d = begin(UI_FR, UI_SERVED);
    char *text;

    ui_table_begin(&d->u, &t, 3);
    ui_row(&d->u);
    ui_cell_link(&d->u, "/machines/a?b=\"&c", "<b>");
    ui_cell_q(
            &d->u, &(struct ui_q){
                           .value = 352000,
                           .low = 214000,
                           .high = 561000,
                           .badge = UI_AMORT,
                           .why = "#w"});
    ui_row(&d->u);
    ui_cell(&d->u, "\x07\"'");
    ui_cell_value(&d->u, 1278.4, UI_KG);
    ui_row(&d->u);
    ui_cell(&d->u, NULL);
    ui_cell_number(&d->u, 1234.5, 1);
    ui_table_end(&d->u);
    text = end(d);
    has(text, "<caption>&quot;&lt;C&gt;&quot;</caption>", true);
    has(text, "aria-label=\"&quot;&lt;C&gt;&quot;\"", true);
    has(text,
        "<th scope=\"row\"><a href=\"/machines/a?b=&quot;&amp;c\">"
        "&lt;b&gt;</a></th>",
        true);
    has(text,
        "<span class=\"q\" data-value=\"352000\"><span class=\"v\">352\u00a0t",
        true);
    has(text, "<span class=\"i\">[214 - 561]</span>", true);
    has(text, ">AMORT</abbr>", true);
    has(text, "<a class=\"why\" href=\"#w\"", true);
    has(text, "<th scope=\"row\">\uFFFD&quot;'</th>", true);
    has(text, "<td class=\"n\">1\u202f280\u00a0kg</td>", true);
    has(text, "<td class=\"n\">1\u202f234,5</td>", true);
    has(text, "<th scope=\"row\">\u2014</th>", true);
    free(text);
}

/* Unknown: a dash, the reason as title and once as footnote; never 0. */
static void test_unknown(void)
{
    struct doc *d = begin(UI_EN, UI_FILE);
    char *text;

    ui_p_begin(&d->u);
    for (int i = 0; i < 3; i++)
        ui_q(&d->u, &(struct ui_q){
                            .value = NAN,
                            .reason = i == 1 ? "no \"meter\"" : "no factor",
                            .badge = UI_ACQ});
    ui_p_end(&d->u);
    text = end(d);
    CU_ASSERT_EQUAL(
            count(text, "<span class=\"unknown\" title=\"no factor\">\u2014"),
            2);
    has(text, "title=\"no &quot;meter&quot;\"", true);
    CU_ASSERT_EQUAL(count(text, "<sup><a href=\"#note-1\">1</a></sup>"), 2);
    CU_ASSERT_EQUAL(count(text, "<sup><a href=\"#note-2\">2</a></sup>"), 1);
    has(text, "<li id=\"note-1\">no factor</li>", true);
    has(text, "<li id=\"note-2\">no &quot;meter&quot;</li>", true);
    has(text, "ACQ</abbr>", false);
    free(text);
}

static void test_links(void)
{
    static const struct {
        const char *href;
        bool served, file;
    } cases[] = {
            {"/machines/a", true, false},
            {"?page=2", true, false},
            {"#stock", true, true},
            {"https://example.org/", true, true},
            {"http://example.org/", true, true},
            {"javascript:alert(1)", false, false},
            {"JavaScript:alert(1)", false, false},
            {" javascript:alert(1)", false, false},
            {"data:text/html,x", false, false},
            {"//example.org/", false, false},
            {"/\\example.org/", false, false},
            {"/\t/example.org/", false, false},
            {"https://example.org/\n", false, false},
            {"file", false, false},
            {"#", false, false},
            {"", false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int mode = 0; mode < 2; mode++) {
            struct doc *d = begin(UI_EN, mode ? UI_FILE : UI_SERVED);
            char *text;
            bool want = mode ? cases[i].file : cases[i].served;

            ui_link(&d->u, cases[i].href, "LINKED");
            text = end(d);
            UNIT_CHECK(
                    (strstr(text, ">LINKED</a>") != NULL) == want,
                    "'%s' in mode %d", cases[i].href, mode);
            has(text, "LINKED", true);
            free(text);
        }
}

static void test_forms(void)
{
    const struct ui_option options[] = {{"a\"b", "<A>"}, {"c", "C"}};
    struct doc *d = begin(UI_EN, UI_SERVED);
    char *text;

    ui_form_begin(
            &d->u,
            &(struct ui_form){UI_FORM_FILTER, "/machines", "F", "secret"});
    ui_field(
            &d->u, &(struct ui_field){
                           .kind = UI_FIELD_SELECT,
                           .name = "k",
                           .label = "K",
                           .value = "c",
                           .options = options,
                           .n_options = 2});
    ui_form_end(&d->u, "Go");
    ui_form_begin(&d->u, &(struct ui_form){UI_FORM_EDIT, "/m", "E", "to\"ken"});
    ui_field(
            &d->u, &(struct ui_field){
                           .kind = UI_FIELD_PASSWORD,
                           .name = "p",
                           .label = "P",
                           .value = "never shown"});
    ui_form_end(&d->u, "Save");
    text = end(d);
    has(text, "method=\"get\"", true);
    has(text, "secret", false); /* a token has no place in an address */
    has(text, "<option value=\"a&quot;b\">&lt;A&gt;</option>", true);
    has(text, "<option value=\"c\" selected=\"selected\">C</option>", true);
    has(text, "name=\"csrf\" value=\"to&quot;ken\"", true);
    has(text, "never shown", false);
    has(text, "<label for=\"field-1-0\">K</label>", true);
    has(text, "id=\"field-1-0\"", true);
    has(text, "id=\"field-2-0\"", true);
    free(text);
}

/* A document given up half-way leaks nothing (ASan) and may be begun anew. */
static void test_given_up(void)
{
    struct doc *d = begin(UI_EN, UI_SERVED);

    ui_section_begin(&d->u, "a", "A");
    CU_ASSERT_STRING_EQUAL(ui_say(&d->u, T_N_ROWS, UI_N(2)), "2 rows");
    ui_clear(&d->u);
    ui_clear(&d->u);
    ui_clear(NULL);
    buf_clear(&d->b);
    free(d);
}

static bool refuse(void *ctx, const char *bytes, size_t len, struct err *err)
{
    (void)ctx;
    (void)bytes;
    return err_set(err, ERR_IO, "disk full after %zu bytes", len);
}

static void test_failed_write(void)
{
    struct out *out = xcalloc(1, sizeof *out);
    struct err err = {0};
    struct ui u;

    out_to(out, refuse, NULL);
    ui_init(&u, out, UI_EN, UI_FILE);
    ui_page_begin(&u, &(struct ui_page){.title = "T"});
    /* The style sheet alone is more than the room of an out. */
    CU_ASSERT_FALSE(ui_page_end(&u, &err));
    CU_ASSERT_EQUAL(err.code, ERR_IO);
    free(out);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"long tables", test_long_tables},
            {"cells", test_cells},
            {"unknown", test_unknown},
            {"links", test_links},
            {"forms", test_forms},
            {"given up", test_given_up},
            {"failed write", test_failed_write},
            {NULL, NULL}};

    return unit_main("ui parts", tests);
}
