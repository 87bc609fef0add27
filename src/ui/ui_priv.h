/* SPDX-License-Identifier: Apache-2.0
 * What the files of this module share: the state of a document being written
 * and small writers over base/markup. */
#ifndef UI_UI_PRIV_H
#define UI_UI_PRIV_H

#include "ui/ui.h"

#define UI_DASH "\u2014" /* unknown, never 0 */

enum {
    UI_WORD_ARGS = 8,          /* parameters of one catalogue text */
    UI_TEXT_MAX = 1024 * 1024, /* one text put together in memory */
    UI_FOOTNOTES = 64,         /* distinct reasons told in full */
};

struct ui_priv {
    struct buf scratch; /* empty between calls */
    const char *foot;
    const char *footnotes[UI_FOOTNOTES];
    size_t n_footnotes;
    bool page_open;
    bool in_p; /* inside what a paragraph-like element holds */
    size_t charts, forms;
    struct {
        const struct ui_table *t; /* NULL: no table open */
        size_t n_rows, row, col;  /* row: rows begun so far */
        size_t number;            /* of the table in the document */
        bool row_open, cell_open;
    } table;
    enum ui_form_kind form;
    size_t form_field;
};

/* ---- words.c ------------------------------------------------------------ */
const char *ui_word_id(enum ui_word w);
/* Types of a text's parameters by position; returns how many. */
int ui_word_types(const char *text, size_t len, char types[UI_WORD_ARGS]);
/* Copies the buffer into the document's words and empties it. */
const char *ui_keep(struct ui *u, struct buf *b);

/* ---- figure.c ----------------------------------------------------------- */
bool ui_q_has_interval(const struct ui_q *q);
void ui_put_interval(struct buf *b, enum ui_lang lang, const struct ui_q *q);

/* ---- text.c ------------------------------------------------------------- */
/* Opens an element with a class (NULL: none). */
void ui_open(struct ui *u, const char *element, const char *class_name);
/* open + text + end */
void ui_put(
        struct ui *u, const char *element, const char *class_name,
        const char *text);
void ui_attr_if(struct ui *u, const char *name, const char *value);
/* Writes what the scratch buffer holds and empties it. */
void ui_flush(struct ui *u);
/* Addresses that may become links: "#a", "?q", "/path" (served pages alone),
 * http and https. Everything else, "javascript:" first, is written as text. */
bool ui_href_ok(const struct ui *u, const char *href);
/* The em dash with its reason and footnote. */
void ui_unknown(struct ui *u, const char *reason);
const char *ui_tone_class(enum ui_tone tone);
void ui_footnotes(struct ui *u);

#endif
