/* SPDX-License-Identifier: Apache-2.0
 * Running text and the small components inside it: headings, links, figures
 * with their interval and badge, notices, lists, derivations, footnotes. */
#include "ui/ui.h"

#include <string.h>

#include "ui/ui_priv.h"

/* ---- small writers ------------------------------------------------------ */

void ui_attr_if(struct ui *u, const char *name, const char *value)
{
    if (value)
        mk_attr(u->mk, name, value);
}

void ui_open(struct ui *u, const char *element, const char *class_name)
{
    mk_begin(u->mk, element);
    ui_attr_if(u, "class", class_name);
}

void ui_put(
        struct ui *u, const char *element, const char *class_name,
        const char *text)
{
    ui_open(u, element, class_name);
    mk_text(u->mk, text);
    mk_end(u->mk, element);
}

void ui_flush(struct ui *u)
{
    mk_text(u->mk, buf_text(&u->priv->scratch));
    buf_reset(&u->priv->scratch);
}

bool ui_href_ok(const struct ui *u, const char *href)
{
    if (!href || !*href)
        return false;
    for (const char *c = href; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return false; /* browsers drop them: "/\t/host" is "//host" */
    if (*href == '#')
        return href[1] != '\0';
    if (strncmp(href, "https://", 8) == 0 || strncmp(href, "http://", 7) == 0)
        return true;
    if (u->mode == UI_FILE)
        return false; /* a file on a desk has no server beside it */
    return *href == '?' || (*href == '/' && href[1] != '/' && href[1] != '\\');
}

static const char *const tone_classes[UI_TONES] = {
        [UI_NEUTRAL] = "neutral",
        [UI_FABRICATION] = "fabrication",
        [UI_OPERATION] = "operation",
        [UI_AVOIDED] = "avoided",
        [UI_WARNING] = "warning",
        [UI_ERROR] = "error",
        [UI_S1] = "s1",
        [UI_S2] = "s2",
        [UI_S3] = "s3",
        [UI_S4] = "s4",
        [UI_S5] = "s5",
        [UI_S6] = "s6",
        [UI_S7] = "s7",
        [UI_OTHERS] = "others",
};

const char *ui_tone_class(enum ui_tone tone)
{
    CHECK((unsigned)tone < UI_TONES);
    return tone_classes[tone];
}

/* ---- headings and paragraphs -------------------------------------------- */

void ui_section_begin(struct ui *u, const char *id, const char *heading)
{
    mk_begin(u->mk, "section");
    mk_attr(u->mk, "id", id);
    mk_element(u->mk, "h2", heading);
}

void ui_section_end(struct ui *u)
{
    mk_end(u->mk, "section");
}

void ui_heading(struct ui *u, const char *id, const char *text)
{
    mk_begin(u->mk, "h3");
    ui_attr_if(u, "id", id);
    mk_text(u->mk, text);
    mk_end(u->mk, "h3");
}

void ui_p(struct ui *u, const char *text)
{
    mk_element(u->mk, "p", text);
}

void ui_screen_begin(struct ui *u)
{
    ui_open(u, "div", "screen");
}

void ui_screen_end(struct ui *u)
{
    mk_end(u->mk, "div");
}

void ui_command(struct ui *u, const char *text)
{
    mk_begin(u->mk, "pre");
    mk_element(u->mk, "code", text);
    mk_end(u->mk, "pre");
}

void ui_p_begin(struct ui *u)
{
    mk_begin(u->mk, "p");
}

void ui_p_end(struct ui *u)
{
    mk_end(u->mk, "p");
}

void ui_text(struct ui *u, const char *text)
{
    mk_text(u->mk, text);
}

void ui_strong(struct ui *u, const char *text)
{
    mk_element(u->mk, "strong", text);
}

void ui_muted(struct ui *u, const char *text)
{
    ui_put(u, "span", "muted", text);
}

static void
link_of(struct ui *u, const char *href, const char *text,
        const char *class_name)
{
    if (!ui_href_ok(u, href)) {
        mk_text(u->mk, text);
        return;
    }
    ui_open(u, "a", class_name);
    mk_attr(u->mk, "href", href);
    if (strncmp(href, "http", 4) == 0)
        mk_attr(u->mk, "rel", "noreferrer");
    mk_text(u->mk, text);
    mk_end(u->mk, "a");
}

void ui_link(struct ui *u, const char *href, const char *text)
{
    link_of(u, href, text, NULL);
}

void ui_source_link(struct ui *u, const char *href, const char *text)
{
    link_of(u, href, text, "source");
}

/* ---- figures ------------------------------------------------------------ */

static const struct {
    const char *text;
    enum ui_word title;
} badges[UI_BADGES] = {
        [UI_ACQ] = {"ACQ", T_BADGE_ACQ},
        [UI_AMORT] = {"AMORT", T_BADGE_AMORT},
        [UI_SUNK] = {"SUNK", T_BADGE_SUNK},
};

void ui_badge(struct ui *u, enum ui_badge badge)
{
    CHECK((unsigned)badge < UI_BADGES);
    if (badge == UI_NO_BADGE)
        return;
    ui_open(u, "abbr", "badge");
    mk_attr(u->mk, "title", ui_t(u, badges[badge].title));
    mk_text(u->mk, badges[badge].text);
    mk_end(u->mk, "abbr");
}

/* Number of the footnote that tells this reason; 0 when there are too many. */
static size_t footnote(struct ui *u, const char *reason)
{
    struct ui_priv *p = u->priv;

    for (size_t i = 0; i < p->n_footnotes; i++)
        if (strcmp(p->footnotes[i], reason) == 0)
            return i + 1;
    if (p->n_footnotes == UI_FOOTNOTES)
        return 0;
    p->footnotes[p->n_footnotes] = arena_str(&u->words, reason);
    return ++p->n_footnotes;
}

void ui_unknown(struct ui *u, const char *reason)
{
    size_t number;

    if (!reason || !*reason)
        reason = ui_t(u, T_UNKNOWN_REASON);
    number = footnote(u, reason);
    ui_open(u, "span", "unknown");
    mk_attr(u->mk, "title", reason);
    mk_text(u->mk, UI_DASH);
    mk_end(u->mk, "span");
    if (number == 0)
        return;
    mk_begin(u->mk, "sup");
    mk_begin(u->mk, "a");
    mk_attrf(u->mk, "href", "#note-%zu", number);
    mk_textf(u->mk, "%zu", number);
    mk_end(u->mk, "a");
    mk_end(u->mk, "sup");
}

void ui_footnotes(struct ui *u)
{
    struct ui_priv *p = u->priv;

    if (p->n_footnotes == 0)
        return;
    ui_open(u, "section", "footnotes");
    mk_attr(u->mk, "id", "notes");
    mk_element(u->mk, "h2", ui_t(u, T_FOOTNOTES));
    mk_begin(u->mk, "ol");
    for (size_t i = 0; i < p->n_footnotes; i++) {
        mk_begin(u->mk, "li");
        mk_attrf(u->mk, "id", "note-%zu", i + 1);
        mk_text(u->mk, p->footnotes[i]);
        mk_end(u->mk, "li");
    }
    mk_end(u->mk, "ol");
    mk_end(u->mk, "section");
    p->n_footnotes = 0;
}

static void why_link(struct ui *u, const struct ui_q *q)
{
    struct buf *b = &u->priv->scratch;

    if (!ui_href_ok(u, q->why))
        return;
    mk_text(u->mk, " ");
    ui_open(u, "a", "why");
    mk_attr(u->mk, "href", q->why);
    buf_str(b, ui_t(u, T_WHY_TITLE));
    buf_char(b, ' ');
    ui_put_value(b, u->lang, q->value, q->unit);
    mk_attr(u->mk, "title", buf_text(b));
    buf_reset(b);
    mk_text(u->mk, ui_t(u, T_WHY));
    mk_end(u->mk, "a");
}

void ui_q(struct ui *u, const struct ui_q *q)
{
    struct buf *b = &u->priv->scratch;

    ui_open(u, "span", "q");
    if (isfinite(q->value)) /* all digits, for programs that read pages */
        mk_attr_num(u->mk, "data-value", q->value);
    if (!isfinite(q->value)) {
        ui_unknown(u, q->reason);
    } else {
        ui_put_value(b, u->lang, q->value, q->unit);
        ui_open(u, "span", "v");
        ui_flush(u);
        mk_end(u->mk, "span");
        if (ui_q_has_interval(q)) {
            mk_text(u->mk, " ");
            ui_open(u, "span", "i");
            ui_put_interval(b, u->lang, q);
            ui_flush(u);
            mk_end(u->mk, "span");
        }
        if (q->badge != UI_NO_BADGE) {
            mk_text(u->mk, " ");
            ui_badge(u, q->badge);
        }
    }
    why_link(u, q);
    mk_end(u->mk, "span");
}

/* ---- tags, notices, lists ----------------------------------------------- */

static void tone_attr(struct ui *u, const char *what, enum ui_tone tone)
{
    mk_attrf(u->mk, "class", "%s %s", what, ui_tone_class(tone));
}

void ui_tag(struct ui *u, const char *text, enum ui_tone tone)
{
    mk_begin(u->mk, "span");
    tone_attr(u, "tag", tone);
    mk_text(u->mk, text);
    mk_end(u->mk, "span");
}

void ui_notice(
        struct ui *u, enum ui_tone tone, const char *heading, const char *text)
{
    if (!heading && tone == UI_WARNING)
        heading = ui_t(u, T_WARNING);
    if (!heading && tone == UI_ERROR)
        heading = ui_t(u, T_ERROR);
    mk_begin(u->mk, "div");
    tone_attr(u, "notice", tone);
    if (tone == UI_ERROR)
        mk_attr(u->mk, "role", "alert");
    mk_begin(u->mk, "p");
    if (heading) {
        mk_element(u->mk, "strong", heading);
        mk_text(u->mk, " ");
    }
    mk_text(u->mk, text);
    mk_end(u->mk, "p");
    mk_end(u->mk, "div");
}

void ui_list_begin(struct ui *u)
{
    ui_open(u, "ul", "list");
}

void ui_item_begin(struct ui *u)
{
    mk_begin(u->mk, "li");
}

void ui_item_end(struct ui *u)
{
    mk_end(u->mk, "li");
}

void ui_item(struct ui *u, const char *text)
{
    mk_element(u->mk, "li", text);
}

void ui_list_end(struct ui *u)
{
    mk_end(u->mk, "ul");
}

void ui_dl_begin(struct ui *u)
{
    ui_open(u, "dl", "facts");
}

void ui_dl_item_begin(struct ui *u, const char *term)
{
    mk_element(u->mk, "dt", term);
    mk_begin(u->mk, "dd");
}

void ui_dl_item_end(struct ui *u)
{
    mk_end(u->mk, "dd");
}

void ui_dl(struct ui *u, const char *term, const char *text)
{
    ui_dl_item_begin(u, term);
    if (text && *text)
        mk_text(u->mk, text);
    else
        ui_unknown(u, NULL);
    ui_dl_item_end(u);
}

void ui_dl_q(struct ui *u, const char *term, const struct ui_q *q)
{
    ui_dl_item_begin(u, term);
    ui_q(u, q);
    ui_dl_item_end(u);
}

void ui_dl_end(struct ui *u)
{
    mk_end(u->mk, "dl");
}

void ui_details_begin(struct ui *u, const char *summary, bool open)
{
    mk_begin(u->mk, "details");
    if (open)
        mk_attr(u->mk, "open", "open");
    mk_element(u->mk, "summary", summary);
}

void ui_details_end(struct ui *u)
{
    mk_end(u->mk, "details");
}

void ui_columns_begin(struct ui *u)
{
    ui_open(u, "div", "columns");
}

void ui_columns_end(struct ui *u)
{
    mk_end(u->mk, "div");
}

/* ---- fabrication | operation -------------------------------------------- */

static void balance_block(
        struct ui *u, const char *class_name, enum ui_word head,
        const struct ui_q *q, const char *words)
{
    ui_open(u, "div", class_name);
    if (head != T_NONE)
        ui_put(u, "h3", "kicker", ui_t(u, head));
    ui_open(u, "p", "big");
    ui_q(u, q);
    mk_end(u->mk, "p");
    if (words)
        ui_put(u, "p", "muted", words);
    mk_end(u->mk, "div");
}

void ui_balance(struct ui *u, const struct ui_balance *b)
{
    ui_open(u, "div", "balance");
    balance_block(
            u, "side fabrication", T_FABRICATION, &b->fabrication,
            b->fabrication_words);
    balance_block(u, "ratio", T_NONE, &b->ratio, b->ratio_words);
    balance_block(
            u, "side operation", T_OPERATION, &b->operation,
            b->operation_words);
    mk_end(u->mk, "div");
}

/* ---- why this number ---------------------------------------------------- */

static void why_row(struct ui *u, const struct ui_why_row *r)
{
    const char *const plain[] = {r->factor, r->value, r->set, r->version};

    mk_begin(u->mk, "tr");
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        ui_put(u, "td", i == 1 ? "n" : NULL, plain[i] ? plain[i] : UI_DASH);
    mk_begin(u->mk, "td");
    ui_source_link(u, r->source_href, r->source ? r->source : UI_DASH);
    mk_end(u->mk, "td");
    mk_element(u->mk, "td", r->grade ? r->grade : UI_DASH);
    mk_end(u->mk, "tr");
}

static void why_rows(struct ui *u, const struct ui_why *w)
{
    static const enum ui_word heads[] = {T_FACTOR,  T_VALUE,  T_SET,
                                         T_VERSION, T_SOURCE, T_GRADE};

    ui_open(u, "div", "scroll");
    mk_attr(u->mk, "tabindex", "0");
    mk_attr(u->mk, "role", "group");
    mk_attr(u->mk, "aria-label", w->title);
    mk_begin(u->mk, "table");
    mk_begin(u->mk, "thead");
    mk_begin(u->mk, "tr");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        ui_open(u, "th", i == 1 ? "n" : NULL);
        mk_attr(u->mk, "scope", "col");
        mk_text(u->mk, ui_t(u, heads[i]));
        mk_end(u->mk, "th");
    }
    mk_end(u->mk, "tr");
    mk_end(u->mk, "thead");
    mk_begin(u->mk, "tbody");
    for (size_t i = 0; i < w->n; i++)
        why_row(u, &w->rows[i]);
    mk_end(u->mk, "tbody");
    mk_end(u->mk, "table");
    mk_end(u->mk, "div");
}

void ui_why(struct ui *u, const struct ui_why *w)
{
    mk_begin(u->mk, "article");
    mk_attr(u->mk, "class", "derivation");
    mk_attr(u->mk, "id", w->id);
    mk_element(u->mk, "h3", w->title);
    ui_dl_begin(u);
    if (w->formula)
        ui_dl(u, ui_t(u, T_FORMULA), w->formula);
    if (w->filled)
        ui_dl(u, ui_t(u, T_FILLED_IN), w->filled);
    ui_dl_end(u);
    if (w->n > 0)
        why_rows(u, w);
    mk_end(u->mk, "article");
}
