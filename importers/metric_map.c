/* SPDX-License-Identifier: Apache-2.0
 * Which metrics are energy: a table of rules in text, of the program and of the
 * user. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/metrics.h"

extern const struct embed_file imp_metric_rules[];

enum { MAX_METRICS = 2000, MAX_NAME = 200 };

struct entry {
    char *name, *text;
    struct arena arena; /* what its rules point to */
    struct imp_rule rules[IMP_MAX_RULES];
    size_t n;
    bool own;
};

struct imp_metric_map {
    struct entry *items; /* in the order of names */
    size_t n, cap;
};

/* ---- one rule ------------------------------------------------------------ */

/* The next word of *s; NULL: none is left. */
static const char *next_word(struct arena *a, const char **s)
{
    size_t skip = strspn(*s, " \t"), n = strcspn(*s + skip, " \t");
    const char *word = n ? arena_strn(a, *s + skip, n) : NULL;

    *s += skip + n;
    return word;
}

static bool add_labels(
        struct arena *a, const char *list, struct imp_rule *r, struct err *err)
{
    while (list && *list) {
        size_t n = strcspn(list, ",");

        if (n == 0 || r->n_by == IMP_RULE_LABELS)
            return err_set(
                    err, ERR_INVALID, "by: expected 1 to %d labels",
                    (int)IMP_RULE_LABELS);
        r->by[r->n_by++] = arena_strn(a, list, n);
        list += n + (list[n] == ',');
    }
    return r->n_by > 0 ||
           err_set(err, ERR_INVALID, "by: expected labels such as index,path");
}

/* where LABEL=A|B, with blanks allowed in the last of the values. */
static bool add_where(
        struct arena *a, const char *word, const char **s, struct imp_rule *r,
        struct err *err)
{
    size_t n = word ? strcspn(word, "=~") : 0;
    const char *rest = *s;

    if (n == 0 || !word[n] || !word[n + 1])
        return err_set(
                err, ERR_INVALID,
                "where: expected LABEL=VALUE or LABEL~PART, several with |");
    r->where = arena_strn(a, word, n);
    r->part = word[n] == '~';
    r->is = word + n + 1;
    /* "power supply rank 5": words up to the next that the rules know. */
    for (const char *next; (next = next_word(a, &rest)) != NULL; *s = rest) {
        if (strcmp(next, "rank") == 0 || strcmp(next, "by") == 0 ||
            strcmp(next, "sum") == 0 || strcmp(next, "modelled") == 0)
            break;
        r->is = arena_printf(a, "%s %s", r->is, next);
    }
    return true;
}

static bool
option(struct arena *a, const char *word, const char **s, struct imp_rule *r,
       struct err *err)
{
    const char *arg;
    int64_t rank;

    if (strcmp(word, "modelled") == 0)
        return r->modelled = true;
    if (strcmp(word, "sum") == 0)
        return r->sum = true;
    arg = next_word(a, s);
    if (strcmp(word, "by") == 0)
        return add_labels(a, arg, r, err);
    if (strcmp(word, "where") == 0)
        return add_where(a, arg, s, r, err);
    if (strcmp(word, "rank") != 0)
        return err_set(
                err, ERR_INVALID,
                "'%.40s' is none of by, where, rank, sum and modelled", word);
    if (!arg || !num_parse_int(arg, strlen(arg), 1, 9, &rank, NULL))
        return err_set(err, ERR_INVALID, "rank: expected 1 to 9");
    r->rank = (int)rank;
    return true;
}

static bool parse_rule(
        struct arena *a, const char *metric, const char *text,
        struct imp_rule *out, struct err *err)
{
    struct imp_rule r = {.metric = metric, .rank = 1};
    const char *s = text, *scope, *kind, *unit, *word;

    r.text = arena_str(a, text);
    scope = next_word(a, &s);
    if (scope && strcmp(scope, "off") == 0 && !next_word(a, &s)) {
        r.kind = WIRE_METER_KINDS;
        *out = r;
        return true;
    }
    kind = next_word(a, &s);
    unit = next_word(a, &s);
    if (!scope || !wire_scope_from(scope, &r.scope))
        return err_set(
                err, ERR_INVALID,
                "'%.40s' is no scope, expected outlet, node, psys, package, "
                "dram, core, uncore, gpu, ram, disk, rest, estimate or off",
                scope ? scope : "");
    if (!kind || !wire_meter_kind_from(kind, &r.kind) ||
        r.kind == WIRE_INTERVAL)
        return err_set(
                err, ERR_INVALID,
                "'%.40s' is no kind, expected counter or "
                "gauge",
                kind ? kind : "");
    if (!unit || !wire_unit_from(unit, &r.unit) ||
        wire_unit_is_energy(r.unit) != (r.kind == WIRE_COUNTER))
        return err_set(
                err, ERR_INVALID, "'%.40s' is no unit of a %s, expected %s",
                unit ? unit : "", kind,
                r.kind == WIRE_COUNTER ? "uJ, mJ, J, Wh or kWh"
                                       : "uW, mW or W");
    while ((word = next_word(a, &s)) != NULL)
        if (!option(a, word, &s, &r, err))
            return false;
    *out = r;
    return true;
}

/* ---- the table ------------------------------------------------------------
 */

static void entry_clear(struct entry *e)
{
    free(e->name);
    free(e->text);
    arena_clear(&e->arena);
}

static bool good_name(const char *s)
{
    size_t n =
            strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789_:");

    return n > 0 && n <= MAX_NAME && !s[n] && (s[0] < '0' || s[0] > '9');
}

/* Where a name is or would be; *there says which. */
static size_t
place_of(const struct imp_metric_map *m, const char *name, bool *there)
{
    size_t lo = 0, hi = m->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (strcmp(m->items[mid].name, name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *there = lo < m->n && strcmp(m->items[lo].name, name) == 0;
    return lo;
}

static struct entry *entry_at(struct imp_metric_map *m, size_t at)
{
    if (m->n == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 64;
        m->items = xreallocarray(m->items, m->cap, sizeof *m->items);
    }
    memmove(m->items + at + 1, m->items + at, (m->n - at) * sizeof *m->items);
    m->n++;
    m->items[at] = (struct entry){0};
    return &m->items[at];
}

static bool parse_all(struct entry *e, const char *rules, struct err *err)
{
    for (const char *s = rules; *s;) {
        size_t n = strcspn(s, ";");
        char *one = arena_strn(
                &e->arena, s + text_blank_start(s, n),
                text_blank_end(s, n) - text_blank_start(s, n));

        if (e->n == IMP_MAX_RULES)
            return err_set(
                    err, ERR_LIMIT, "more than %d rules of one metric",
                    (int)IMP_MAX_RULES);
        if (!parse_rule(&e->arena, e->name, one, &e->rules[e->n], err))
            return false;
        e->n++;
        s += n + (s[n] == ';');
    }
    return e->n > 0 ||
           err_set(err, ERR_INVALID,
                   "expected a rule such as 'package counter J by index'");
}

bool imp_metric_map_set(
        struct imp_metric_map *m, const char *metric, const char *rules,
        bool own, struct err *err)
{
    struct entry e = {.own = own};
    bool there;
    size_t at;

    if (!good_name(metric))
        return err_set(
                err, ERR_INVALID, "'%.60s' is no name of a metric", metric);
    if (strlen(rules) > 4000)
        return err_set(err, ERR_LIMIT, "more than 4000 characters of rules");
    e.name = xstrdup(metric);
    e.text = xstrdup(rules);
    if (!parse_all(&e, rules, err)) {
        err_in(err, "%s", metric);
        entry_clear(&e);
        return false;
    }
    at = place_of(m, metric, &there);
    if (!there && m->n >= MAX_METRICS) {
        entry_clear(&e);
        return err_set(
                err, ERR_LIMIT, "more than %d metrics", (int)MAX_METRICS);
    }
    if (there)
        entry_clear(&m->items[at]);
    else
        entry_at(m, at);
    m->items[at] = e;
    return true;
}

/* A line of the program's own file: rules of one metric come one after the
 * other. */
static bool
one_line(struct imp_metric_map *m, const char *line, size_t n, struct err *err)
{
    const char *eq = memchr(line, '=', n);
    struct buf b;
    char name[MAX_NAME + 1];
    size_t len, at;
    bool there, ok;

    if (n == 0 || line[0] == '#')
        return true;
    CHECK(eq);
    len = text_trim(line, (size_t)(eq - line), name, sizeof name);
    CHECK(len > 0);
    at = place_of(m, name, &there);
    buf_init(&b, 4000);
    if (there)
        buf_printf(&b, "%s; ", m->items[at].text);
    buf_printf(
            &b, "%.*s", (int)(n - (size_t)(eq + 1 - line)),
            eq + 1 + strspn(eq + 1, " "));
    /* The blanks skipped may reach one byte into the line end. */
    while (b.len > 0 && (b.p[b.len - 1] == '\n' || b.p[b.len - 1] == ' '))
        b.p[--b.len] = '\0';
    ok = imp_metric_map_set(m, name, buf_text(&b), false, err);
    buf_clear(&b);
    return ok;
}

bool imp_metric_map_open(struct imp_metric_map **out, struct err *err)
{
    const struct embed_file *f = imp_metric_rules;
    struct imp_metric_map *m = xcalloc(1, sizeof *m);
    bool ok = true;

    for (size_t at = 0; ok && at < f->size;) {
        const char *line = (const char *)f->bytes + at;
        const char *nl = memchr(line, '\n', f->size - at);
        size_t n = nl ? (size_t)(nl - line) : f->size - at;

        ok = one_line(m, line, n, err);
        at += n + 1;
    }
    if (!ok) {
        imp_metric_map_free(m);
        return false;
    }
    *out = m;
    return true;
}

void imp_metric_map_free(struct imp_metric_map *m)
{
    for (size_t i = 0; m && i < m->n; i++)
        entry_clear(&m->items[i]);
    free(m ? m->items : NULL);
    free(m);
}

const struct imp_rule *
imp_metric_map_at(const struct imp_metric_map *m, size_t i, bool *own)
{
    for (size_t e = 0; e < m->n; e++) {
        if (i < m->items[e].n) {
            *own = m->items[e].own;
            return &m->items[e].rules[i];
        }
        i -= m->items[e].n;
    }
    return NULL;
}

/* ---- using it -------------------------------------------------------------
 */

static bool holds(const char *value, const char *part, size_t n)
{
    char low[300], want[100];

    snprintf(low, sizeof low, "%.290s", value);
    snprintf(want, sizeof want, "%.*s", (int)(n < 90 ? n : 90), part);
    text_lower(low);
    text_lower(want);
    return strstr(low, want) != NULL;
}

static bool fits(const struct imp_rule *r, const struct imp_metric *x)
{
    const char *value = r->where ? imp_metric_label(x, r->where) : NULL;

    if (!r->where)
        return true;
    for (const char *s = r->is; value && *s;) {
        size_t n = strcspn(s, "|");

        if (r->part ? holds(value, s, n)
                    : strlen(value) == n && memcmp(value, s, n) == 0)
            return true;
        s += n + (s[n] == '|');
    }
    return false;
}

const struct imp_rule *
imp_metric_rule(const struct imp_metric_map *m, const struct imp_metric *x)
{
    bool there;
    size_t at = place_of(m, x->name, &there);

    for (size_t i = 0; there && i < m->items[at].n; i++) {
        const struct imp_rule *r = &m->items[at].rules[i];

        if (r->kind != WIRE_METER_KINDS && fits(r, x))
            return r;
    }
    return NULL;
}

void imp_metric_id(
        const struct imp_rule *rule, const struct imp_metric *x,
        char dst[static WIRE_MAX_METER_ID + 1])
{
    struct buf b;
    size_t n;

    buf_init(&b, 64 * 1024);
    buf_str(&b, rule->metric);
    for (size_t i = 0; i < rule->n_by; i++) {
        const char *value = imp_metric_label(x, rule->by[i]);
        const char *slash = value ? strrchr(value, '/') : NULL;

        value = slash && slash[1] ? slash + 1 : value;
        if (value && *value)
            buf_printf(&b, "/%.1000s", value);
    }
    for (size_t i = 0; i < b.len; i++)
        if ((unsigned char)b.p[i] < 0x20 || b.p[i] == 0x7F)
            b.p[i] = ' ';
    n = b.len;
    if (n > WIRE_MAX_METER_ID) {
        /* Too long to be told apart by its front: a hash of all of it. */
        char sha[65];

        text_sha256(b.p, b.len, sha);
        n = WIRE_MAX_METER_ID - 17;
        while (n > 0 && ((unsigned char)b.p[n] & 0xC0) == 0x80)
            n--;
        snprintf(dst, WIRE_MAX_METER_ID + 1, "%.*s~%.16s", (int)n, b.p, sha);
    } else {
        memcpy(dst, buf_text(&b), n + 1);
    }
    buf_clear(&b);
}

void imp_metric_by(
        const struct imp_rule *rule, const struct imp_metric *x,
        char dst[static WIRE_MAX_METER_ID + 1])
{
    struct imp_rule nameless = *rule;

    nameless.metric = "";
    imp_metric_id(&nameless, x, dst);
}

bool imp_metric_same_by(const struct imp_rule *a, const struct imp_rule *b)
{
    bool same = a->n_by == b->n_by;

    for (size_t i = 0; same && i < a->n_by; i++)
        same = strcmp(a->by[i], b->by[i]) == 0;
    return same;
}

bool imp_metric_micro(const struct imp_rule *rule, double value, int64_t *out)
{
    double micro = value * (double)wire_unit_micro(rule->unit);

    /* DCGM's marks for "no value", of 64 bits, 32 bits and fractions. */
    if (text_starts(rule->metric, "DCGM_") &&
        (value >= 9.2e18 || (value >= 2147483632 && value <= 2147483635) ||
         (value >= 140737488355328.0 && value <= 140737488355331.0)))
        return false;
    if (isnan(micro) || micro < 0 || micro > 9e18)
        return false;
    *out = (int64_t)nearbyint(micro);
    return true;
}
