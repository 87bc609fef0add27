/* SPDX-License-Identifier: Apache-2.0
 * An accelerator's name, as drivers and bus listings print it, to its row.
 * Every word that tells models apart must be equal: "2080" is never "2080 Ti".
 * Memory size, form and memory type choose among the rows of one name. */
#include "factors/load_priv.h"
#include "factors/names_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SAME_MEMORY 0.15 /* drivers report a little less than is sold [D] */

enum { FORM_SIZE = 8, TYPE_SIZE = 8, MAX_ROWS = 16 };

struct gpu_name {
    struct fac_words words; /* sorted: what tells models apart */
    char key[FAC_NAME_MAX * 2 + FAC_WORDS_MAX];
    char form[FORM_SIZE], type[TYPE_SIZE]; /* "" not stated */
    const char *vendor;                    /* NULL not stated */
    double gb;                             /* NAN not stated */
};

static const char *const noise[] = {
        "geforce", "tesla", "radeon", "instinct", "corporation", "corp", "inc",
        "co", "ltd", "graphics", "gpu", "generation", "edition", "card",
        "adapter", "controller", "vga", "compatible", "3d", "accelerator",
        "display", "lite", "hash", "rate", "lhr", "device", "processor",
        "developer", "kit", "module", "jetson", "part", "per", "e", "express",
        "advanced", "micro", "devices", "superchip", "tm", "tensor", "core",
        "series", "coprocessor", "grid", "ampere", "hopper", "habana", "hpe",
        /* how the card is built and cooled */
        "passive", "active", "single", "double", "wide", "full", "height",
        "fhfl", "fhhl", "dgxs", "mcm", "ac", "mba", "ls", "h", "non", "cec",
        "cooled", "slot",
        /* who put the board together, and what they call it */
        "asus", "gigabyte", "msi", "evga", "zotac", "pny", "palit", "gainward",
        "inno3d", "kfa2", "sapphire", "xfx", "powercolor", "asrock", "turbo",
        "founders", "fe", "oc", "gaming", "aorus", "strix", "rog", "tuf",
        "ventus", "windforce", "trio", "ftw", "ftw3", "blower", "aero", NULL};
static const char *const memories[] = {"hbm",    "hbm2",   "hbm2e", "hbm3",
                                       "hbm3e",  "gddr3",  "gddr5", "gddr5x",
                                       "gddr6",  "gddr6x", "gddr7", "ddr3",
                                       "lpddr4", "lpddr5", NULL};

static void word_put(struct gpu_name *g, const char *word, size_t len)
{
    char copy[FAC_NAME_MAX];

    memcpy(copy, word, len);
    copy[len] = '\0';
    if (!fac_words_have(&g->words, copy))
        fac_words_add(&g->words, word, len);
}

/* "rtx2080ti" is three words. */
static void word_split(struct gpu_name *g, const char *word)
{
    const char *rest;
    size_t len = strlen(word);

    if (fac_like(word, "[rg]tx###", &rest)) {
        word_put(g, word, 3);
        word += 3;
        len -= 3;
    }
    if (fac_like(word, "###", &rest) && len > 4 &&
        strcmp(word + len - 2, "ti") == 0) {
        word_put(g, word, len - 2);
        word_put(g, "ti", 2);
        return;
    }
    word_put(g, word, len);
}

static const char *vendor_of(const char *word)
{
    static const char *const words[][2] = {
            {"nvidia", "NVIDIA"}, {"geforce", "NVIDIA"}, {"quadro", "NVIDIA"},
            {"tesla", "NVIDIA"},  {"amd", "AMD"},        {"ati", "AMD"},
            {"radeon", "AMD"},    {"instinct", "AMD"},   {"firepro", "AMD"},
            {"intel", "Intel"},   {"google", "Google"}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i][0]) == 0)
            return words[i][1];
    return NULL;
}

static bool is_maker(const char *word)
{
    static const char *const makers[] = {"nvidia", "amd",    "ati",
                                         "intel",  "google", NULL};

    return fac_one_of(word, makers);
}

/* "300w": power tells no model. */
static bool is_power(const char *word)
{
    return fac_is_like(word, "##w") || fac_is_like(word, "###w");
}

/* "80gb", "80g", "80" "gb". Takes the word before back when it was a number. */
static bool size_take(struct gpu_name *g, const char *word)
{
    const char *rest;
    bool unit = strcmp(word, "gb") == 0 || strcmp(word, "gib") == 0;

    if (unit && g->words.n && fac_is_like(g->words.at[g->words.n - 1], "~")) {
        word = g->words.at[--g->words.n];
        return num_parse(word, strlen(word), NUM_POINT, &g->gb, NULL);
    }
    if (!fac_like(word, "~g", &rest))
        return false;
    if (*rest && strcmp(rest, "b") != 0 && strcmp(rest, "ib") != 0)
        return false;
    return num_parse(word, (size_t)(rest - word) - 1, NUM_POINT, &g->gb, NULL);
}

static bool form_take(struct gpu_name *g, const char *word)
{
    const char *rest;
    bool form = strcmp(word, "pcie") == 0 || strcmp(word, "pci") == 0 ||
                strcmp(word, "oam") == 0 || strcmp(word, "mxm") == 0 ||
                strcmp(word, "sxm") == 0 || fac_is_like(word, "sxm#");

    if (form)
        snprintf(
                g->form, sizeof g->form, "%.7s",
                fac_like(word, "pci", &rest) ? "pcie" : word);
    return form;
}

static void word_take(struct gpu_name *g, const char *word)
{
    if (!*word)
        return;
    if (!g->vendor)
        g->vendor = vendor_of(word);
    if (is_maker(word) || fac_one_of(word, noise) || is_power(word) ||
        size_take(g, word) || form_take(g, word))
        return;
    if (fac_one_of(word, memories)) {
        snprintf(g->type, sizeof g->type, "%.7s", word);
        return;
    }
    word_split(g, word);
}

/* "Quadro" tells the Quadro RTX 6000 from the RTX 6000 Ada and the Quadro 4000
 * from others; before a letter and a number it tells nothing. */
static void quadro_settle(struct fac_words *w)
{
    bool lettered = false;
    size_t kept = 0;

    for (size_t i = 0; i < w->n; i++) {
        const char *s = w->at[i], *rest;

        lettered = lettered || fac_like(s, "[kmpt]###", &rest) ||
                   fac_is_like(s, "a####") || fac_is_like(s, "g[pv]100") ||
                   strcmp(s, "fx") == 0;
    }
    for (size_t i = 0; i < w->n; i++)
        if (!lettered || strcmp(w->at[i], "quadro") != 0)
            w->at[kept++] = w->at[i];
    w->n = kept;
}

static void key_make(struct gpu_name *g)
{
    fac_words_sort(&g->words);
    if (!fac_words_join(&g->words, g->key, sizeof g->key))
        g->key[0] = '\0';
}

static void name_read(const char *text, size_t len, struct gpu_name *g)
{
    char word[FAC_NAME_MAX];
    size_t n = 0;
    bool skip = false;

    *g = (struct gpu_name){.gb = NAN};
    for (size_t i = 0; i <= len; i++) {
        unsigned char c = i < len ? (unsigned char)text[i] : 0;

        if (n + 1 < sizeof word && (isalnum(c) || (c == '.' && n))) {
            word[n++] = (char)tolower(c);
            continue;
        }
        word[n] = '\0';
        if (n && word[n - 1] == '.')
            word[n - 1] = '\0';
        if (n && !skip && strcmp(word, "r") != 0 && strcmp(word, "rev") != 0)
            word_take(g, word);
        if (n)
            skip = strcmp(word, "rev") == 0;
        n = 0;
    }
    quadro_settle(&g->words);
    key_make(g);
}

static void
row_add(struct fac_pack *p, const char *text, size_t len, uint32_t row)
{
    struct gpu_name g;
    const struct fac_name *n;

    name_read(text, len, &g);
    if (!*g.key)
        return;
    for (n = fac_name_find(p->names->gpu, g.key); n; n = n->more)
        if (n->row == row)
            return;
    fac_name_add(&p->text, &p->names->gpu, g.key, row);
}

void fac_gpu_names_build(struct fac_pack *p)
{
    for (size_t i = 0; i < p->n_gpus; i++) {
        const char *s = p->gpus[i].also;

        row_add(p, p->gpus[i].name, strlen(p->gpus[i].name), (uint32_t)i);
        while (*s) {
            size_t n = strcspn(s, ";");

            row_add(p, s, n, (uint32_t)i);
            s += n + (s[n] == ';');
        }
    }
}

/* ---- choosing ----------------------------------------------------------- */

struct choice {
    const struct fac_gpu *rows[MAX_ROWS];
    size_t n;
    bool loose; /* something stated fits no row */
};

static bool form_fits(const struct fac_gpu *r, const struct gpu_name *g)
{
    return strncmp(r->form, g->form, strlen(g->form)) == 0;
}

static bool type_fits(const struct fac_gpu *r, const struct gpu_name *g)
{
    size_t n = strlen(g->type);

    for (size_t i = 0; i < n; i++)
        if (tolower((unsigned char)r->memory_type[i]) != g->type[i])
            return false;
    return true;
}

static bool memory_fits(const struct fac_gpu *r, const struct gpu_name *g)
{
    /* A superchip's name states the memory of its processor. */
    if (strcmp(r->form, "superchip") == 0 || isnan(r->memory_gb))
        return true;
    return fabs(r->memory_gb - g->gb) <= SAME_MEMORY * r->memory_gb;
}

static void choose_by(
        struct choice *c, const struct gpu_name *g,
        bool (*fits)(const struct fac_gpu *, const struct gpu_name *))
{
    size_t kept = 0;

    for (size_t i = 0; i < c->n; i++)
        kept += fits(c->rows[i], g);
    if (!kept) {
        c->loose = true;
        return;
    }
    kept = 0;
    for (size_t i = 0; i < c->n; i++)
        if (fits(c->rows[i], g))
            c->rows[kept++] = c->rows[i];
    c->n = kept;
}

static bool states_memory(const struct fac_gpu *r)
{
    struct gpu_name g;

    name_read(r->name, strlen(r->name), &g);
    return !isnan(g.gb);
}

static const struct fac_gpu *
choose(const struct fac_pack *p, const struct fac_name *n, struct gpu_name *g,
       double memory_gb, enum fac_match *how)
{
    struct choice c = {.n = 0};

    for (; n && c.n < MAX_ROWS; n = n->more)
        if (!g->vendor || strcmp(g->vendor, p->gpus[n->row].vendor) == 0)
            c.rows[c.n++] = &p->gpus[n->row];
    if (!c.n)
        return NULL;
    if (isnan(g->gb) && memory_gb > 0)
        g->gb = memory_gb;
    if (*g->form)
        choose_by(&c, g, form_fits);
    if (*g->type)
        choose_by(&c, g, type_fits);
    if (!isnan(g->gb))
        choose_by(&c, g, memory_fits);
    /* A name sold with several memories, and nothing says which: the die is
     * sure, the model is not. */
    *how = c.n > 1 || c.loose || (isnan(g->gb) && states_memory(c.rows[0]))
                   ? FAC_FAMILY
                   : FAC_MODEL;
    return c.rows[0];
}

/* "2080 Ti" for "RTX 2080 Ti", "A6000" for "RTX A6000"; only where one prefix
 * alone gives a name: "580" may be a GTX or a Radeon RX. */
static const struct fac_name *
with_prefix(const struct fac_pack *p, const struct gpu_name *g)
{
    static const char *const prefixes[] = {"rtx", "gtx", "rx"};
    const struct fac_name *found = NULL;
    bool number = false, radeon = false;
    const char *rest;

    if (g->vendor && strcmp(g->vendor, "NVIDIA") != 0)
        return NULL;
    for (size_t i = 0; i < g->words.n; i++)
        number = number || fac_like(g->words.at[i], "###", &rest) ||
                 fac_is_like(g->words.at[i], "a####");
    for (size_t i = 0; number && i < (g->vendor ? 2 : 3); i++) {
        struct gpu_name other = *g;
        const struct fac_name *n;

        /* The words of a copy still point into the original: same text. */
        other.words.n = 0;
        for (size_t k = 0; k < g->words.n; k++)
            fac_words_add(&other.words, g->words.at[k], strlen(g->words.at[k]));
        fac_words_add(&other.words, prefixes[i], strlen(prefixes[i]));
        key_make(&other);
        n = fac_name_find(p->names->gpu, other.key);
        if (n && found)
            return NULL;
        found = n ? n : found;
        radeon = radeon || (n && i == 2);
    }
    return radeon ? NULL : found;
}

static const struct fac_gpu *find_one(
        const struct fac_pack *p, const char *text, size_t len,
        double memory_gb, enum fac_match *how)
{
    struct gpu_name g;
    const struct fac_name *n;

    name_read(text, len, &g);
    if (!*g.key)
        return NULL;
    n = fac_name_find(p->names->gpu, g.key);
    if (!n)
        n = with_prefix(p, &g);
    return n ? choose(p, n, &g, memory_gb, how) : NULL;
}

/* "Radeon RX 470/480/570": a part that is a number alone takes the words
 * before the first one's. */
static const struct fac_gpu *find_number(
        const struct fac_pack *p, const char *first, size_t first_len,
        const char *part, size_t len, enum fac_match *how)
{
    char name[FAC_NAME_MAX + 1];
    const char *rest;
    size_t n = 0;

    while (n < first_len && !fac_like(first + n, " ###", &rest))
        n++;
    if (n == first_len || n + 1 + len >= sizeof name)
        return NULL;
    memcpy(name, first, n + 1);
    memcpy(name + n + 1, part, len);
    return find_one(p, name, n + 1 + len, NAN, how);
}

/* lspci: "Vega 20 [Radeon Pro VII/Radeon Instinct MI50 32GB] (rev 02)" names
 * every product of one die between the last brackets. */
static const struct fac_gpu *find_listed(
        const struct fac_pack *p, const char *s, const char *end,
        double memory_gb, enum fac_match *how)
{
    const struct fac_gpu *first = NULL;
    const char *list = s;
    int parts = 0;

    *how = FAC_MODEL;
    while (s < end) {
        const char *slash = memchr(s, '/', (size_t)(end - s));
        const char *stop = slash ? slash : end;
        enum fac_match one = FAC_NO_MATCH;
        const struct fac_gpu *g = NULL;

        /* "590" of a Radeon list is no GTX 590. */
        if (parts && isdigit((unsigned char)s[strspn(s, " ")]))
            g = find_number(
                    p, list, strcspn(list, "/"), s, (size_t)(stop - s), &one);
        else
            g = find_one(p, s, (size_t)(stop - s), memory_gb, &one);
        if (g && first && g != first &&
            !(fabs(g->die_mm2 - first->die_mm2) < 0.5))
            return NULL;
        if (g && (one == FAC_FAMILY || (first && g != first)))
            *how = FAC_FAMILY;
        if (!first)
            first = g;
        parts++;
        s = stop + 1;
    }
    if (parts > 1)
        *how = FAC_FAMILY;
    return first;
}

const struct fac_gpu *fac_gpu_find(
        const struct fac_pack *p, const char *name, double memory_gb,
        enum fac_match *how)
{
    const struct fac_gpu *found;
    enum fac_match match = FAC_NO_MATCH;
    const char *open = name ? strrchr(name, '[') : NULL;
    const char *close = open ? strchr(open, ']') : NULL;

    if (how)
        *how = FAC_NO_MATCH;
    if (!name || strlen(name) >= FAC_NAME_MAX)
        return NULL;
    if (close && strncmp(open, "[AMD", 4) != 0)
        found = find_listed(p, open + 1, close, memory_gb, &match);
    else
        found = find_one(p, name, strlen(name), memory_gb, &match);
    if (found && how)
        *how = match;
    return found;
}
