/* SPDX-License-Identifier: Apache-2.0
 * The text that Prometheus exporters answer: name{labels} value [time]. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/metrics.h"

struct reader {
    const char *at, *end; /* of the line */
    struct imp_label labels[IMP_MAX_LABELS];
    size_t n_labels;
    struct arena arena; /* of the line */
    bool open_metrics;
};

const char *imp_metric_label(const struct imp_metric *m, const char *name)
{
    for (size_t i = 0; i < m->n_labels; i++)
        if (strcmp(m->labels[i].name, name) == 0)
            return m->labels[i].value;
    return NULL;
}

static void blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
}

static bool name_char(char c, bool first, bool colon)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (colon && c == ':') || (!first && c >= '0' && c <= '9');
}

static const char *name_of(struct reader *r, bool colon)
{
    const char *from = r->at;

    while (r->at < r->end && name_char(*r->at, r->at == from, colon))
        r->at++;
    return r->at == from ? NULL
                         : arena_strn(&r->arena, from, (size_t)(r->at - from));
}

/* "..." with \\, \" and \n; the first quote is read already. */
static const char *quoted(struct reader *r)
{
    char *dst = arena_alloc(&r->arena, (size_t)(r->end - r->at) + 1), *to = dst;

    for (; r->at < r->end && *r->at != '"'; r->at++) {
        char c = *r->at;

        if (c == '\\' && r->at + 1 < r->end) {
            c = *++r->at;
            if (c != '\\' && c != '"' && c != 'n')
                *to++ = '\\'; /* as Prometheus keeps it */
            c = c == 'n' ? '\n' : c;
        }
        *to++ = c;
    }
    if (r->at == r->end)
        return NULL;
    r->at++;
    *to = '\0';
    return text_utf8_ok(dst, (size_t)(to - dst)) ? dst : NULL;
}

static bool labels_of(struct reader *r, struct err *err)
{
    r->n_labels = 0;
    if (r->at == r->end || *r->at != '{')
        return true;
    r->at++;
    for (;;) {
        struct imp_label *l = &r->labels[r->n_labels];

        blanks(r);
        if (r->at < r->end && *r->at == '}') {
            r->at++;
            return true;
        }
        if (r->n_labels == IMP_MAX_LABELS)
            return err_set(
                    err, ERR_LIMIT, "more than %d labels", (int)IMP_MAX_LABELS);
        l->name = name_of(r, false);
        blanks(r);
        if (!l->name || r->at == r->end || *r->at++ != '=')
            return err_set(err, ERR_INVALID, "expected label=\"value\"");
        blanks(r);
        if (r->at == r->end || *r->at++ != '"' || !(l->value = quoted(r)))
            return err_set(
                    err, ERR_INVALID, "label '%.40s': expected \"text\"",
                    l->name);
        r->n_labels++;
        blanks(r);
        if (r->at < r->end && *r->at == ',')
            r->at++;
        else if (r->at == r->end || *r->at != '}')
            return err_set(err, ERR_INVALID, "expected , or } after a label");
    }
}

/* The next word of the line; its length. */
static size_t word(struct reader *r, const char **out)
{
    const char *from;

    blanks(r);
    from = r->at;
    while (r->at < r->end && *r->at != ' ' && *r->at != '\t')
        r->at++;
    *out = from;
    return (size_t)(r->at - from);
}

static bool same(const char *s, size_t n, const char *word)
{
    char copy[16];

    snprintf(copy, sizeof copy, "%.*s", (int)(n < 15 ? n : 15), s);
    return n < 15 && text_same(copy, word);
}

static bool value_of(const char *s, size_t n, double *out)
{
    if (same(s, n, "NaN")) {
        *out = NAN;
        return true;
    }
    if (same(s, n, "+Inf") || same(s, n, "Inf") || same(s, n, "-Inf")) {
        *out = s[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    return n > 0 && n < 400 && num_parse(s, n, NUM_POINT, out, NULL);
}

static bool time_of(struct reader *r, struct imp_metric *m, struct err *err)
{
    const char *s;
    double t;
    size_t n = word(r, &s);

    if (n == 0 || *s == '#') /* an exemplar */
        return true;
    if (!num_parse(s, n, NUM_POINT, &t, NULL))
        return err_set(err, ERR_INVALID, "expected a time after the value");
    t = r->open_metrics ? t * 1000 : t;
    if (fabs(t) > 8e15)
        return err_set(err, ERR_INVALID, "a time beyond all years");
    m->timed = true;
    m->t_ms = (int64_t)nearbyint(t);
    n = word(r, &s);
    return n == 0 || *s == '#' ||
           err_set(err, ERR_INVALID, "more than a value and a time");
}

static bool sample_of(
        struct reader *r,
        bool (*sample)(void *ctx, const struct imp_metric *m, struct err *err),
        void *ctx, struct err *err)
{
    struct imp_metric m = {.labels = r->labels};
    const char *s;
    size_t n;

    m.name = name_of(r, true);
    if (!m.name)
        return err_set(
                err, ERR_INVALID, "expected the name of a metric, got '%.*s'",
                (int)(r->end - r->at < 20 ? r->end - r->at : 20), r->at);
    blanks(r);
    if (!labels_of(r, err))
        return false;
    m.n_labels = r->n_labels;
    n = word(r, &s);
    if (!value_of(s, n, &m.value))
        return err_set(
                err, ERR_INVALID, "metric '%.60s': expected a value", m.name);
    return time_of(r, &m, err) && sample(ctx, &m, err);
}

/* OpenMetrics ends with "# EOF": what stands before has times in seconds. */
static bool ends_with_eof(const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    return len >= 5 && memcmp(text + len - 5, "# EOF", 5) == 0 &&
           (len == 5 || text[len - 6] == '\n');
}

bool imp_exposition(
        const char *text, size_t len,
        bool (*sample)(void *ctx, const struct imp_metric *m, struct err *err),
        void *ctx, struct err *err)
{
    struct reader r = {.open_metrics = ends_with_eof(text, len)};
    uint64_t line = 0;
    bool ok = true;

    if (len > IMP_MAX_EXPOSITION)
        return err_set(
                err, ERR_LIMIT, "more than %d MiB of metrics",
                IMP_MAX_EXPOSITION / 1024 / 1024);
    if (memchr(text, '\0', len))
        return err_set(err, ERR_INVALID, "a NUL byte in metrics");
    for (size_t at = 0; ok && at < len;) {
        const char *nl = memchr(text + at, '\n', len - at);
        size_t n = nl ? (size_t)(nl - text) - at : len - at;

        line++;
        r.at = text + at;
        r.end = r.at + n;
        at += n + 1;
        if (r.end > r.at && r.end[-1] == '\r')
            r.end--;
        blanks(&r);
        if (r.at == r.end || *r.at == '#')
            continue;
        arena_reset(&r.arena);
        ok = n <= IMP_MAX_METRIC_LINE
                     ? sample_of(&r, sample, ctx, err)
                     : err_set(err, ERR_LIMIT, "a line of more than 64 KiB");
    }
    if (!ok)
        err_in(err, "line %llu", (unsigned long long)line);
    arena_clear(&r.arena);
    return ok;
}
