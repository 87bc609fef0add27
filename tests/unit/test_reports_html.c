/* SPDX-License-Identifier: Apache-2.0
 * Reports as HTML in both languages: one self-contained file with every digit
 * of the JSON document, unknown figures with their reason, nothing that runs.
 */
#include <ctype.h>

#include "base/num.h"
#include "reports/write_priv.h"
#include "reports_fixture.h"
#include "unit.h"

enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

static void write_html(
        const struct rep_year *y, const struct rep_machine *m,
        const char *language, struct buf *text)
{
    struct rep_writing w = {.format = REP_HTML, .language = language};
    struct err err = {0};
    struct out out;

    buf_init(text, DOCUMENT_MAX);
    out_to_buf(&out, text);
    UNIT_CHECK(
            m ? rep_machine_write(m, &w, &out, &err)
              : rep_year_write(y, &w, &out, &err),
            "writing: %s", err.msg);
}

static bool has_value(const struct buf *text, double value)
{
    char number[NUM_TEXT], attr[NUM_TEXT + 20];

    snprintf(attr, sizeof attr, "data-value=\"%s\"", num_print(value, number));
    return strstr(text->p, attr) != NULL;
}

static void test_digits(void)
{
    static const char *const languages[] = {"en", "fr"};
    struct rep_year *y = fixture_year();
    const double values[] = {
            y->gross_kg.value,
            y->own_kg.value,
            y->charge_kg.value,
            y->acquisition_kg.value,
            y->location_kg.value,
            y->it_kwh.value,
            y->site_kwh.value,
            y->gross_years.value,
            y->gross_years_life_cycle.value,
            y->own_years.value,
            y->fabrication_share,
            y->years_beyond_life,
            y->amortised_total_kg.value,
            y->acquisition_total_kg.value,
            y->kinds[0].kg.value,
            y->kinds[5].share,
            y->categories[2].kg.value,
            y->stock.in_used.kg,
            -y->stock.out_retired.kg,
            -y->net.transferred_kg,
            y->rules[CALC_CUTOFF].own_kg,
            y->operation[0].location_kg,
            y->factors[0].kg,
            (double)y->fleet.machines,
    };

    for (size_t l = 0; l < 2; l++) {
        struct buf text;

        write_html(y, NULL, languages[l], &text);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            UNIT_CHECK(
                    has_value(&text, values[i]), "%s: %.17g is on the page",
                    languages[l], values[i]);
        buf_clear(&text);
    }
    fixture_free(y);
}

static void test_contents(void)
{
    static const char *const wanted[] = {
            "<html lang=\"en\"",
            "Carbon report 2025",
            "Making these machines emitted",
            "T1 \u00b7",
            "T2 \u00b7",
            "T3 \u00b7",
            "T4 \u00b7",
            "T5 \u00b7",
            "T6 \u00b7",
            "T7 \u00b7",
            "T8 \u00b7",
            "T9 \u00b7",
            "T11 \u00b7",
            "Memory: 44",
            "id=\"why-gross\"",
            "id=\"why-own\"",
            "id=\"why-charge\"",
            "id=\"why-acquisition\"",
            "id=\"why-operation\"",
            "id=\"why-ratio\"",
            "id=\"why-amortised\"",
            "href=\"#why-ratio\"",
            "ram.die",
            "RESIDUAL_SL",
            "Hard disks, number not known",
            FIXTURE_HASH,
            "no supply contract or certificate recorded",
            "scope 3, cat. 2",
    };
    struct rep_year *y = fixture_year();
    struct buf text;

    write_html(y, NULL, "en", &text);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        UNIT_CHECK(strstr(text.p, wanted[i]), "'%s' is there", wanted[i]);
    buf_clear(&text);

    write_html(y, NULL, "fr", &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "<html lang=\"fr\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "Bilan carbone 2025"));
    CU_ASSERT_PTR_NULL(strstr(text.p, "Why this number"));
    buf_clear(&text);
    fixture_free(y);
}

/* Each "#anchor" of the page leads somewhere, and no id is used twice. */
static void check_anchors(const struct buf *text)
{
    for (const char *p = text->p; (p = strstr(p, " href=\"#"));) {
        char id[120];
        const char *from = p + 8, *first;
        size_t n = strcspn(from, "\"");

        p = from;
        if (n + 7 >= sizeof id)
            continue;
        snprintf(id, sizeof id, " id=\"%.*s\"", (int)n, from);
        first = strstr(text->p, id);
        UNIT_CHECK(first, "there is%s", id);
        UNIT_CHECK(!first || !strstr(first + 1, id), "once%s", id);
    }
}

/* Nothing runs, nothing is fetched, nothing is styled in place; what users
 * typed stays text. */
static void check_tame(const struct buf *text)
{
    static const char *const never[] = {
            "<script", " style=",  "<link",      "<img",  "<iframe",
            "<object", " onclick", "javascript", "url(h", "url(/",
            "@import", "src=\"",   "<b>",        "<form"};

    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        UNIT_CHECK(!strstr(text->p, never[i]), "no '%s'", never[i]);
    CU_ASSERT_PTR_NOT_NULL(strstr(text->p, "&lt;b&gt;"));
    CU_ASSERT_PTR_NULL(strstr(text->p, ">nan"));
    CU_ASSERT_PTR_NULL(strstr(text->p, "\"nan"));
    CU_ASSERT_PTR_NULL(strstr(text->p, "(null)"));
}

static void test_file(void)
{
    struct rep_year *y = fixture_year();
    struct rep_machine m;
    struct buf text;

    write_html(y, NULL, "en", &text);
    check_anchors(&text);
    check_tame(&text);
    buf_clear(&text);
    fixture_machine(y, &m);
    write_html(y, &m, "fr", &text);
    check_anchors(&text);
    check_tame(&text);
    buf_clear(&text);
    fixture_free(y);
}

/* An empty fleet, and one of which nothing is known, still make a report. */
static void test_unknown(void)
{
    struct rep_year *y = fixture_year();
    struct rep_machine m;
    struct buf text;

    y->location_kg = y->it_kwh = y->site_kwh = CALC_Q_UNKNOWN;
    y->gross_years = y->own_years = CALC_Q_UNKNOWN;
    y->gross_years_life_cycle = CALC_Q_UNKNOWN;
    y->amortised_total_kg = y->acquisition_total_kg = CALC_Q_UNKNOWN;
    y->fabrication_share = y->grid_g_per_kwh = y->energy_coverage = NAN;
    y->n_operation = 0;
    write_html(y, NULL, "en", &text);
    check_tame(&text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "is not known yet"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "no energy figure, or no emission"));
    buf_clear(&text);

    fixture_machine(y, &m);
    m.gross_kg = m.own_kg = m.operation_kg = m.gross_years = CALC_Q_UNKNOWN;
    m.n_parts = m.n_events = 0;
    m.n_steps = m.assessment.n_dones = 0;
    m.power = (struct en_power){.tier = CALC_NO_ENERGY, .watts = NAN};
    m.kwh = m.site_kwh = m.charge_kg = m.net_kg = NAN;
    write_html(y, &m, "en", &text);
    check_tame(&text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "no power or energy figure"));
    buf_clear(&text);

    y->fleet = (struct rep_fleet){0};
    y->gross_kg = (struct calc_q){0, 0, 0};
    y->n_kinds = y->n_categories = y->n_embodied = y->n_factors = 0;
    y->n_exclusions = y->n_completions = y->n_sites = 0;
    for (int i = 0; i < REP_AGE_BINS; i++)
        y->ages[i] = (struct rep_age_bin){.age_y = i};
    write_html(y, NULL, "fr", &text);
    CU_ASSERT_PTR_NULL(strstr(text.p, ">nan"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "</html>"));
    buf_clear(&text);
    fixture_free(y);
}

/* Rounded lines add up to the rounded total [METHOD 6, I8]. */
static void test_rounding(void)
{
    struct rep_year *y = fixture_year();
    struct buf text;
    double sum = 0;

    write_html(y, NULL, "en", &text);
    for (size_t i = 0; i < y->n_kinds; i++) {
        char attr[80], number[NUM_TEXT], digits[40];
        const char *p, *end;
        size_t n = 0;
        double v = 0;
        struct err err = {0};

        snprintf(
                attr, sizeof attr, "<span data-value=\"%s\">",
                num_print(y->kinds[i].kg.value, number));
        p = strstr(text.p, attr);
        CU_ASSERT_PTR_NOT_NULL_FATAL(p);
        p += strlen(attr);
        end = strchr(p, '<');
        for (; p < end && n + 1 < sizeof digits; p++)
            if (isdigit((unsigned char)*p))
                digits[n++] = *p;
        CU_ASSERT_TRUE(num_parse(digits, n, NUM_POINT, &v, &err));
        UNIT_CHECK(fabs(v - y->kinds[i].kg.value) < 1, "line %zu: %.17g", i, v);
        sum += v;
    }
    UNIT_NEAR(sum, 352000, 0, "shown lines");
    buf_clear(&text);
    fixture_free(y);
}

static void test_dashboard(void)
{
    static const enum ui_mode modes[] = {UI_SERVED, UI_FILE};
    struct rep_year *y = fixture_year();

    for (size_t i = 0; i < 2; i++) {
        struct err err = {0};
        struct buf text;
        struct out out;
        struct ui u;

        buf_init(&text, DOCUMENT_MAX);
        out_to_buf(&out, &text);
        ui_init(&u, &out, UI_EN, modes[i]);
        ui_page_begin(&u, &(struct ui_page){.title = "Dashboard"});
        rep_dashboard_html(y, &u);
        CU_ASSERT_TRUE(ui_page_end(&u, &err) && out_finish(&out, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "Making these machines"));
        CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "2 machines of unknown model"));
        CU_ASSERT_TRUE(has_value(&text, y->gross_kg.value));
        CU_ASSERT_EQUAL(
                strstr(text.p, "href=\"/reports/2025#exclusions\"") != NULL,
                modes[i] == UI_SERVED);
        check_anchors(&text);
        buf_clear(&text);
    }
    fixture_free(y);
}

static void test_text(void)
{
    struct rep_writing w = {.format = REP_TEXT, .language = "en"};
    struct rep_year *y = fixture_year();
    struct err err = {0};
    struct buf text;
    struct out out;

    buf_init(&text, DOCUMENT_MAX);
    out_to_buf(&out, &text);
    CU_ASSERT_TRUE(rep_year_write(y, &w, &out, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "emitted 352\u00a0t;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "35.3\u00a0years"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "  Memory "));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "  ! The kind of the emission"));
    buf_clear(&text);
    fixture_free(y);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"every digit is on the page", test_digits},
            {"tables and derivations", test_contents},
            {"self-contained, nothing runs", test_file},
            {"unknown and empty", test_unknown},
            {"rounded lines add up", test_rounding},
            {"dashboard", test_dashboard},
            {"text", test_text},
            {0},
    };

    return unit_main("reports/html", tests);
}
