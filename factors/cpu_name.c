/* SPDX-License-Identifier: Apache-2.0
 * A processor's name, as firmware and kernels print it, to its words and its
 * model number. */
#include "factors/names_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Words that tell nothing about the model. "0" is how Intel writes version one
 * ("E5-2650 0"). */
static const char *const noise[] = {
        "0",           "00",          "intel",        "amd",
        "cpu",         "cpus",        "processor",    "processors",
        "genuine",     "authentic",   "ibm",          "nvidia",
        "apple",       "ampere",      "cavium",       "marvell",
        "corporation", "corp",        "inc",          "ltd",
        "gen",         "eng",         "sample",       "microprocessor",
        "raw",         "architected", "altivec",      "supported",
        "unknown",     "dual-core",   "quad-core",    "six-core",
        "eight-core",  "twelve-core", "sixteen-core", "cores",
        "threads",     "advanced",    "micro",        "devices",
        "amazon",      "aws",         "fujitsu",      "huawei",
        "hisilicon",   "sipearl",     "neoverse-n1",  "neoverse-v1",
        "neoverse-v2", NULL};
/* Four digits and a letter are a model: "8375C", "2687W". */
static const char *const noise_shapes[] = {
        "~ghz", "~mhz", "#c",     "##c",     "###c",  "#w",
        "##w",  "###w", "~-core", "~-cores", "~core", "~th",
        "~st",  "~nd",  "~rd",    "#.#",     "v#.#",  NULL};

static bool is_noise(const char *word)
{
    if (fac_one_of(word, noise))
        return true;
    if (!isdigit((unsigned char)*word) && *word != 'v')
        return false; /* no shape begins otherwise */
    for (size_t i = 0; noise_shapes[i]; i++)
        if (fac_is_like(word, noise_shapes[i]))
            return true;
    return false;
}

/* Length of a line's or tier's name tied to what follows: HPE's "Xeon-Gold
 * 6130", schedulers' "epyc-7742". 0: the word is one. */
static size_t first_part(const char *word)
{
    static const char *const parts[] = {
            "xeon-",     "bronze-",    "silver-",  "gold-",  "platinum-",
            "core-",     "epyc-",      "opteron-", "ryzen-", "threadripper-",
            "thunderx-", "thunderx2-", NULL};

    for (size_t i = 0; parts[i]; i++) {
        size_t n = strlen(parts[i]);

        if (strncmp(word, parts[i], n) == 0 && word[n])
            return n - 1;
    }
    return 0;
}

static void word_take(struct fac_words *w, const char *word, size_t len)
{
    char copy[FAC_NAME_MAX];
    size_t part;

    while (len && (*word == '-' || *word == '.')) {
        word++;
        len--;
    }
    while (len && (word[len - 1] == '-' || word[len - 1] == '.'))
        len--;
    if (len >= sizeof copy)
        return;
    memcpy(copy, word, len);
    copy[len] = '\0';
    part = first_part(copy);
    if (part) {
        word_take(w, copy, part);
        word_take(w, copy + part + 1, len - part - 1);
        return;
    }
    /* grid5000 repeats itself: "Carmel Carmel". */
    if (!is_noise(copy) && !fac_words_have(w, copy))
        fac_words_add(w, copy, len);
}

/* Bytes of a mark such as (R), (TM) or their UTF-8 signs; 0 when none. */
static size_t mark_at(const char *s)
{
    static const char *const marks[] = {"(r)",      "(tm)",         "(c)",
                                        "\xC2\xAE", "\xE2\x84\xA2", NULL};

    if (*s != '(' && (unsigned char)*s < 0x80)
        return 0;
    for (size_t i = 0; marks[i]; i++) {
        size_t n = 0;

        while (marks[i][n] &&
               tolower((unsigned char)s[n]) == (unsigned char)marks[i][n])
            n++;
        if (!marks[i][n])
            return n;
    }
    return 0;
}

/* Where the processor's own name ends and its graphics or clock begin. */
static bool ends_here(const char *s)
{
    return *s == '@' || (*s == ' ' && (strncmp(s, " with ", 6) == 0 ||
                                       strncmp(s, " w/", 3) == 0));
}

bool fac_cpu_words(const char *name, struct fac_words *out)
{
    char lower[FAC_NAME_MAX + 1];
    size_t len = 0, start = 0;

    out->n = 0;
    if (!name || strlen(name) > FAC_NAME_MAX)
        return false;
    while (*name) {
        size_t mark = mark_at(name);

        lower[len++] = mark ? ' ' : (char)tolower((unsigned char)*name);
        name += mark ? mark : 1;
    }
    lower[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (ends_here(lower + i)) {
            len = i;
            lower[len] = '\0';
        }
    for (size_t i = 0; i <= len; i++) {
        unsigned char c = (unsigned char)lower[i];

        if (c && (isalnum(c) || strchr("-+.", c)))
            continue;
        word_take(out, lower + start, i - start);
        start = i + 1;
    }
    return out->n > 0;
}

/* ---- model numbers ------------------------------------------------------ */

struct finding {
    const struct fac_words *w;
    struct fac_cpu_model *out;
    size_t i; /* word looked at */
    int found;
    bool xeon;
};

static const char *word_at(const struct finding *f, size_t i)
{
    return i < f->w->n ? f->w->at[i] : "";
}

static const char *before(const struct finding *f, size_t n)
{
    return f->i >= n ? f->w->at[f->i - n] : "";
}

static void found(struct finding *f, const char *prefix, const char *number)
{
    size_t a = strlen(prefix), b = strlen(number);

    if (a + b >= sizeof f->out->text)
        return;
    memcpy(f->out->text, prefix, a);
    memcpy(f->out->text + a, number, b + 1);
    f->found++;
}

/* "e5-2650", "e5-2650l", "e5-2650v4", "e5" "2650"; "e31220", as the first E3
 * print themselves. */
static bool numbered_xeon(struct finding *f)
{
    const char *word = word_at(f, f->i), *rest, *v;
    char joined[FAC_MODEL_SIZE];

    if (fac_is_like(word, "e[357]") &&
        fac_like(word_at(f, f->i + 1), "####", &rest) &&
        strlen(word_at(f, f->i + 1)) < 10) {
        snprintf(joined, sizeof joined, "%s-%s", word, word_at(f, f->i + 1));
        word = joined;
    }
    if (fac_like(word, "e312##", &rest) && strlen(word) < 10) {
        snprintf(joined, sizeof joined, "e3-%s", word + 2);
        word = joined;
    }
    if (!fac_like(word, "e[357]-####", &rest) || strlen(word) > 20)
        return false;
    found(f, "", word);
    for (v = rest; *v; v++)
        if (fac_is_like(v, "v[123456]")) {
            size_t end = (size_t)(v - word);

            f->out->version = v[1] - '0';
            if (end && word[end - 1] == '-')
                end--;
            f->out->text[end] = '\0';
            return true;
        }
    f->out->version = 1;
    for (size_t i = 0; i < f->w->n; i++)
        if (fac_is_like(f->w->at[i], "v[123456]"))
            f->out->version = f->w->at[i][1] - '0';
    return true;
}

static bool other_xeon(struct finding *f)
{
    static const char *const tiers[] = {
            "bronze", "silver", "gold", "platinum", "b", "s", "g", "p", NULL};
    const char *word = word_at(f, f->i), *rest;

    if (fac_one_of(before(f, 1), tiers) && fac_like(word, "####", &rest))
        found(f, "sp-", word);
    else if (!f->xeon && f->w->n > 1)
        return false;
    else if (fac_like(word, "[elxw]####", &rest))
        found(f, "", word);
    else if (!f->xeon)
        return false;
    else if (
            fac_like(word, "[edw]-####", &rest) ||
            fac_like(word, "w[3579]-####", &rest))
        found(f, "", word);
    else if (strcmp(before(f, 1), "max") == 0 && fac_like(word, "94##", &rest))
        found(f, "max-", word);
    else if (strcmp(before(f, 1), "phi") == 0 && fac_like(word, "####", &rest))
        found(f, "phi-", word);
    else if (fac_like(word, "6###[pe]", &rest))
        found(f, "x6-", word);
    else
        return false;
    return true;
}

/* "i7-8700k"; "i7" "920"; "i7" "x" "980"; "ultra" "7" "265k". */
static bool core(struct finding *f)
{
    const char *word = word_at(f, f->i), *next = word_at(f, f->i + 1), *rest;
    char number[FAC_MODEL_SIZE];

    if (fac_like(word, "i[3579]-###", &rest)) {
        found(f, "", word);
    } else if (fac_is_like(word, "i[3579]") && fac_like(next, "###", &rest)) {
        snprintf(number, sizeof number, "%s-%.20s", word, next);
        found(f, "", number);
    } else if (
            fac_is_like(word, "i[3579]") && strlen(next) == 1 &&
            fac_is_like(word_at(f, f->i + 2), "###")) {
        snprintf(
                number, sizeof number, "%s-%s%s", word, word_at(f, f->i + 2),
                next);
        found(f, "", number);
    } else if (
            strcmp(before(f, 2), "ultra") == 0 &&
            fac_is_like(before(f, 1), "[579]") &&
            fac_like(word, "###", &rest)) {
        found(f, "ultra-", word);
    } else if (
            strcmp(before(f, 1), "pentium") == 0 &&
            fac_like(word, "d####", &rest)) {
        found(f, "pd-", word);
    } else {
        return false;
    }
    return true;
}

static bool ryzen(struct finding *f)
{
    const char *word = word_at(f, f->i), *rest;
    char prefix[4] = "r?-";

    if (!fac_like(word, "####", &rest))
        return false;
    if (fac_words_have(f->w, "threadripper")) {
        found(f, fac_words_have(f->w, "pro") ? "trp-" : "tr-", word);
        return true;
    }
    if (!fac_words_have(f->w, "ryzen"))
        return false;
    for (size_t i = 0; i < f->i; i++)
        if (fac_is_like(f->w->at[i], "[3579]"))
            prefix[1] = f->w->at[i][0];
    if (prefix[1] == '?')
        return false;
    found(f, prefix, word);
    return true;
}

static bool opteron(struct finding *f)
{
    static const char *const kinds[] = {"he", "se", "ee", NULL};
    const char *word = word_at(f, f->i), *next = word_at(f, f->i + 1), *rest;
    char number[FAC_MODEL_SIZE];

    if (!fac_words_have(f->w, "opteron") || !fac_like(word, "###", &rest) ||
        strlen(word) > 10)
        return false;
    snprintf(
            number, sizeof number, "%s%s", word,
            fac_one_of(next, kinds) ? next : "");
    found(f, "opteron-", number);
    return true;
}

/* "Xeon 6148" without its tier: no Xeon before had a 4, 6 or 8 there. */
static void untiered(struct finding *f)
{
    const char *rest;

    for (f->i = 0; f->xeon && f->i < f->w->n; f->i++)
        if (fac_like(word_at(f, f->i), "[468][12345]##", &rest))
            found(f, "sp-", word_at(f, f->i));
}

bool fac_cpu_model(const struct fac_words *w, struct fac_cpu_model *out)
{
    struct finding f = {.w = w, .out = out, .xeon = fac_words_have(w, "xeon")};
    const char *rest;

    *out = (struct fac_cpu_model){.version = 0};
    for (f.i = 0; f.i < w->n; f.i++) {
        const char *word = w->at[f.i];

        if (numbered_xeon(&f) || other_xeon(&f) || core(&f) || ryzen(&f) ||
            opteron(&f))
            continue;
        if (strcmp(before(&f, 1), "epyc") == 0 && fac_like(word, "#??#", &rest))
            found(&f, "epyc-", word);
        else if (fac_like(word, "fx-####", &rest))
            found(&f, "", word);
        else if (
                strcmp(before(&f, 1), "fx") == 0 && /* FX(tm)-8350 */
                fac_like(word, "####", &rest))
            found(&f, "fx-", word);
    }
    if (!f.found)
        untiered(&f);
    return f.found == 1;
}

void fac_cpu_model_key(
        const struct fac_cpu_model *m, char dst[FAC_MODEL_SIZE + 4])
{
    if (m->version > 1)
        snprintf(dst, FAC_MODEL_SIZE + 4, "%s v%d", m->text, m->version % 10);
    else
        snprintf(dst, FAC_MODEL_SIZE + 4, "%s", m->text);
}
