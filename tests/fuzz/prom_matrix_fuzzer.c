/* SPDX-License-Identifier: Apache-2.0
 * Answers of the HTTP API whole and in pieces: the same comes out. */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "importers/metrics.h"

struct count {
    uint64_t series, points;
    int64_t times;
};

static bool on_series(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct count *c = ctx;

    (void)err;
    c->series++;
    for (size_t i = 0; i < m->n_labels; i++)
        FUZZ_HOLDS(
                text_utf8_ok(m->labels[i].value, strlen(m->labels[i].value)));
    return true;
}

static bool on_point(void *ctx, int64_t t_ms, double value, struct err *err)
{
    struct count *c = ctx;

    (void)value, (void)err;
    c->points++;
    c->times ^= t_ms;
    return true;
}

static bool read_in(const uint8_t *bytes, size_t len, size_t n, struct count *c)
{
    const struct imp_matrix_to to = {on_series, on_point, c};
    struct imp_matrix *m = imp_matrix_begin(&to);
    struct err err = {0};
    bool ok = true;

    for (size_t at = 0; ok && at < len; at += n)
        ok = imp_matrix_feed(
                m, (const char *)bytes + at, len - at < n ? len - at : n, &err);
    ok = ok && imp_matrix_end(m, &err);
    FUZZ_HOLDS(ok || err.msg[0]);
    imp_matrix_free(m);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct count whole = {0}, pieces = {0};
    bool a = read_in(bytes, len, len ? len : 1, &whole);
    bool b = read_in(bytes, len, 3, &pieces);

    FUZZ_HOLDS(a == b && whole.series == pieces.series);
    FUZZ_HOLDS(whole.points == pieces.points && whole.times == pieces.times);
    return 0;
}
