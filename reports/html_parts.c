/* SPDX-License-Identifier: Apache-2.0
 * Small pieces that the HTML of all reports is made of. */
#include "reports/write_priv.h"

#include <string.h>

void html_section(
        struct ui *u, const char *id, const char *number, enum ui_word w)
{
    const char *text = ui_t(u, w);

    if (number)
        text = arena_printf(&u->words, "%s \u00b7 %s", number, text);
    ui_section_begin(u, id, text);
}

struct calc_q html_point(double v)
{
    return (struct calc_q){v, NAN, NAN};
}

const char *html_value(struct ui *u, double v, enum ui_unit unit)
{
    struct buf b;
    const char *text;

    buf_init(&b, 256);
    ui_put_value(&b, u->lang, v, unit);
    text = arena_str(&u->words, buf_text(&b));
    buf_clear(&b);
    return text;
}

void html_cell_q(
        struct ui *u, struct calc_q q, enum ui_unit unit, const char *reason)
{
    struct ui_q f = UI_Q(q, unit, UI_NO_BADGE);

    f.reason = reason;
    ui_cell_q(u, &f);
}

void html_cell_v(struct ui *u, double v, enum ui_unit unit, const char *reason)
{
    html_cell_q(u, html_point(v), unit, reason);
}

void html_cell_interval(struct ui *u, struct calc_q q)
{
    struct buf b;

    if (!isfinite(q.low) || !isfinite(q.high)) {
        ui_cell_blank(u);
        return;
    }
    buf_init(&b, 256);
    ui_put_value(&b, u->lang, q.low, UI_RATIO);
    buf_str(&b, " - ");
    ui_put_value(&b, u->lang, q.high, UI_RATIO);
    ui_cell(u, buf_text(&b));
    buf_clear(&b);
}

void html_cell_kg(struct ui *u, double kg, const char *reason)
{
    if (isfinite(kg))
        html_cell_shown(u, round(kg), kg);
    else
        ui_cell_unknown(u, reason);
}

void html_cell_shown(struct ui *u, double shown, double exact)
{
    struct buf b;

    if (!isfinite(exact)) {
        ui_cell_unknown(u, NULL);
        return;
    }
    buf_init(&b, 256);
    ui_put_number(&b, u->lang, shown, 0);
    ui_cell_begin(u);
    mk_begin(u->mk, "span");
    mk_attr_num(u->mk, "data-value", exact);
    mk_text(u->mk, buf_text(&b));
    mk_end(u->mk, "span");
    ui_cell_end(u);
    buf_clear(&b);
}

void html_cell_count(struct ui *u, uint64_t n)
{
    html_cell_shown(u, (double)n, (double)n);
}

const char *html_done(const struct ui *u, enum fac_done done)
{
    static const enum ui_word words[FAC_DONES] = {
            [FAC_DONE_RAM_DENSITY] = T_REP_DONE_RAM_DENSITY,
            [FAC_DONE_RAM_MODULES] = T_REP_DONE_RAM_MODULES,
            [FAC_DONE_SSD_DENSITY] = T_REP_DONE_SSD_DENSITY,
            [FAC_DONE_SSD_SIZE] = T_REP_DONE_SSD_SIZE,
            [FAC_DONE_CPU_FAMILY_CORES] = T_REP_DONE_CPU_FAMILY_CORES,
            [FAC_DONE_CPU_FAMILY] = T_REP_DONE_CPU_FAMILY,
            [FAC_DONE_CPU_LINE] = T_REP_DONE_CPU_LINE,
            [FAC_DONE_CPU_NOTHING] = T_REP_DONE_CPU_NOTHING,
            [FAC_DONE_PSU_MASS] = T_REP_DONE_PSU_MASS,
            [FAC_DONE_PSU_COUNT] = T_REP_DONE_PSU_COUNT,
            [FAC_DONE_CASE] = T_REP_DONE_CASE,
            [FAC_DONE_GPU_AREA] = T_REP_DONE_GPU_AREA,
            [FAC_DONE_GPU_NOTHING] = T_REP_DONE_GPU_NOTHING,
            [FAC_DONE_CPU_COUNT] = T_REP_DONE_CPU_COUNT,
    };

    if ((unsigned)done < FAC_DONES && words[done] != T_NONE)
        return ui_t(u, words[done]);
    return fac_done_word(done);
}

const char *html_choice(const struct ui *u, const struct calc_choice *c)
{
    static const enum ui_word words[] = {
            T_NONE,         T_REP_CHOICE_1, T_REP_CHOICE_2, T_REP_CHOICE_3,
            T_REP_CHOICE_4, T_REP_CHOICE_5, T_REP_CHOICE_6};

    /* The model's own sentence says more; it is written in English. */
    if (u->lang == UI_EN && c->reason)
        return c->reason;
    if (c->rule >= 1 && c->rule < (int)(sizeof words / sizeof *words))
        return ui_t(u, words[c->rule]);
    return c->reason;
}

const char *html_approach(const struct ui *u, enum calc_approach a)
{
    if (a == CALC_STATED)
        return ui_t(u, T_REP_STATED);
    return a == CALC_NONE ? ui_t(u, T_NONE_WORD) : calc_approach_word(a);
}

const char *html_factor(const struct ui *u, const char *name)
{
    static const struct {
        const char *name;
        enum ui_word word;
    } names[] = {
            {"graphics cards", T_REP_FACTOR_CARDS},
            {"category averages", T_REP_FACTOR_AVERAGES},
            {"stated by the user", T_REP_FACTOR_STATED},
            {"makers' product footprints", T_REP_FACTOR_FOOTPRINTS},
    };

    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i].name) == 0)
            return ui_t(u, names[i].word);
    return name;
}
