/* SPDX-License-Identifier: Apache-2.0
 * A maker and a model, as firmware gives them, to a product footprint. Every
 * word of the model must be equal: a PowerEdge R6525 is no R652. Answers are
 * kept by text for as long as the pack lives. */
#include "factors/load_priv.h"
#include "factors/names_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT 1.0
#define WITHOUT_LINE 0.95 /* [D] "R640" of Dell; one product alone has it */

enum {
    KEY_SIZE = 2 * FAC_NAME_MAX + FAC_WORDS_MAX + 40,
    MAX_CACHED = 200000, /* names; later ones share an entry per answer */
};

struct entry {
    UT_hash_handle hh;
    struct fac_product product;
    char key[];
};

struct fac_cache {
    pthread_mutex_t lock;
    struct entry *entries;
    size_t n;
    struct arena text;
};

/* ---- words -------------------------------------------------------------- */

/* Words of makers that tell nothing, and one word for each maker with several
 * names. */
static const char *const company[] = {
        "inc",        "corp",       "corporation", "co",      "ltd",
        "company",    "computer",   "computers",   "limited", "technologies",
        "technology", "group",      "gmbh",        "emc",     "international",
        "llc",        "enterprise", "packard",     NULL};

static const char *maker_word(const char *word)
{
    static const char *const same[] = {"hp", "hpe", "hewlett", NULL};

    if (fac_one_of(word, same))
        return "hp";
    return word;
}

static const char *const makers[] = {"dell",  "hp",        "lenovo",
                                     "apple", "microsoft", NULL};

/* Product lines, and whose they are: known without the maker's name. */
static const char *const lines[][2] = {
        {"poweredge", "dell"},     {"precision", "dell"},
        {"optiplex", "dell"},      {"latitude", "dell"},
        {"wyse", "dell"},          {"proliant", "hp"},
        {"synergy", "hp"},         {"edgeline", "hp"},
        {"elitebook", "hp"},       {"probook", "hp"},
        {"zbook", "hp"},           {"thinksystem", "lenovo"},
        {"thinkcentre", "lenovo"}, {"thinkpad", "lenovo"}};

static const char *line_maker(const char *word)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (strcmp(word, lines[i][0]) == 0)
            return lines[i][1];
    return NULL;
}

static const char *const noise[] = {
        "monitor", "display", "notebook", "pc",     "server",
        "compute", "module",  "form",     "factor", "workstation",
        "mobile",  "desktop", "rack",     NULL};

/* Firmware that was never filled in, and machines that are none. */
static bool says_nothing(const char *s)
{
    static const char *const texts[] = {
            "to be filled by o.e.m.",
            "system product name",
            "system manufacturer",
            "default string",
            "not specified",
            "unknown",
            "none",
            "n/a",
            "o.e.m.",
            "not applicable",
            "virtual machine",
            "kvm",
            "standard pc",
            NULL};
    char lower[FAC_NAME_MAX + 1];
    size_t i;

    for (i = 0; s[i] && i < FAC_NAME_MAX; i++)
        lower[i] = (char)tolower((unsigned char)s[i]);
    lower[i] = '\0';
    return !*lower || fac_one_of(lower, texts);
}

/* "gen10" is "g10"; "gen" "10" too; sff and mff are spelt out by some. */
static void model_word(struct fac_words *w, char *word)
{
    const char *rest;
    char joined[FAC_NAME_MAX + 2];

    if (fac_like(word, "gen#", &rest)) {
        memmove(word + 1, word + 3, strlen(word + 3) + 1);
    } else if (
            w->n && strcmp(w->at[w->n - 1], "gen") == 0 &&
            fac_like(word, "#", &rest)) {
        w->n--;
        snprintf(joined, sizeof joined, "g%s", word);
        fac_words_add(w, joined, strlen(joined));
        return;
    }
    if (strcmp(word, "edge") == 0 && w->n &&
        strcmp(w->at[w->n - 1], "power") == 0) {
        w->n--;
        word = "poweredge";
    } else if (strcmp(word, "sff") == 0) {
        word = "small";
    } else if (strcmp(word, "mff") == 0) {
        word = "micro";
    }
    if (!fac_one_of(word, noise) && !fac_words_have(w, word))
        fac_words_add(w, word, strlen(word));
}

/* "(SKU=NotProvided;ModelName=...)" and "(868703-B21)" are lshw's,
 * "-[7X06CTO1WW]-" is Lenovo's; brackets with words belong to the name. Returns
 * how much of s to skip. */
static size_t label_at(const char *s)
{
    size_t n = strcspn(s, *s == '[' ? "]" : ")");

    if ((*s != '(' && *s != '[') || !s[n])
        return 0;
    return memchr(s, '=', n) || !memchr(s, ' ', n) ? n + 1 : 0;
}

static void words_read(const char *s, struct fac_words *w)
{
    char word[FAC_NAME_MAX + 1];
    size_t n = 0;

    w->n = 0;
    for (;; s++) {
        size_t label = label_at(s);
        unsigned char c;

        s += label;
        c = (unsigned char)*s;
        /* '.' stays in "2.5ghz" and "15.6"; bytes of UTF-8 letters stay. */
        if (!label && n < FAC_NAME_MAX &&
            (isalnum(c) || c >= 0x80 ||
             (c == '.' && n && isdigit((unsigned char)s[1])))) {
            word[n++] = (char)tolower(c);
            continue;
        }
        word[n] = '\0';
        if (n)
            model_word(w, word);
        n = 0;
        if (!c)
            return;
        if (label)
            s--; /* c is still to be read */
    }
}

static void maker_read(const char *s, char dst[FAC_NAME_MAX + 1])
{
    struct fac_words w;

    dst[0] = '\0';
    words_read(s, &w);
    for (size_t i = 0; i < w.n && !*dst; i++)
        if (!fac_one_of(w.at[i], company))
            snprintf(dst, FAC_NAME_MAX + 1, "%s", maker_word(w.at[i]));
}

/* Takes the maker's name out of the words; the line's maker when none is
 * known. */
static void maker_settle(struct fac_words *w, char maker[FAC_NAME_MAX + 1])
{
    size_t kept = 0;

    if (!*maker && w->n && fac_one_of(maker_word(w->at[0]), makers))
        snprintf(maker, FAC_NAME_MAX + 1, "%s", maker_word(w->at[0]));
    for (size_t i = 0; i < w->n && !*maker; i++)
        if (line_maker(w->at[i]))
            snprintf(maker, FAC_NAME_MAX + 1, "%s", line_maker(w->at[i]));
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(maker_word(w->at[i]), maker) != 0)
            w->at[kept++] = w->at[i];
    w->n = kept;
}

/* "dell|poweredge r640", words sorted; with `line` false without the line. */
static bool key_make(
        const char *maker, const struct fac_words *words, bool line,
        char key[KEY_SIZE])
{
    struct fac_words w = {.n = 0};
    size_t n;

    for (size_t i = 0; i < words->n; i++)
        if (line || !line_maker(words->at[i]))
            fac_words_add(&w, words->at[i], strlen(words->at[i]));
    if (!w.n || !*maker)
        return false;
    fac_words_sort(&w);
    n = (size_t)snprintf(key, KEY_SIZE, "%.32s|", maker);
    return fac_words_join(&w, key + n, KEY_SIZE - n);
}

/* A name and its other names may have one key. */
static void key_add(struct fac_pack *p, const char *key, uint32_t row)
{
    const struct fac_name *n = fac_name_find(p->names->product, key);

    for (; n; n = n->more)
        if (n->row == row)
            return;
    fac_name_add(&p->text, &p->names->product, key, row);
}

static void row_add(struct fac_pack *p, const char *name, uint32_t row)
{
    char maker[FAC_NAME_MAX + 1], key[KEY_SIZE];
    struct fac_words w;

    maker_read(p->pcfs[row].maker, maker);
    words_read(name, &w);
    maker_settle(&w, maker);
    if (key_make(maker, &w, true, key))
        key_add(p, key, row);
    if (key_make(maker, &w, false, key))
        key_add(p, key, row);
}

void fac_product_names_build(struct fac_pack *p)
{
    for (size_t i = 0; i < p->n_pcfs; i++) {
        const char *s = p->pcfs[i].also;
        char name[FAC_MAX_CELL + 1];

        row_add(p, p->pcfs[i].name, (uint32_t)i);
        while (*s) {
            size_t n = strcspn(s, ";");

            memcpy(name, s, n);
            name[n] = '\0';
            row_add(p, name, (uint32_t)i);
            s += n + (s[n] == ';');
        }
    }
}

/* ---- matching ----------------------------------------------------------- */

/* A screen's sheet is no computer's; those of switches and of what no line of
 * an inventory is stand for their own kind alone. */
static bool fits(const struct fac_pcf *pcf, enum calc_category c)
{
    if (c == CALC_OTHER_UNIT || c == CALC_PART_LOT || c == pcf->category)
        return true;
    if (pcf->category == CALC_OTHER_UNIT || pcf->category == CALC_SWITCH_UNIT)
        return false;
    return (pcf->category == CALC_SCREEN_UNIT) == (c == CALC_SCREEN_UNIT) &&
           (c == CALC_SCREEN_UNIT || calc_is_computer(c));
}

/* The order of fac_pack_add_db, rules 1 to 4. */
static bool goes_before(const struct fac_pcf *a, const struct fac_pcf *b)
{
    if ((a->nonuse_kg > 0) != (b->nonuse_kg > 0))
        return a->nonuse_kg > 0;
    if (a->set->preferred != b->set->preferred)
        return a->set->preferred;
    if (a->set->user != b->set->user)
        return a->set->user ? b->year && a->year > b->year
                            : !a->year || b->year <= a->year;
    return a->year != b->year ? a->year > b->year : a->set < b->set;
}

/* Whether the row is the only one of its set behind the key. */
static bool
alone(const struct fac_pack *p, const struct fac_name *rows, uint32_t row)
{
    for (; rows; rows = rows->more)
        if (rows->row != row && p->pcfs[rows->row].set == p->pcfs[row].set)
            return false;
    return true;
}

/* The row behind a key; a set with two gives none. */
static const struct fac_pcf *
only(const struct fac_pack *p, const char *key, enum calc_category c)
{
    const struct fac_name *rows = fac_name_find(p->names->product, key);
    const struct fac_pcf *best = NULL;

    for (const struct fac_name *n = rows; n; n = n->more) {
        const struct fac_pcf *pcf = &p->pcfs[n->row];

        if (fits(pcf, c) && alone(p, rows, n->row) &&
            (!best || goes_before(pcf, best)))
            best = pcf;
    }
    return best;
}

static bool has_line(const struct fac_words *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (line_maker(w->at[i]))
            return true;
    return false;
}

static bool row_has_line(const struct fac_pcf *pcf)
{
    struct fac_words w;

    words_read(pcf->name, &w);
    return has_line(&w);
}

static const struct fac_pcf *
match(const struct fac_pack *p, const char *manufacturer, const char *name,
      enum calc_category c, double *score)
{
    char maker[FAC_NAME_MAX + 1] = "", key[KEY_SIZE];
    struct fac_words w;
    const struct fac_pcf *pcf;

    *score = 0;
    if (strlen(name) > FAC_NAME_MAX || strlen(manufacturer) > FAC_NAME_MAX)
        return NULL;
    if (!says_nothing(manufacturer))
        maker_read(manufacturer, maker);
    words_read(name, &w);
    maker_settle(&w, maker);
    if (!key_make(maker, &w, true, key))
        return NULL;
    pcf = only(p, key, c);
    if (pcf)
        *score = has_line(&w) || !row_has_line(pcf) ? EXACT : WITHOUT_LINE;
    return pcf;
}

/* ---- the cache ---------------------------------------------------------- */

void fac_cache_build(struct fac_pack *p)
{
    p->cache = xcalloc(1, sizeof *p->cache);
    pthread_mutex_init(&p->cache->lock, NULL);
}

void fac_cache_free(struct fac_pack *p)
{
    if (!p->cache)
        return;
    HASH_CLEAR(hh, p->cache->entries);
    pthread_mutex_destroy(&p->cache->lock);
    arena_clear(&p->cache->text);
    free(p->cache);
    p->cache = NULL;
}

bool fac_cache_used(const struct fac_pack *p)
{
    return p->cache->n > 0;
}

static struct entry *entry_find(struct fac_cache *cache, const char *key)
{
    struct entry *e = NULL;

    HASH_FIND(hh, cache->entries, key, strlen(key), e);
    return e;
}

static struct entry *entry_add(
        struct fac_cache *cache, const char *key, const char *maker,
        const char *name, enum calc_category c)
{
    size_t len = strlen(key);
    struct entry *e = arena_alloc(&cache->text, sizeof *e + len + 1);

    memcpy(e->key, key, len + 1);
    e->product.maker = arena_str(&cache->text, maker);
    e->product.name = arena_str(&cache->text, name);
    e->product.category = c;
    atomic_init(&e->product.shared_id, -1);
    HASH_ADD(hh, cache->entries, key, len, e);
    cache->n++;
    return e;
}

static struct entry *
resolve(struct fac_pack *p, const char *maker, const char *name,
        enum calc_category c)
{
    char key[KEY_SIZE + 64];
    struct entry *e;
    double score;
    const struct fac_pcf *pcf;

    snprintf(
            key, sizeof key, "%d|%.*s|%.*s", (int)c, FAC_NAME_MAX, maker,
            FAC_NAME_MAX, name);
    e = entry_find(p->cache, key);
    if (e)
        return e;
    pcf = match(p, maker, name, c, &score);
    if (p->cache->n >= MAX_CACHED) {
        /* No name of its own any more: one entry for each answer. */
        snprintf(
                key, sizeof key, "full|%d|%ld", (int)c,
                pcf ? (long)(pcf - p->pcfs) : -1L);
        e = entry_find(p->cache, key);
        maker = pcf ? pcf->maker : "";
        name = pcf ? pcf->name : "other products";
    }
    if (!e) {
        e = entry_add(p->cache, key, maker, name, c);
        e->product.pcf = pcf;
        e->product.score = score;
    }
    return e;
}

const struct fac_product *fac_product_resolve(
        struct fac_pack *p, const char *manufacturer, const char *name,
        enum calc_category c)
{
    struct entry *e;

    if (!manufacturer)
        manufacturer = "";
    if (!name || says_nothing(name))
        return NULL;
    pthread_mutex_lock(&p->cache->lock);
    e = resolve(p, manufacturer, name, c);
    pthread_mutex_unlock(&p->cache->lock);
    return &e->product;
}

bool fac_product_footprint(
        const struct fac_product *p, const char **name, double *nonuse_kg,
        double *score, const char **source)
{
    if (!p || !p->pcf)
        return false;
    if (name)
        *name = p->pcf->name;
    if (nonuse_kg)
        *nonuse_kg = p->pcf->nonuse_kg;
    if (score)
        *score = p->score;
    if (source)
        *source = p->pcf->source;
    return true;
}
