/* SPDX-License-Identifier: Apache-2.0
 * Takes the batches of a random feed from standard input, folds when told to,
 * and prints what the ledger then holds, for ledger.py. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "energy/ledger.h"

enum { WORD = 100 };

static struct {
    struct db *db;
    struct en_feed *feed;
    int64_t source;
    struct wire_meter meters[WIRE_MAX_METERS];
    char keys[WIRE_MAX_METERS][WORD];
    size_t n_meters;
    struct wire_sample rows[WIRE_MAX_SAMPLES];
} g;

static void must(bool ok, const struct err *err)
{
    char text[1100];

    if (ok)
        return;
    fprintf(stderr, "ledger_cli: %s\n", err_text(err, text, sizeof text));
    exit(1);
}

static void bad(const char *what)
{
    fprintf(stderr, "ledger_cli: wrong line: %s\n", what);
    exit(1);
}

/* m KEY SCOPE KIND RANGE MAX_W ("nan" for unknown) */
static void read_meter(void)
{
    struct wire_meter *m = &g.meters[g.n_meters];
    char scope[WORD], kind[WORD];

    if (g.n_meters == WIRE_MAX_METERS ||
        scanf("%99s %99s %99s %" SCNd64 " %lf", g.keys[g.n_meters], scope, kind,
              &m->range_uj, &m->max_w) != 5 ||
        !wire_scope_from(scope, &m->scope) ||
        !wire_meter_kind_from(kind, &m->kind))
        bad("m");
    m->id = g.keys[g.n_meters++];
    m->unit = m->kind == WIRE_GAUGE ? WIRE_UW : WIRE_UJ;
}

/* b RUN BOOT RECV N, then N times SEQ T FROM METER VALUE */
static void read_batch(void)
{
    static struct en_taken taken;
    char run[WORD], boot[WORD];
    struct wire_batch b = {
            .agent = "reference",
            .run = run,
            .meters = g.meters,
            .n_meters = g.n_meters,
            .samples = g.rows};
    struct err err = {0};
    int64_t recv;

    if (scanf("%99s %99s %" SCNd64 " %zu", run, boot, &recv, &b.n_samples) !=
                4 ||
        b.n_samples > WIRE_MAX_SAMPLES)
        bad("b");
    b.boot = strcmp(boot, "-") == 0 ? NULL : boot;
    for (size_t i = 0; i < b.n_samples; i++) {
        struct wire_sample *s = &g.rows[i];

        if (scanf("%" SCNu64 " %" SCNd64 " %" SCNd64 " %" SCNu32 " %" SCNd64,
                  &s->seq, &s->t_ns, &s->from_ns, &s->meter, &s->value) != 5)
            bad("row");
    }
    must(db_begin(g.db, &err), &err);
    must(en_feed_take(g.feed, g.source, &b, recv, &taken, &err), &err);
    must(db_commit(g.db, &err), &err);
    printf("taken %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
           taken.accepted, taken.duplicate, taken.conflict, taken.refused);
}

static void read_fold(void)
{
    struct err err = {0};
    int64_t until;

    if (scanf("%" SCNd64, &until) != 1)
        bad("f");
    must(en_fold(g.db, until, &err), &err);
}

static void print_months(void)
{
    static const struct sql text = {
            "months",
            "SELECT m.key, e.month, e.sum_uj, e.covered_s, e.flags, e.hours "
            "FROM energy_month e JOIN meter m ON m.id = e.meter_id "
            "ORDER BY m.key, e.month"};
    static struct en_month m;
    struct err err = {0};
    struct stmt *q = db_stmt(g.db, &text, &err);
    bool row;

    must(q != NULL, &err);
    for (;;) {
        const void *bytes;
        size_t n;

        must(stmt_step(q, &row, &err), &err);
        if (!row)
            break;
        bytes = stmt_col_blob(q, 5, &n);
        must(en_month_unpack(bytes, n, &m, &err), &err);
        printf("month %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
               stmt_col_text(q, 0), stmt_col_int(q, 1), stmt_col_int(q, 2),
               stmt_col_int(q, 3), stmt_col_int(q, 4));
        for (int i = 0; i < m.n_hours; i++)
            printf(" %" PRId64 ":%d", m.joules[i], m.covered[i]);
        putchar('\n');
    }
    stmt_reset(q);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    char word[2];

    if (argc != 2) {
        fputs("usage: ledger_cli DATABASE <FEED\n", stderr);
        return 2;
    }
    must(db_open(argv[1], DB_CREATE, &g.db, &err), &err);
    must(en_feed_open(g.db, &g.feed, &err), &err);
    must(en_source(g.db, "node", "n", &g.source, &err), &err);
    while (scanf(" %1s", word) == 1) {
        if (word[0] == 'm')
            read_meter();
        else if (word[0] == 'b')
            read_batch();
        else if (word[0] == 'f')
            read_fold();
        else
            bad(word);
    }
    print_months();
    must(en_ledger_check(g.db, &err), &err);
    en_feed_close(g.feed);
    db_close(g.db);
    return 0;
}
