/* SPDX-License-Identifier: Apache-2.0
 * The catalogue: words by language, their parameters, and the words for the
 * fixed vocabulary of files. */
#include "ui/ui.h"

#include <ctype.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ui/ui_priv.h"

static const struct {
    const char *id;
    const char *text[UI_LANGS];
} words[UI_WORDS] = {
        {"", {"", ""}},
#define W(id, en, fr) {#id, {en, fr}},
#include "ui/words.def"
#undef W
};

const char *ui_word_text(enum ui_lang lang, enum ui_word w)
{
    CHECK((unsigned)w < UI_WORDS && (unsigned)lang < UI_LANGS);
    return words[w].text[lang];
}

const char *ui_word_id(enum ui_word w)
{
    CHECK((unsigned)w < UI_WORDS);
    return words[w].id;
}

const char *ui_lang_code(enum ui_lang lang)
{
    return lang == UI_FR ? "fr" : "en";
}

bool ui_lang_from(const char *code, enum ui_lang *out)
{
    if (!code)
        return false;
    for (int lang = 0; lang < UI_LANGS; lang++) {
        const char *want = ui_lang_code((enum ui_lang)lang);

        if (tolower((unsigned char)code[0]) == want[0] &&
            tolower((unsigned char)code[1]) == want[1] &&
            (code[2] == '\0' || code[2] == '-' || code[2] == '_')) {
            *out = (enum ui_lang)lang;
            return true;
        }
    }
    return false;
}

/* Quality in thousandths of ";q=0.8"; 1000 when there is none. */
static int accept_quality(const char *s, size_t len)
{
    const char *q = NULL;
    int value = 0, scale = 1000;

    for (size_t i = 0; i + 2 < len && !q; i++)
        if (s[i] == ';') {
            size_t k = i + 1;

            while (k < len && s[k] == ' ')
                k++;
            if (k + 1 < len && (s[k] == 'q' || s[k] == 'Q') && s[k + 1] == '=')
                q = s + k + 2;
        }
    if (!q)
        return 1000;
    for (; q < s + len && scale > 0; q++) {
        if (*q == '.')
            continue;
        if (*q < '0' || *q > '9')
            break;
        value += (*q - '0') * scale;
        scale /= 10;
    }
    return value > 1000 ? 1000 : value;
}

enum { ACCEPT_MAX = 1000 }; /* bytes of the header looked at */

enum ui_lang ui_lang_accept(const char *header)
{
    enum ui_lang best = UI_EN;
    int best_quality = 0;
    size_t left = header ? strnlen(header, ACCEPT_MAX) : 0;

    while (left > 0) {
        const char *comma = memchr(header, ',', left);
        size_t len = comma ? (size_t)(comma - header) : left;
        size_t blank = 0;
        char code[4] = "";
        enum ui_lang lang;
        int quality = accept_quality(header, len);

        while (blank < len && header[blank] == ' ')
            blank++;
        for (size_t i = 0; i < 3 && blank + i < len; i++)
            code[i] = header[blank + i] == ';' ? '\0' : header[blank + i];
        if (quality > best_quality && ui_lang_from(code, &lang)) {
            best = lang;
            best_quality = quality;
        }
        len += comma ? 1 : 0;
        header += len;
        left -= len;
    }
    return best;
}

/* ---- parameters --------------------------------------------------------- */

/* One "%s", "%2$u" at p (which points at '%'): its length, or 0 when the
 * percent sign stands for itself. *index is 0-based or -1 for "the next". */
static size_t conversion(const char *p, int *index, char *type)
{
    size_t n = 1;

    *index = -1;
    if (p[n] >= '1' && p[n] <= '9' && p[n + 1] == '$') {
        *index = p[n] - '1';
        n += 2;
    }
    if (p[n] == '\0' || !strchr("sdu", p[n]))
        return 0;
    *type = p[n];
    return n + 1;
}

int ui_word_types(const char *text, size_t len, char types[UI_WORD_ARGS])
{
    int next = 0, n = 0, index;
    char type;

    memset(types, 0, UI_WORD_ARGS);
    for (size_t i = 0; i < len; i++) {
        size_t used = text[i] == '%' ? conversion(text + i, &index, &type) : 0;

        if (used == 0)
            continue;
        if (index < 0)
            index = next++;
        CHECK(index < UI_WORD_ARGS);
        types[index] = type;
        n = index + 1 > n ? index + 1 : n;
        i += used - 1;
    }
    return n;
}

static size_t args_count(const struct ui_arg *args)
{
    size_t n = 0;

    while (args && args[n].type)
        n++;
    return n;
}

/* The form of "one|many" that the first count asks for. */
static const char *
plural(const char *text, enum ui_lang lang, const struct ui_arg *args, size_t n,
       size_t *len)
{
    const char *bar = strchr(text, '|');
    long long count = 2;

    *len = strlen(text);
    if (!bar)
        return text;
    for (size_t i = n; i-- > 0;)
        if (args[i].type == 'u')
            count = args[i].n;
    if (count == 1 || (count == 0 && lang == UI_FR)) {
        *len = (size_t)(bar - text);
        return text;
    }
    *len -= (size_t)(bar - text) + 1;
    return bar + 1;
}

static void
put_arg(struct buf *b, enum ui_lang lang, char type, const struct ui_arg *arg)
{
    CHECK(arg->type == type);
    if (type == 's')
        buf_str(b, arg->s ? arg->s : ui_word_text(lang, T_UNKNOWN));
    else if (type == 'd')
        buf_printf(b, "%lld", arg->n);
    else
        ui_put_number(b, lang, (double)arg->n, 0);
}

void ui_put_say(
        struct buf *b, enum ui_lang lang, enum ui_word w,
        const struct ui_arg *args)
{
    size_t n = args_count(args), len, next = 0;
    const char *text = plural(ui_word_text(lang, w), lang, args, n, &len);

    for (size_t i = 0; i < len; i++) {
        int index;
        char type = 0;
        size_t used = text[i] == '%' ? conversion(text + i, &index, &type) : 0;

        if (used == 0) {
            buf_char(b, text[i]);
            continue;
        }
        if (index < 0)
            index = (int)next++;
        CHECK((size_t)index < n);
        put_arg(b, lang, type, &args[index]);
        i += used - 1;
    }
}

/* ---- fixed vocabulary --------------------------------------------------- */

/* Words by their id: lists ask for several a row. Open addressing, less than
 * half full. */
enum { SLOTS = 4096 };
_Static_assert(UI_WORDS <= SLOTS / 2, "more slots for more words");
static uint16_t slots[SLOTS]; /* enum ui_word; 0 (T_NONE): free */
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static unsigned slot_of(const char *id)
{
    unsigned h = 2166136261u; /* FNV-1a */

    for (; *id; id++)
        h = (h ^ (unsigned char)*id) * 16777619u;
    return h % SLOTS;
}

static void fill_slots(void)
{
    for (int w = 1; w < UI_WORDS; w++) {
        unsigned at = slot_of(words[w].id);

        while (slots[at])
            at = (at + 1) % SLOTS;
        slots[at] = (uint16_t)w;
    }
}

enum ui_word ui_word_for(const char *group, const char *word)
{
    char id[80];
    int len = snprintf(id, sizeof id, "T_%s_%s", group, word ? word : "");

    if (len < 0 || (size_t)len >= sizeof id)
        return T_NONE;
    for (int i = 0; i < len; i++)
        id[i] = (char)toupper((unsigned char)id[i]);
    pthread_once(&slots_once, fill_slots);
    for (unsigned at = slot_of(id); slots[at]; at = (at + 1) % SLOTS)
        if (strcmp(words[slots[at]].id, id) == 0)
            return (enum ui_word)slots[at];
    return T_NONE;
}

enum ui_word ui_word_month(int month)
{
    CHECK(month >= 1 && month <= 12);
    return (enum ui_word)(T_MONTH_1 + month - 1);
}

/* ---- texts kept by a document ------------------------------------------- */

const char *ui_t(const struct ui *u, enum ui_word w)
{
    return ui_word_text(u->lang, w);
}

const char *ui_keep(struct ui *u, struct buf *b)
{
    const char *text = arena_strn(&u->words, buf_text(b), b->len);

    buf_reset(b);
    return text;
}

const char *ui_say_args(struct ui *u, enum ui_word w, const struct ui_arg *args)
{
    ui_put_say(&u->priv->scratch, u->lang, w, args);
    return ui_keep(u, &u->priv->scratch);
}

const char *ui_q_text(struct ui *u, const struct ui_q *q)
{
    ui_put_q(&u->priv->scratch, u->lang, q);
    return ui_keep(u, &u->priv->scratch);
}

const char *ui_number_text(struct ui *u, double v, int decimals)
{
    ui_put_number(&u->priv->scratch, u->lang, v, decimals);
    return ui_keep(u, &u->priv->scratch);
}

const char *ui_date_text(struct ui *u, struct date d)
{
    ui_put_date(&u->priv->scratch, u->lang, d);
    return ui_keep(u, &u->priv->scratch);
}

const char *ui_of(const struct ui *u, const char *group, const char *word)
{
    enum ui_word w = ui_word_for(group, word);

    return w != T_NONE ? ui_t(u, w) : word;
}
