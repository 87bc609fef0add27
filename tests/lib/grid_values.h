/* SPDX-License-Identifier: Apache-2.0
 * Grid values as importers deliver them, for tests. */
#ifndef TESTS_LIB_GRID_VALUES_H
#define TESTS_LIB_GRID_VALUES_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "importers/figures_priv.h"
#include "importers_sink.h"
#include "unit.h"

#define SAMPLES "../shared/samples/"

static inline struct kept *read_path(const char *path, bool want)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};
    bool ok = imp_read(path, NULL, &sink, NULL, &err);

    UNIT_CHECK(ok == want, "%s: %s", path, err.msg);
    return k;
}

static inline struct kept *read_text(const char *name, const char *text)
{
    return read_path(kept_file(name, text), true);
}

/* UTC seconds of an instant; 2024-01-01T00:00Z is 1704067200. */
static inline int64_t at(const char *text)
{
    struct imp_when w = {0};
    struct err err = {0};

    UNIT_CHECK(imp_when_parse(text, &w, &err), "%s: %s", text, err.msg);
    return w.utc_s;
}

static inline void check_value(
        const char *what, const struct wire_grid *g, const char *zone,
        const char *from, const char *to, double g_per_kwh,
        enum wire_grid_kind kind)
{
    UNIT_CHECK(strcmp(g->zone, zone) == 0, "%s: zone %s", what, g->zone);
    UNIT_CHECK(
            g->from_s == at(from), "%s: from %lld", what, (long long)g->from_s);
    UNIT_CHECK(
            g->to_s == at(to), "%s: to %lld, %s wanted", what,
            (long long)g->to_s, to);
    UNIT_CHECK(
            fabs(g->g_per_kwh - g_per_kwh) < 1e-9, "%s: %g", what,
            g->g_per_kwh);
    UNIT_CHECK(g->kind == kind, "%s: kind %d", what, (int)g->kind);
    UNIT_CHECK(
            g->origin.set[0] && g->origin.source[0] && g->origin.licence[0],
            "%s: origin", what);
}

#endif
