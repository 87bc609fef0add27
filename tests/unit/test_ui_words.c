/* SPDX-License-Identifier: Apache-2.0
 * The catalogue: complete in both languages, parameters that agree, plurals,
 * and the choice of a language. */
#include <string.h>

#include "ui/ui.h"
#include "ui/ui_priv.h"
#include "unit.h"

static void test_complete(void)
{
    for (int w = 1; w < UI_WORDS; w++)
        for (int lang = 0; lang < UI_LANGS; lang++) {
            const char *text =
                    ui_word_text((enum ui_lang)lang, (enum ui_word)w);

            UNIT_CHECK(
                    text && *text, "%s has no %s text",
                    ui_word_id((enum ui_word)w),
                    ui_lang_code((enum ui_lang)lang));
        }
}

/* Types of each form of a text: "%u machine|%u machines" has two. */
static void types_agree(enum ui_word w, char want[UI_WORD_ARGS])
{
    const char *en = ui_word_text(UI_EN, w);
    bool en_plural = strchr(en, '|') != NULL;

    ui_word_types(en, strcspn(en, "|"), want);
    for (int lang = 0; lang < UI_LANGS; lang++) {
        const char *text = ui_word_text((enum ui_lang)lang, w);
        const char *bar = strchr(text, '|');
        char got[UI_WORD_ARGS];

        UNIT_CHECK(
                (bar != NULL) == en_plural, "%s: plural in one language only",
                ui_word_id(w));
        for (const char *form = text; form; form = bar, bar = NULL) {
            form += *form == '|';
            ui_word_types(form, strcspn(form, "|"), got);
            UNIT_CHECK(
                    memcmp(got, want, UI_WORD_ARGS) == 0,
                    "%s: parameters differ in '%s'", ui_word_id(w), form);
        }
        UNIT_CHECK(
                !bar || !strchr(bar + 1, '|'), "%s: more than two forms",
                ui_word_id(w));
    }
}

static void test_parameters(void)
{
    char types[UI_WORD_ARGS];

    for (int w = 1; w < UI_WORDS; w++) {
        types_agree((enum ui_word)w, types);
        /* Positions without a gap: ui_say would have nothing to put there. */
        for (int i = 1; i < UI_WORD_ARGS; i++)
            UNIT_CHECK(
                    !types[i] || types[i - 1], "%s: parameter %d is skipped",
                    ui_word_id((enum ui_word)w), i);
    }
}

/* A percent sign before a letter that is no conversion is a slip of the pen. */
static void test_percent(void)
{
    for (int w = 1; w < UI_WORDS; w++)
        for (int lang = 0; lang < UI_LANGS; lang++) {
            const char *text =
                    ui_word_text((enum ui_lang)lang, (enum ui_word)w);

            for (const char *p = strchr(text, '%'); p; p = strchr(p + 1, '%'))
                UNIT_CHECK(
                        !p[1] || strchr("sdu123456789 ,.;", p[1]), "%s: '%%%c'",
                        ui_word_id((enum ui_word)w), p[1]);
        }
}

static void
said(const char *name, enum ui_lang lang, enum ui_word w,
     const struct ui_arg *args, const char *want)
{
    struct buf b;

    buf_init(&b, 1000);
    ui_put_say(&b, lang, w, args);
    UNIT_CHECK(
            strcmp(buf_text(&b), want) == 0, "%s: got '%s', want '%s'", name,
            buf_text(&b), want);
    buf_clear(&b);
}

static void test_say(void)
{
    said("year", UI_EN, T_REPORT_YEAR_TITLE, UI_ARGS(UI_D(2024)),
         "Carbon report 2024");
    said("year", UI_FR, T_REPORT_YEAR_TITLE, UI_ARGS(UI_D(2024)),
         "Bilan carbone 2024");
    said("none", UI_EN, T_N_MACHINES, UI_ARGS(UI_N(0)), "0 machines");
    said("none", UI_FR, T_N_MACHINES, UI_ARGS(UI_N(0)), "0 machine");
    said("one", UI_EN, T_N_MACHINES, UI_ARGS(UI_N(1)), "1 machine");
    said("one", UI_FR, T_N_MACHINES, UI_ARGS(UI_N(1)), "1 machine");
    said("many", UI_EN, T_N_MACHINES, UI_ARGS(UI_N(1297)),
         "1\u2009297 machines");
    said("many", UI_FR, T_N_MACHINES, UI_ARGS(UI_N(1297)),
         "1\u202f297 machines");
    said("range", UI_EN, T_ROWS_OF, UI_ARGS(UI_N(501), UI_N(1000), UI_N(1200)),
         "rows 501 to 1\u2009000 of 1\u2009200");
    said("no parameter", UI_EN, T_MACHINE_WHOLE, NULL, "Whole machine");
    said("its own parameter", UI_EN, T_REPORT_MACHINE_TITLE,
         UI_ARGS(UI_S("%s|%d")), "Machine %s|%d");
    said("no text", UI_EN, T_REPORT_MACHINE_TITLE, UI_ARGS(UI_S(NULL)),
         "Machine unknown");
}

static void test_fixed_words(void)
{
    static const struct {
        const char *group, *word;
        enum ui_word want;
    } cases[] = {
            {"category", "gpu_node", T_CATEGORY_GPU_NODE},
            {"acquisition", "second_hand", T_ACQUISITION_SECOND_HAND},
            {"status", "in_service", T_STATUS_IN_SERVICE},
            {"rule", "RESIDUAL_SL", T_RULE_RESIDUAL_SL},
            {"tier", "M5", T_TIER_M5},
            {"grid_kind", "life_cycle", T_GRID_KIND_LIFE_CYCLE},
            {"approach", "stated", T_APPROACH_STATED},
            {"identity", "I9", T_IDENTITY_I9},
            {"kind", "ram", T_KIND_RAM},
            {"kind", "no such kind", T_NONE},
            {"kind", "", T_NONE},
            {"kind", NULL, T_NONE},
            {"kind",
             "a very long word that no group has and that fills the room "
             "kept for the name of a key",
             T_NONE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                ui_word_for(cases[i].group, cases[i].word) == cases[i].want,
                "%s %s", cases[i].group,
                cases[i].word ? cases[i].word : "(null)");
    CU_ASSERT_EQUAL(ui_word_month(1), T_MONTH_1);
    CU_ASSERT_EQUAL(ui_word_month(12), T_MONTH_12);
    CU_ASSERT_STRING_EQUAL(ui_word_text(UI_FR, ui_word_month(8)), "août");
}

static void test_language(void)
{
    static const struct {
        const char *header;
        enum ui_lang want;
    } cases[] = {
            {NULL, UI_EN},
            {"", UI_EN},
            {"fr", UI_FR},
            {"FR-be", UI_FR},
            {"fr-FR,fr;q=0.9,en;q=0.8", UI_FR},
            {"en-GB,en;q=0.9,fr;q=0.8", UI_EN},
            {"de, fr;q=0.3, en;q=0.2", UI_FR},
            {"de, en;q=0.3, fr; q=0.9", UI_FR},
            {"fr;q=0, en;q=0.1", UI_EN},
            {"de,es", UI_EN},
            {"fro", UI_EN},
            {"f", UI_EN},
            {",,,;;;q=,=", UI_EN},
            {"fr;q=99999999999999999999", UI_FR},
    };
    enum ui_lang lang = UI_EN;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                ui_lang_accept(cases[i].header) == cases[i].want, "'%s'",
                cases[i].header ? cases[i].header : "(null)");
    CU_ASSERT_TRUE(ui_lang_from("fr", &lang));
    CU_ASSERT_EQUAL(lang, UI_FR);
    CU_ASSERT_FALSE(ui_lang_from("de", &lang));
    CU_ASSERT_FALSE(ui_lang_from(NULL, &lang));
    CU_ASSERT_EQUAL(lang, UI_FR);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"complete", test_complete},
            {"parameters", test_parameters},
            {"percent signs", test_percent},
            {"say", test_say},
            {"fixed words", test_fixed_words},
            {"language", test_language},
            {NULL, NULL}};

    return unit_main("ui words", tests);
}
