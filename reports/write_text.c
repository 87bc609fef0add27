/* SPDX-License-Identifier: Apache-2.0
 * Short summaries for the terminal: what it cost to make, what it costs to run,
 * how long it must last, where the kilograms are, and the warnings. */
#include "reports/write_priv.h"

#include <string.h>

enum { LABEL = 46, LINE_MAX = 78, TEXT_MAX_BYTES = 1024 * 1024 };

static enum ui_lang language(const struct rep_writing *w)
{
    enum ui_lang lang = UI_EN;

    ui_lang_from(w->language, &lang);
    return lang;
}

/* Characters, not bytes: for columns. */
static size_t width(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static void pad(struct buf *b, const char *text, size_t to)
{
    buf_str(b, text);
    for (size_t n = width(text); n < to; n++)
        buf_char(b, ' ');
}

static void
line_q(struct buf *b, enum ui_lang lang, enum ui_word label, struct calc_q q,
       enum ui_unit unit)
{
    struct ui_q f = UI_Q(q, unit, UI_NO_BADGE);

    buf_str(b, "  ");
    pad(b, ui_word_text(lang, label), LABEL);
    buf_char(b, ' ');
    ui_put_q(b, lang, &f);
    buf_char(b, '\n');
}

/* Breaks a sentence at blanks; further lines are indented. */
static void wrapped(struct buf *b, const char *text, const char *indent)
{
    size_t used = 0, room = LINE_MAX - width(indent);

    while (*text) {
        size_t len = strcspn(text, " ");
        char word[512];
        size_t wide;

        if (len >= sizeof word)
            len = sizeof word - 1;
        memcpy(word, text, len);
        word[len] = '\0';
        wide = width(word);
        if (used > 0 && used + 1 + wide > room) {
            buf_printf(b, "\n%s", indent);
            used = 0;
        }
        if (used > 0) {
            buf_char(b, ' ');
            used++;
        }
        buf_str(b, word);
        used += wide;
        text += len;
        text += *text == ' ';
    }
    buf_char(b, '\n');
}

static void heading(struct buf *b, const char *text)
{
    buf_printf(b, "\n%s\n", text);
}

static void
put_title(struct buf *b, enum ui_lang lang, const struct rep_year *y)
{
    if (y->year)
        ui_put_say(b, lang, T_REPORT_YEAR_TITLE, UI_ARGS(UI_D(y->year)));
    else
        buf_str(b, ui_word_text(lang, T_REPORT_FLEET_TITLE));
    buf_str(b, " - ");
    ui_put_say(b, lang, T_N_MACHINES, UI_ARGS(UI_N(y->fleet.machines)));
    buf_str(b, "\n\n");
}

static void
put_kinds(struct buf *b, enum ui_lang lang, const struct rep_year *y)
{
    heading(b, ui_word_text(lang, T_REP_WHERE_KG));
    for (size_t i = 0; i < y->n_kinds; i++) {
        const struct rep_part_row *r = &y->kinds[i];
        const char *word = calc_kind_word((enum calc_kind)r->index);
        enum ui_word w = ui_word_for("kind", word);
        struct buf v;

        buf_init(&v, 256);
        ui_put_value(&v, lang, r->kg.value, UI_KG);
        buf_str(b, "  ");
        pad(b, w ? ui_word_text(lang, w) : word, 24);
        for (size_t n = width(buf_text(&v)); n < 12; n++)
            buf_char(b, ' ');
        buf_str(b, buf_text(&v));
        buf_str(b, "  ");
        ui_put_value(b, lang, r->share, UI_FRAC);
        buf_char(b, '\n');
        buf_clear(&v);
    }
}

static void
put_flags(struct buf *b, enum ui_lang lang, const struct rep_year *y)
{
    struct rep_flag flags[REP_FLAGS];
    size_t n = rep_flags(y, flags);
    struct buf text;

    if (n == 0)
        return;
    heading(b, ui_word_text(lang, T_REP_FLAGS_TITLE));
    buf_init(&text, 4096);
    for (size_t i = 0; i < n; i++) {
        buf_reset(&text);
        rep_put_flag(&text, lang, y, &flags[i]);
        buf_str(b, flags[i].warn ? "  ! " : "  - ");
        wrapped(b, buf_text(&text), "    ");
    }
    buf_clear(&text);
}

static bool hand_over(struct buf *b, struct out *out, struct err *err)
{
    out_bytes(out, buf_text(b), b->len);
    buf_clear(b);
    return out_finish(out, err);
}

bool write_year_text(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err)
{
    enum ui_lang lang = language(w);
    struct buf b, sentence;

    buf_init(&b, TEXT_MAX_BYTES);
    buf_init(&sentence, 4096);
    put_title(&b, lang, y);
    rep_put_sentence(&sentence, lang, y);
    wrapped(&b, buf_text(&sentence), "");
    buf_clear(&sentence);

    buf_char(&b, '\n');
    line_q(&b, lang, T_FABRICATION_GROSS, y->gross_kg, UI_KG);
    line_q(&b, lang, T_FABRICATION_OWN, y->own_kg, UI_KG);
    line_q(&b, lang, T_FABRICATION_CHARGE, y->charge_kg, UI_KG);
    line_q(&b, lang, T_SITE_KWH, y->site_kwh, UI_KWH);
    line_q(&b, lang, T_LOCATION_KG, y->location_kg, UI_KG);
    line_q(&b, lang, T_REP_IND_GROSS_YEARS_SHORT, y->gross_years, UI_YEARS);
    line_q(&b, lang, T_REP_IND_OWN_YEARS_SHORT, y->own_years, UI_YEARS);
    put_kinds(&b, lang, y);
    put_flags(&b, lang, y);
    return hand_over(&b, out, err);
}

bool write_machine_text(
        const struct rep_machine *m, const struct rep_writing *w,
        struct out *out, struct err *err)
{
    enum ui_lang lang = language(w);
    const char *category = calc_category_word(m->category);
    enum ui_word word = ui_word_for("category", category);
    struct buf b;

    buf_init(&b, TEXT_MAX_BYTES);
    ui_put_say(&b, lang, T_REPORT_MACHINE_TITLE, UI_ARGS(UI_S(m->tag)));
    buf_printf(&b, " - %s", word ? ui_word_text(lang, word) : category);
    if (m->manufacturer || m->product)
        buf_printf(
                &b, ", %s%s%s", m->manufacturer ? m->manufacturer : "",
                m->manufacturer && m->product ? " " : "",
                m->product ? m->product : "");
    if (m->units > 1) {
        buf_str(&b, ", ");
        ui_put_say(&b, lang, T_N_UNITS, UI_ARGS(UI_N(m->units)));
    }
    buf_str(&b, "\n\n");
    line_q(&b, lang, T_REP_MACHINE_GROSS, m->gross_kg, UI_KG);
    line_q(&b, lang, T_COL_OWN, m->own_kg, UI_KG);
    line_q(&b, lang, T_COL_CHARGE, html_point(m->charge_kg), UI_KG);
    line_q(&b, lang, T_COL_POWER, html_point(m->power.watts), UI_W);
    line_q(&b, lang, T_SITE_KWH, html_point(m->site_kwh), UI_KWH);
    line_q(&b, lang, T_LOCATION_KG, m->operation_kg, UI_KG);
    line_q(&b, lang, T_REP_IND_GROSS_YEARS_SHORT, m->gross_years, UI_YEARS);
    if (m->n_parts > 0)
        heading(&b, ui_word_text(lang, T_REP_PARTS_CAPTION));
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct rep_part *p = &m->parts[i];
        const char *kind = calc_kind_word(p->kind);
        enum ui_word k = ui_word_for("kind", kind);

        buf_printf(&b, "  %u x ", (unsigned)p->units);
        pad(&b, p->model ? p->model : k ? ui_word_text(lang, k) : kind, 40);
        buf_char(&b, ' ');
        ui_put_value(&b, lang, p->kg, UI_KG);
        buf_char(&b, '\n');
    }
    return hand_over(&b, out, err);
}
