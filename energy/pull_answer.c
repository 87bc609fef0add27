/* SPDX-License-Identifier: Apache-2.0
 * An engine's answer as it arrives: which series are energy of which machine,
 * and their readings, bounded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "energy/pull_priv.h"

enum {
    MAX_POINTS = 4000000,   /* of an answer: 64 MB */
    MAX_SPANNED = 16000000, /* of one machine, asked for in parts: 256 MB */
    MAX_SERIES = 200000,
    MAX_STREAMS = 10000, /* of one meter, asked for in parts */
    BUCKET_MS = 300000,
};

void ep_answer_drop(struct ep_answer *a)
{
    struct ep_series *s, *next;

    HASH_ITER(hh, a->series, s, next)
    {
        HASH_DEL(a->series, s);
        free(s->points);
        free(s->ids);
        free(s);
    }
    a->n_series = a->n_points = 0;
    a->full = false;
    a->at = NULL;
}

/* "node7:9100" is node7. */
void ep_answer_machine(
        const struct ep_answer *a, const char *value, char *dst, size_t size)
{
    const char *colon = strrchr(value, ':');
    size_t n = strlen(value);

    if (strcmp(a->label, "instance") == 0 && colon && colon > value &&
        colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1) &&
        strchr(value, ':') == colon)
        n = (size_t)(colon - value);
    snprintf(dst, size, "%.*s", (int)n, value);
}

/* A stream is known again in the next span by its labels, in any order. */
static bool
stream(const struct ep_answer *a, struct ep_series *s,
       const struct imp_metric *m, struct err *err)
{
    uint64_t id = hash_bytes(m->name, strlen(m->name));

    s->begun = s->n;
    if (!a->spans) { /* an answer has each but once */
        s->streams++;
        return true;
    }
    for (size_t i = 0; i < m->n_labels; i++) {
        const struct imp_label *l = &m->labels[i];

        id += (uint64_t)hash_bytes(l->name, strlen(l->name)) << 32 |
              hash_bytes(l->value, strlen(l->value));
    }
    for (size_t i = 0; i < s->streams; i++)
        if (s->ids[i] == id)
            return true;
    if (s->streams == MAX_STREAMS)
        return err_set(
                err, ERR_LIMIT, "more than %d series of one meter",
                (int)MAX_STREAMS);
    s->ids = xreallocarray(s->ids, s->streams + 1, sizeof *s->ids);
    s->ids[s->streams++] = id;
    return true;
}

static bool on_series(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct ep_answer *a = ctx;
    const struct imp_rule *rule = imp_metric_rule(a->map, m);
    const char *value = imp_metric_label(m, a->label);
    char machine[WIRE_MAX_METER_ID + 1], id[WIRE_MAX_METER_ID + 1];
    char by[WIRE_MAX_METER_ID + 1];
    char key[2 * WIRE_MAX_METER_ID + 4];
    size_t len, room;
    char *text;

    a->at = NULL;
    if (!rule || (!a->machine && !value))
        return true;
    ep_answer_machine(
            a, a->machine ? a->machine : value, machine, sizeof machine);
    imp_metric_id(rule, m, id);
    snprintf(key, sizeof key, "%s\t%s", machine, id);
    len = strlen(key);
    HASH_FIND(hh, a->series, key, len, a->at);
    if (a->at) /* pods and parts of a card repeat the card */
        return stream(a, a->at, m, err);
    if (a->n_series++ == MAX_SERIES)
        return err_set(err, ERR_LIMIT, "more than %d series", (int)MAX_SERIES);
    room = len + 1;
    imp_metric_by(rule, m, by);
    a->at = xcalloc(1, sizeof *a->at + 2 * room + strlen(by) + 1);
    memcpy(a->at->key, key, room);
    text = a->at->key + room;
    memcpy(text, key, room);
    text[strlen(machine)] = '\0';
    a->at->machine = text;
    a->at->id = text + strlen(machine) + 1;
    a->at->by = memcpy(text + room, by, strlen(by) + 1);
    a->at->rule = rule;
    HASH_ADD(hh, a->series, key, len, a->at);
    return stream(a, a->at, m, err);
}

/* Of a counter that rises, the first and the last reading of five minutes say
 * all of them: sums and hours are the same without those between. */
static bool thin(struct ep_series *s, const struct ep_point *p)
{
    const struct ep_point *first = s->points + s->n - 2, *last = first + 1;

    if (s->rule->kind != WIRE_COUNTER || s->rule->sum || s->n - s->begun < 2 ||
        first->t_ms / BUCKET_MS != p->t_ms / BUCKET_MS ||
        p->t_ms <= last->t_ms || p->value < last->value ||
        last->value < first->value)
        return false;
    s->points[s->n - 1] = *p;
    return s->thinned = true;
}

static bool on_point(void *ctx, int64_t t_ms, double value, struct err *err)
{
    struct ep_answer *a = ctx;
    struct ep_series *s = a->at;
    struct ep_point p = {.t_ms = t_ms};

    if (!s || t_ms < a->start_ms || t_ms >= a->end_ms ||
        !imp_metric_micro(s->rule, value, &p.value))
        return true;
    s->read++;
    if (s->n >= 2 && thin(s, &p))
        return true;
    if (a->n_points++ == (a->spans ? MAX_SPANNED : MAX_POINTS)) {
        a->full = a->spans;
        return err_set(
                err, ERR_LIMIT, "more than %d readings %s",
                (int)(a->spans ? MAX_SPANNED : MAX_POINTS),
                a->spans ? "of one machine in a month" : "in one answer");
    }
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 256;
        s->points = xreallocarray(s->points, s->cap, sizeof *s->points);
    }
    s->points[s->n++] = p;
    return true;
}

/* After the first thing wrong the rest is let pass, so that the status of the
 * answer is known; but not where it is only too much. */
bool ep_answer_bytes(void *ctx, const char *bytes, size_t len, struct err *err)
{
    struct ep_answer *a = ctx;

    if (a->bad.code == ERR_NONE &&
        !imp_matrix_feed(a->matrix, bytes, len, &a->bad) &&
        a->bad.code == ERR_LIMIT) {
        *err = a->bad;
        return false;
    }
    return true;
}

void ep_answer_begin(struct ep_answer *a, int64_t start_ms, int64_t end_ms)
{
    const struct imp_matrix_to to = {on_series, on_point, a};

    a->at = NULL;
    err_clear(&a->bad);
    a->start_ms = start_ms;
    a->end_ms = end_ms;
    a->matrix = imp_matrix_begin(&to);
}

bool ep_answer_end(struct ep_answer *a, bool fetched, struct err *err)
{
    struct err said = {0};
    bool ok = fetched;

    if (fetched && a->bad.code != ERR_NONE) {
        *err = a->bad;
        ok = false;
    } else if (fetched) {
        ok = imp_matrix_end(a->matrix, err);
    } else if (
            a->bad.code == ERR_NONE && !imp_matrix_end(a->matrix, &said) &&
            text_starts(said.msg, "the engine says")) {
        *err = said;
    }
    imp_matrix_free(a->matrix);
    a->matrix = NULL;
    return ok;
}

/* ---- in order
 * ---------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct ep_point *x = a, *y = b;

    if (x->t_ms != y->t_ms)
        return x->t_ms < y->t_ms ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

static int64_t added(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

void ep_series_settle(struct ep_series *s)
{
    size_t n = 0, same = 1;
    bool sorted = s->streams == 1;

    for (size_t i = 1; sorted && i < s->n; i++)
        sorted = s->points[i - 1].t_ms < s->points[i].t_ms;
    if (sorted)
        return;
    qsort(s->points, s->n, sizeof *s->points, by_time);
    for (size_t i = 0; i < s->n; i += same) {
        struct ep_point p = s->points[i];

        for (same = 1; i + same < s->n && s->points[i + same].t_ms == p.t_ms;
             same++)
            p.value = s->rule->sum ? added(p.value, s->points[i + same].value)
                                   : s->points[i + same].value;
        if (!s->rule->sum || same == s->streams)
            s->points[n++] = p;
    }
    s->n = n;
}
