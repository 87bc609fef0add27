/* SPDX-License-Identifier: Apache-2.0
 * Puts hours that meters.py drew into a database, as months of the ledger:
 * months_cli DB, lines "TAG KEY SCOPE MODELLED MONTH JOULES SECONDS JOULES
 * SECONDS ..." on standard input, a pair for each hour. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "energy/ledger.h"

enum { LINE_MAX_BYTES = 64 * 1024, US_PER_S = 1000000 };

static const struct sql add_meter = {
        "add_meter",
        "INSERT OR IGNORE INTO meter (source_id, key, scope, modelled, kind, "
        "unit) VALUES (?, ?, ?, ?, 'counter', 'J')"};
static const struct sql add_month = {
        "add_month",
        "INSERT INTO energy_month (meter_id, month, sum_uj, covered_s, hours) "
        "SELECT id, ?, ?, ?, ? FROM meter WHERE source_id = ? AND key = ?"};

static struct err err;

static void must(bool ok)
{
    char text[600];

    if (ok)
        return;
    fprintf(stderr, "months_cli: %s\n", err_text(&err, text, sizeof text));
    exit(1);
}

/* The next number of the line; false at its end. */
static bool next(char **at, int64_t *out)
{
    char *p = *at + strspn(*at, " \n");
    size_t n = strcspn(p, " \n");

    if (!n)
        return false;
    must(num_parse_int(p, n, 0, INT64_MAX, out, &err));
    *at = p + n;
    return true;
}

struct place { /* whose month it is */
    const char *tag, *key, *scope;
    int64_t modelled;
};

/* The next word of the line, cut off. */
static const char *word(char **at)
{
    char *p = *at, *end = strchr(p, ' ');

    must(end != NULL);
    *end = '\0';
    *at = end + 1;
    return p;
}

static void
store(struct db *db, const struct place *p, const struct en_month *m,
      struct buf *b)
{
    struct stmt *q;
    int64_t source;

    must(en_source(db, "node", p->tag, &source, &err));
    q = db_stmt(db, &add_meter, &err);
    must(q != NULL);
    stmt_int_at(q, 1, source);
    stmt_text_at(q, 2, p->key);
    stmt_text_at(q, 3, p->scope);
    stmt_int_at(q, 4, p->modelled);
    must(stmt_run(q, &err));
    buf_reset(b);
    en_month_pack(m, b);
    q = db_stmt(db, &add_month, &err);
    must(q != NULL);
    stmt_int_at(q, 1, m->month);
    stmt_int_at(q, 2, m->sum_uj);
    stmt_int_at(q, 3, m->covered_s);
    stmt_blob_at(q, 4, b->p, b->len);
    stmt_int_at(q, 5, source);
    stmt_text_at(q, 6, p->key);
    must(stmt_run(q, &err));
}

static void take_line(struct db *db, char *line, struct buf *b)
{
    static struct en_month m;
    int64_t month, joules, seconds;
    struct place p;
    char *at = line;

    p.tag = word(&at);
    p.key = word(&at);
    p.scope = word(&at);
    must(next(&at, &p.modelled) && next(&at, &month));
    m = (struct en_month){.month = (int)month};
    while (next(&at, &joules) && next(&at, &seconds)) {
        must(m.n_hours < EN_MONTH_HOURS);
        m.joules[m.n_hours] = joules;
        m.covered[m.n_hours++] = (uint16_t)seconds;
        m.sum_uj += joules * US_PER_S;
        m.covered_s += seconds;
    }
    store(db, &p, &m, b);
}

int main(int argc, char **argv)
{
    static char line[LINE_MAX_BYTES];
    struct db *db = NULL;
    struct buf b;

    if (argc != 2)
        return 2;
    buf_init(&b, LINE_MAX_BYTES);
    must(db_open(argv[1], DB_WRITE, &db, &err));
    must(db_begin(db, &err));
    while (fgets(line, sizeof line, stdin))
        take_line(db, line, &b);
    must(db_commit(db, &err));
    buf_clear(&b);
    db_close(db);
    return 0;
}
