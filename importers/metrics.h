/* SPDX-License-Identifier: Apache-2.0
 * Metrics of Prometheus exporters and of engines that answer PromQL, and the
 * map that says which of them are energy [docs/pulls.md]. */
#ifndef IMPORTERS_METRICS_H
#define IMPORTERS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/feed.h"

enum {
    IMP_MAX_EXPOSITION = 32 * 1024 * 1024, /* bytes of one scrape */
    IMP_MAX_METRIC_LINE = 64 * 1024,
    IMP_MAX_LABELS = 64,
    IMP_MAX_LABEL_TEXT = 16 * 1024, /* bytes of a series' labels in all */
};

struct imp_label {
    const char *name, *value;
};

/* Borrowed until the callback returns. */
struct imp_metric {
    const char *name; /* "" unknown: a function took it away */
    const struct imp_label *labels;
    size_t n_labels;
    double value; /* may be NAN or an infinity */
    bool timed;
    int64_t t_ms; /* where timed */
};
const char *imp_metric_label(const struct imp_metric *m, const char *name);

/* ---- the exposition format: prometheus_text.c ---------------------------- */

/* Prometheus' text format 0.0.4 and OpenMetrics 1.0 (ended by "# EOF", times in
 * seconds, exemplars passed over). One bad line makes the whole scrape bad:
 * ERR_INVALID with its place; ERR_LIMIT beyond the limits above. */
bool imp_exposition(
        const char *text, size_t len,
        bool (*sample)(void *ctx, const struct imp_metric *m, struct err *err),
        void *ctx, struct err *err);

/* ---- answers of the HTTP API: prom_matrix.c ------------------------------ */

/* Reads {"status","data":{"resultType":"matrix"|"vector","result":[...]}} as it
 * arrives, in constant memory. series is called once the labels of one are
 * known, point for each of its values (NaN and infinities too). */
struct imp_matrix;
struct imp_matrix_to {
    bool (*series)(void *ctx, const struct imp_metric *m, struct err *err);
    bool (*point)(void *ctx, int64_t t_ms, double value, struct err *err);
    void *ctx;
};
struct imp_matrix *imp_matrix_begin(const struct imp_matrix_to *to);
bool imp_matrix_feed(
        struct imp_matrix *m, const char *bytes, size_t len, struct err *err);
/* After the last byte: ERR_INVALID where it is cut short, is no such answer, or
 * is one of an error, whose words it gives. */
bool imp_matrix_end(struct imp_matrix *m, struct err *err);
void imp_matrix_free(struct imp_matrix *m);

/* ---- the map: metric_map.c ------------------------------------------------
 */

enum { IMP_RULE_LABELS = 6, IMP_MAX_RULES = 16 /* of one metric */ };

struct imp_rule {
    const char *metric;
    enum wire_scope scope;
    enum wire_meter_kind kind;
    enum wire_unit unit;
    int rank; /* of those present for a meter the lowest counts, from 1 */
    const char *by[IMP_RULE_LABELS]; /* labels that tell meters apart */
    size_t n_by;
    const char *where, *is; /* a label and its values; NULL: any series */
    bool part;              /* `is` are parts of the value, in any case */
    bool modelled;
    bool sum;         /* series of one meter at one time are parts of it */
    const char *text; /* the rule as written */
};

struct imp_metric_map;
/* The map of the program. */
bool imp_metric_map_open(struct imp_metric_map **out, struct err *err);
void imp_metric_map_free(struct imp_metric_map *m);
/* Puts rules ("package counter J by index; ..." or "off") in place of those of
 * that metric. ERR_INVALID says what a rule has wrong. */
bool imp_metric_map_set(
        struct imp_metric_map *m, const char *metric, const char *rules,
        bool own, struct err *err);
/* In the order of names; own: not the program's; NULL after the last. A metric
 * that is off has one rule with kind WIRE_METER_KINDS. */
const struct imp_rule *
imp_metric_map_at(const struct imp_metric_map *m, size_t i, bool *own);
/* The first rule that fits a series; NULL: it is no energy. */
const struct imp_rule *
imp_metric_rule(const struct imp_metric_map *m, const struct imp_metric *x);
/* The id of the meter that a series is, at most WIRE_MAX_METER_ID characters.
 */
void imp_metric_id(
        const struct imp_rule *rule, const struct imp_metric *x,
        char dst[static WIRE_MAX_METER_ID + 1]);
/* What of it the labels alone say: the same for two metrics of one meter. */
void imp_metric_by(
        const struct imp_rule *rule, const struct imp_metric *x,
        char dst[static WIRE_MAX_METER_ID + 1]);
/* Do both rules tell meters apart by the same labels? */
bool imp_metric_same_by(const struct imp_rule *a, const struct imp_rule *b);
/* A value in uJ or uW. False: it is none (NaN, negative, a mark for "no value"
 * such as DCGM's, too large). */
bool imp_metric_micro(const struct imp_rule *rule, double value, int64_t *out);

#endif
