/* SPDX-License-Identifier: Apache-2.0
 * Cells that list parts: "8x16+4x32", "1x900GB + 2x4TB", "2x RTX 2080 Ti". */
#include "importers/csv_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* Reads "12x", "12 x", "2*" or "2 ×" in front of *s; 0 when there is none. */
static uint32_t read_count(const char **s)
{
    const char *p = *s;
    uint32_t n = 0;

    while (*p >= '0' && *p <= '9') {
        if (n > WIRE_MAX_UNITS)
            return 0;
        n = n * 10 + (uint32_t)(*p++ - '0');
    }
    if (p == *s)
        return 0;
    while (*p == ' ')
        p++;
    if (*p == 'x' || *p == 'X' || *p == '*')
        p++;
    else if (memcmp(p, "\xC3\x97", p[0] ? 2 : 1) == 0) /* U+00D7 */
        p += 2;
    else
        return 0;
    while (*p == ' ')
        p++;
    *s = p;
    return n;
}

/* "4 TB x 4", "Tesla T4 (x2)", "Tesla T4 *2": takes a count behind off the text
 * and returns it; 0 when there is none. "FirePro S9300 X2" is a name: a capital
 * X counts only in brackets. */
static uint32_t take_count_behind(struct csv_line *l, const char **s)
{
    size_t len = strlen(*s), at = len, digits;
    bool bracket = len > 0 && (*s)[len - 1] == ')';
    uint32_t n = 0;

    at -= bracket ? 1 : 0;
    for (digits = at; digits > 0 && strchr("0123456789", (*s)[digits - 1]);)
        digits--;
    if (digits == at || at - digits > 4)
        return 0;
    for (size_t i = digits; i < at; i++)
        n = n * 10 + (uint32_t)((*s)[i] - '0');
    at = text_blank_end(*s, digits);
    if (at >= 2 && memcmp(*s + at - 2, "\xC3\x97", 2) == 0)
        at -= 2;
    else if (
            at >= 1 && ((*s)[at - 1] == 'x' || (*s)[at - 1] == '*' ||
                        (bracket && (*s)[at - 1] == 'X')))
        at--;
    else
        return 0;
    if (bracket && (at == 0 || (*s)[--at] != '('))
        return 0;
    if (at == 0 || ((*s)[at - 1] != ' ' && !bracket))
        return 0;
    *s = arena_strn(l->arena, *s, text_blank_end(*s, at));
    return n;
}

/* "2 RTX 2080 Ti": a small number, a blank, a letter. */
static uint32_t take_count_before(const char **s)
{
    size_t digits = strspn(*s, "0123456789");
    const char *p = *s + digits;
    uint32_t n = 0;

    if (digits == 0 || digits > 2 || *p != ' ')
        return 0;
    p += strspn(p, " ");
    if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')))
        return 0;
    for (const char *d = *s; *d != ' '; d++)
        n = n * 10 + (uint32_t)(*d - '0');
    *s = p;
    return n;
}

/* A whole number and nothing else. */
static bool bare_count(const char *s, uint32_t *out)
{
    uint32_t n = 0;

    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || n > WIRE_MAX_UNITS)
            return false;
        n = n * 10 + (uint32_t)(*s - '0');
    }
    *out = n;
    return true;
}

/* Reads a number in front of *s with a point or a comma. */
static bool read_number(const char **s, double *out)
{
    size_t n = strspn(*s, "0123456789.,");

    if (n == 0 || (!num_parse(*s, n, NUM_POINT, out, NULL) &&
                   !num_parse(*s, n, NUM_COMMA, out, NULL)))
        return false;
    *s += n;
    while (**s == ' ')
        (*s)++;
    return true;
}

/* Reads G, GB, GiB, Go, Gio and their like in front of *s: the factor to GiB
 * (binary, as memory is sold) or to GB of 10^9 (disks). */
static bool read_size_unit(const char **s, bool ram, double *factor)
{
    static const char letters[] = "MGTP";
    const char *p = *s, *at;
    double f, step = ram ? 1024.0 : 1000.0;
    char c = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    bool binary = false;

    if (!c || !(at = strchr(letters, c)))
        return false;
    p++;
    if (*p == 'i' || *p == 'I') {
        binary = true;
        p++;
    }
    if (*p && strchr("bBoO", *p))
        p++;
    else if (binary)
        return false;
    if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
        return false; /* a word that only begins like a unit */
    if (binary && !ram)
        step = 1024.0;
    f = pow(step, (double)(at - letters) - 1.0);
    if (binary && !ram)
        f *= 1073741824.0 / 1e9;
    *factor = f;
    *s = p;
    return true;
}

static const char *skip_inch(const char *s)
{
    static const char *const units[] = {
            "inches", "inch",  "in", "\"",           "''",
            "pouces", "pouce", "po", "\xE2\x80\xB3", "\xE2\x80\x9D",
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text_starts(s, units[i]))
            return s + strlen(units[i]);
    return s;
}

static const char *rest_as_model(struct csv_line *l, const char *s)
{
    size_t len = strlen(s), from = text_blank_start(s, len);
    size_t to = text_blank_end(s, len);

    return to > from ? arena_strn(l->arena, s + from, to - from) : NULL;
}

/* What may stand behind the size of a module: "DDR4", "DDR4-2400 ECC RDIMM". */
static bool memory_words(const char *s)
{
    static const char *const words[] = {"ddr",    "lpddr",  "sdram", "dimm",
                                        "rdimm",  "lrdimm", "udimm", "so_dimm",
                                        "sodimm", "ecc",    "reg",   "pc"};
    char key[64];

    s += text_blank_start(s, strlen(s));
    if (!*s)
        return true;
    if (strlen(s) >= sizeof key)
        return false;
    text_key(s, strlen(s), key, sizeof key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_starts(key, words[i]))
            return true;
    return false;
}

static bool
size_of_ram(const char *s, bool counted, struct csv_item *item, struct err *err)
{
    double n, factor = 1.0;

    if (!read_number(&s, &n))
        return err_set(
                err, ERR_INVALID, "expected modules like 12x32 or 8x16+4x32");
    if (!read_size_unit(&s, true, &factor) && !counted)
        return err_set(
                err, ERR_INVALID,
                "module count or size is missing, expected 12x32 (12 modules "
                "of 32 GiB)");
    if (!memory_words(s))
        return err_set(
                err, ERR_INVALID, "expected modules like 12x32 or 8x16+4x32");
    item->size = n * factor;
    if (!(item->size >= 1.0 / 1024.0 && item->size <= 4096.0))
        return err_set(
                err, ERR_INVALID,
                "a module of that size does not exist, expected GiB such as "
                "12x32");
    return true;
}

static bool size_of_disk(
        struct csv_line *l, const char *s, bool counted, struct csv_item *item,
        struct err *err)
{
    double n, factor;

    if (!*s)
        return true; /* "4x": four of unknown size */
    if (!read_number(&s, &n)) {
        if (!counted)
            return err_set(
                    err, ERR_INVALID,
                    "neither a count nor a size, expected disks like 4x4TB, "
                    "none or ?");
        item->model = rest_as_model(l, s);
        return true;
    }
    if (!read_size_unit(&s, false, &factor))
        return err_set(
                err, ERR_INVALID,
                "the size needs its unit, expected disks like 4x4TB or "
                "2x480 GB");
    item->size = n * factor;
    if (!(item->size > 0.0 && item->size <= 1e9))
        return err_set(
                err, ERR_INVALID,
                "size out of range, expected disks like "
                "4x4TB");
    item->model = rest_as_model(l, s);
    return true;
}

static bool size_of_screen(
        struct csv_line *l, const char *s, struct csv_item *item,
        struct err *err)
{
    const char *after = s;

    if (read_number(&after, &item->size)) {
        if (!(item->size >= 3.0 && item->size <= 150.0))
            return err_set(
                    err, ERR_INVALID,
                    "size out of range, expected screens like 1x24in");
        s = skip_inch(after);
    }
    item->model = rest_as_model(l, s);
    return true;
}

static bool read_item(
        struct csv_line *l, const char *s, enum csv_list what,
        struct csv_item *item, struct err *err)
{
    uint32_t bare = 0, n = read_count(&s);
    bool counted;

    if (n == 0 && (what == LIST_DISK || what == LIST_GPU))
        n = take_count_behind(l, &s);
    if (n == 0 && what == LIST_GPU)
        n = take_count_before(&s);
    counted = n > 0;

    *item = (struct csv_item){.units = counted ? n : 1, .size = NAN};
    if (item->units > WIRE_MAX_UNITS)
        return err_set(err, ERR_INVALID, "too many units in one cell");
    if (!counted && what != LIST_RAM && bare_count(s, &bare) &&
        (what != LIST_GPU || bare < 100)) {
        if (bare == 0 || bare > WIRE_MAX_UNITS ||
            (what == LIST_SCREEN && bare >= 10))
            return err_set(
                    err, ERR_INVALID,
                    "'%s' is not clear, expected a count "
                    "and a size like %s",
                    s, what == LIST_SCREEN ? "1x24in" : "4x4TB");
        item->units = bare;
        return true;
    }
    if (!counted && !*s)
        return err_set(err, ERR_INVALID, "nothing between two '+'");
    switch (what) {
    case LIST_RAM:
        return size_of_ram(s, counted, item, err);
    case LIST_DISK:
        return size_of_disk(l, s, counted, item, err);
    case LIST_SCREEN:
        return size_of_screen(l, s, item, err);
    case LIST_GPU:
        break;
    }
    item->model = rest_as_model(l, s);
    return true;
}

static bool one_of(const char *key, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(key, *words) == 0)
            return true;
    return false;
}

/* Words for "there is none", for "not known", and for "some": these say that
 * there are parts but neither how many nor which. */
static const char *const none_words[] = {"0",      "none", "no",   "aucun",
                                         "aucune", "non",  "sans", NULL};
static const char *const unknown_words[] = {"unknown", "inconnu", "inconnue",
                                            "n_a",     "na",      NULL};
static const char *const some_words[] = {"yes",  "oui",     "true",      "vrai",
                                         "some", "several", "plusieurs", "lots",
                                         "many", NULL};

/* "-", "--", "/" and dashes of print: a cell that was struck out. */
static bool struck_out(const char *s)
{
    while (*s) {
        size_t n = strspn(s, "-/ ");

        if (n == 0 &&
            (text_starts(s, "\xE2\x80\x93") || text_starts(s, "\xE2\x80\x94")))
            n = 3;
        if (n == 0)
            return false;
        s += n;
    }
    return true;
}

/* Where an entry ends: a plus, a semicolon, a line end, or a comma followed
 * by a blank (else it may be a decimal one, but not in a list of cards). */
static const char *entry_end(const char *s, enum csv_list what)
{
    for (; *s; s++) {
        if (strchr("+;\n", *s))
            return s;
        if (*s == ',' && (s[1] == ' ' || what == LIST_GPU))
            return s;
    }
    return NULL;
}

bool csv_list_parse(
        struct csv_line *l, const char *text, enum csv_list what,
        struct csv_items *out, struct err *err)
{
    char key[16] = "";

    out->n = 0;
    if (strlen(text) < sizeof key)
        text_key(text, strlen(text), key, sizeof key);
    out->unknown = strspn(text, "? ") == strlen(text) || /* "?", "??" */
                   one_of(key, unknown_words);
    if (out->unknown || one_of(key, none_words) || struck_out(text))
        return true;
    if (one_of(key, some_words))
        return err_set(
                err, ERR_INVALID,
                "neither how many nor which, expected %s, none or ?",
                what == LIST_GPU      ? "2x Tesla T4"
                : what == LIST_SCREEN ? "1x24in"
                : what == LIST_RAM    ? "12x32"
                                      : "4x4TB");
    for (const char *s = text; s;) {
        const char *plus = entry_end(s, what);
        size_t n = plus ? (size_t)(plus - s) : strlen(s);
        size_t from = text_blank_start(s, n);
        size_t to = text_blank_end(s, n);
        const char *item =
                arena_strn(l->arena, s + from, to > from ? to - from : 0);

        if (out->n == CSV_MAX_ITEMS)
            return err_set(
                    err, ERR_INVALID, "more than %d entries in one cell",
                    (int)CSV_MAX_ITEMS);
        if (!read_item(l, item, what, &out->items[out->n], err))
            return false;
        if (out->items[out->n].model &&
            imp_text_chars(out->items[out->n].model) > WIRE_MAX_TEXT)
            return err_set(
                    err, ERR_INVALID, "longer than %d characters",
                    (int)WIRE_MAX_TEXT);
        out->n++;
        s = plus ? plus + 1 : NULL;
    }
    return true;
}
