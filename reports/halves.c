/* SPDX-License-Identifier: Apache-2.0
 * The scan of all lines in two halves, on two threads where that is safe. What
 * is added first and last does not depend on the threads. */
#include <pthread.h>
#include <stdlib.h>

#include "access/access.h"
#include "reports/reports_priv.h"

enum {
    WHOLE_BELOW = 8192,  /* ids; a thread would cost more than it saves */
    PRODUCTS_MAX = 4096, /* beyond, ids of products depend on who comes first */
};

struct half {
    struct rep_frame *frame;
    struct rep_sums *sums;
    int64_t from_id, to_id;
    bool silent, ok;
    struct err err;
};

static bool sum_line(void *ctx, const struct rep_line *l, struct err *err)
{
    (void)err;
    rep_sums_line(ctx, l);
    return true;
}

static void *run_half(void *arg)
{
    struct half *h = arg;

    h->ok = rep_scan_run(
            &(struct rep_scan){
                    .frame = h->frame,
                    .sums = h->sums,
                    .from_id = h->from_id,
                    .to_id = h->to_id,
                    .silent = h->silent,
                    .line = sum_line,
                    .ctx = h->sums},
            &h->err);
    return NULL;
}

/* Months of the ledger are not in the audit. */
static bool
same_ledger(const struct rep_frame *first, struct db *db, struct err *err)
{
    int64_t mine, theirs;

    return en_ledger_version(first->db, &mine, err) &&
           en_ledger_version(db, &theirs, err) && mine == theirs;
}

/* A frame of its own for the second thread, on a second connection that sees
 * what the first one sees. False: there is none, which is no failure. */
static bool second_frame(const struct rep_frame *first, struct rep_frame *out)
{
    struct err why = {0}; /* one thread does it too */
    int64_t mine, theirs;
    struct db *db = NULL;

    if (first->catalog.n_products > PRODUCTS_MAX ||
        !db_open(db_path(first->db), DB_READ, &db, &why))
        return false;
    if (db_begin_read(db, &why) && acc_last(first->db, &mine, &why) &&
        acc_last(db, &theirs, &why) && mine == theirs &&
        same_ledger(first, db, &why) &&
        rep_frame_open(out, db, first->pack, first->options, &why))
        return true;
    db_close(db);
    return false;
}

static void second_frame_close(struct rep_frame *f)
{
    struct db *db = f->db;

    rep_frame_close(f);
    db_end_read(db);
    db_close(db);
}

static bool run_both(struct half halves[2], bool threads)
{
    pthread_t thread;

    threads =
            threads && pthread_create(&thread, NULL, run_half, &halves[1]) == 0;
    run_half(&halves[0]);
    if (threads)
        pthread_join(thread, NULL);
    else if (halves[0].ok)
        run_half(&halves[1]);
    return halves[0].ok && halves[1].ok;
}

bool rep_scan_sum(struct rep_sums *s, struct err *err)
{
    struct half halves[2] = {{.frame = s->frame, .sums = s}};
    struct rep_frame second = {0};
    struct rep_sums rest = {0};
    bool two, ok;
    int64_t last;

    if (!inv_last_id(s->frame->db, &last, err))
        return false;
    if (last < WHOLE_BELOW) {
        run_half(&halves[0]);
        *err = halves[0].ok ? *err : halves[0].err;
        return halves[0].ok;
    }
    two = second_frame(s->frame, &second);
    halves[0].to_id = halves[1].from_id = last / 2 + 1;
    halves[1].frame = two ? &second : s->frame;
    halves[1].to_id = last + 1;
    halves[1].sums = &rest;
    halves[1].silent = two; /* words come from one thread */
    rep_sums_init(&rest, halves[1].frame);
    ok = run_both(halves, two);
    if (ok)
        rep_sums_merge(s, &rest);
    else
        *err = halves[0].ok ? halves[1].err : halves[0].err;
    rep_sums_clear(&rest);
    if (two)
        second_frame_close(&second);
    return ok;
}
