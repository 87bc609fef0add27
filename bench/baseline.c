/* SPDX-License-Identifier: Apache-2.0
 * The bare work that each figure is compared with. It goes to the libraries
 * directly: what the product adds is what is measured. */
#include "bench.h"

#include <csv.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

extern const struct embed_file store_schema[];

static void must(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench: baseline: %s failed\n", what);
    exit(1);
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;

    must(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK, sql);
    return s;
}

static void run(sqlite3_stmt *s)
{
    must(sqlite3_step(s) == SQLITE_DONE, "a statement");
    sqlite3_reset(s);
}

static void text(sqlite3_stmt *s, int at, const char *value)
{
    sqlite3_bind_text(s, at, value, -1, SQLITE_STATIC);
}

struct inserts {
    sqlite3_stmt *machine, *state, *part, *event;
};

static void insert_one(struct inserts *s, uint64_t i)
{
    struct gen_machine m;
    int counts[GEN_PARTS];

    gen_machine(i, &m);
    memcpy(counts,
           (int[]){m.cpus, m.ram_a, m.ram_b, m.hdd_a, m.hdd_b, m.ssd, m.gpus,
                   m.psus},
           sizeof counts);
    sqlite3_bind_int64(s->machine, 1, (sqlite3_int64)i + 1);
    sqlite3_bind_int(s->machine, 2, m.cpus);
    sqlite3_bind_int(s->machine, 3, m.cores);
    text(s->machine, 4, m.acquisition);
    text(s->machine, 5, m.date);
    text(s->machine, 6, m.warranty);
    sqlite3_bind_double(s->machine, 7, m.power_w);
    text(s->machine, 8, m.tag);
    text(s->machine, 9, m.serial);
    run(s->machine);
    sqlite3_bind_int64(s->state, 1, (sqlite3_int64)i + 1);
    text(s->state, 2, m.date);
    text(s->state, 3, m.status);
    run(s->state);
    for (int k = 0; k < GEN_PARTS; k++) {
        sqlite3_bind_int64(s->part, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_int(s->part, 2, k + 1);
        sqlite3_bind_int(s->part, 3, k + 1);
        sqlite3_bind_int(s->part, 4, counts[k]);
        run(s->part);
    }
    sqlite3_bind_int64(s->event, 1, (sqlite3_int64)i + 1);
    text(s->event, 2, m.date);
    run(s->event);
}

double base_insert_s(const char *db_path, uint64_t n)
{
    struct inserts s;
    sqlite3 *db = NULL;
    double start;

    remove(db_path);
    must(sqlite3_open(db_path, &db) == SQLITE_OK, "open");
    must(sqlite3_exec(
                 db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                 "PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384;",
                 NULL, NULL, NULL) == SQLITE_OK,
         "pragmas");
    must(sqlite3_exec(
                 db, (const char *)store_schema[0].bytes, NULL, NULL, NULL) ==
                 SQLITE_OK,
         "schema");
    must(sqlite3_exec(
                 db,
                 "INSERT INTO site (id, name) VALUES (1, 'default');"
                 "INSERT INTO product VALUES (1, 'Dell', 'R640');"
                 "INSERT INTO part_spec (id, kind, capacity) VALUES "
                 "(1,'cpu',1),"
                 "(2,'ram',2),(3,'ram',3),(4,'hdd',4),(5,'hdd',5),(6,'ssd',6),"
                 "(7,'gpu',7),(8,'psu',8);",
                 NULL, NULL, NULL) == SQLITE_OK,
         "fixed rows");
    start = bench_now_s();
    must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK,
         "begin");
    s.machine = prepared(
            db,
            "INSERT INTO machine (id, units, category, chassis, product_id,"
            " cpu_count, cpu_cores, acquisition, manufactured_on, acquired_on,"
            " in_service_on, warranty_end, power_w, tag, serial, source) VALUES"
            " (?1, 1, 'server', 'rack', 1, ?2, ?3, ?4, ?5, ?5, ?5, ?6, ?7, ?8,"
            " ?9, 'csv')");
    s.state = prepared(
            db, "INSERT INTO machine_state VALUES (?1, ?2, NULL, ?3, 1)");
    s.part = prepared(db, "INSERT INTO part VALUES (?1, ?2, ?3, ?4, NULL)");
    s.event = prepared(
            db,
            "INSERT INTO event (machine_id, kind, effective_on, recorded_at)"
            " VALUES (?1, 'received', ?2, 0)");
    for (uint64_t i = 0; i < n; i++)
        insert_one(&s, i);
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
    start = bench_now_s() - start;
    sqlite3_finalize(s.machine);
    sqlite3_finalize(s.state);
    sqlite3_finalize(s.part);
    sqlite3_finalize(s.event);
    sqlite3_close(db);
    return start;
}

static double sum_rows(sqlite3 *db, const char *sql, int columns)
{
    sqlite3_stmt *s = prepared(db, sql);
    double sum = 0;

    while (sqlite3_step(s) == SQLITE_ROW)
        for (int c = 0; c < columns; c++)
            if (sqlite3_column_type(s, c) == SQLITE_TEXT)
                sum += sqlite3_column_text(s, c)[0];
            else
                sum += sqlite3_column_double(s, c);
    sqlite3_finalize(s);
    return sum;
}

double base_scan_s(const char *db_path)
{
    double start = bench_now_s();
    sqlite3 *db = NULL;

    must(sqlite3_open_v2(db_path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK,
         "open");
    bench_sink = sum_rows(
            db,
            "SELECT id, units, category, chassis, acquisition, product_id,"
            " cpu_count, cpu_cores, manufactured_on, acquired_on, "
            "in_service_on,"
            " warranty_end, power_w FROM machine",
            13);
    bench_sink += sum_rows(
            db,
            "SELECT machine_id, valid_from, valid_to, status, site_id FROM"
            " machine_state",
            5);
    bench_sink +=
            sum_rows(db, "SELECT machine_id, spec_id, units FROM part", 3);
    sqlite3_close(db);
    return bench_now_s() - start;
}

static void count_field(void *bytes, size_t len, void *count)
{
    (void)bytes;
    *(size_t *)count += len;
}

double base_csv_s(const char *path)
{
    static char room[65536];
    double start = bench_now_s();
    struct csv_parser p;
    size_t n, count = 0;
    FILE *f = fopen(path, "r");

    must(f && csv_init(&p, 0) == 0, "libcsv");
    while ((n = fread(room, 1, sizeof room, f)) > 0)
        must(csv_parse(&p, room, n, count_field, NULL, &count) == n, "parse");
    csv_fini(&p, count_field, NULL, &count);
    csv_free(&p);
    fclose(f);
    bench_sink = (double)count;
    return bench_now_s() - start;
}

/* ---- XML ------------------------------------------------------------------
 */

static void on_element(
        void *ctx, const xmlChar *name, const xmlChar *prefix,
        const xmlChar *uri, int n_namespaces, const xmlChar **namespaces, int n,
        int n_defaulted, const xmlChar **attributes)
{
    (void)name, (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces;
    (void)n_defaulted, (void)attributes;
    *(size_t *)ctx += 1 + (size_t)n;
}

static void on_chars(void *ctx, const xmlChar *text, int len)
{
    (void)text;
    *(size_t *)ctx += (size_t)len;
}

double base_sax_s(const char *path)
{
    xmlSAXHandler sax = {
            .initialized = XML_SAX2_MAGIC,
            .startElementNs = on_element,
            .characters = on_chars};
    static char room[65536];
    double start = bench_now_s();
    size_t seen = 0, n;
    FILE *f = fopen(path, "r");
    xmlParserCtxtPtr ctxt = xmlCreatePushParserCtxt(&sax, &seen, NULL, 0, NULL);

    must(f != NULL && ctxt != NULL, path);
    while ((n = fread(room, 1, sizeof room, f)) > 0)
        must(xmlParseChunk(ctxt, room, (int)n, 0) == 0, "xmlParseChunk");
    xmlParseChunk(ctxt, NULL, 0, 1);
    xmlFreeParserCtxt(ctxt);
    fclose(f);
    bench_sink = (double)seen;
    return bench_now_s() - start;
}

double base_assess_s(uint64_t n)
{
    double start = bench_now_s(), sum = 0;

    for (uint64_t i = 0; i < n; i++) {
        struct gen_machine m;

        gen_machine(i & 1023, &m);
        sum += m.cpus * (9.14 + 0.0197 * 485) +
               m.ram_a * (5.22 + 2.20 * m.ram_a_gib / 1.2444) +
               m.ram_b * (5.22 + 2.20 * m.ram_b_gib / 1.2444) +
               (m.hdd_a + m.hdd_b) * 31.11 +
               m.ssd * (6.34 + 2.20 * m.ssd_gb / 54.884) + 66.10 + 6.68 +
               m.psus * 24.30 * 2.99 + 150 + m.gpus * 120.0;
    }
    bench_sink = sum;
    return bench_now_s() - start;
}
