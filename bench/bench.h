/* SPDX-License-Identifier: Apache-2.0
 * What the benchmark's files share. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- generate.c: a deterministic fleet ----------------------------------- */

enum { GEN_PARTS = 8 };

struct gen_machine { /* one machine with eight part rows */
    char tag[32], serial[32], date[40], warranty[40];
    const char *maker, *model, *cpu, *gpu, *acquisition, *status;
    int cpus, cores, ram_a, ram_a_gib, ram_b, ram_b_gib, hdd_a, hdd_a_tb, hdd_b,
            hdd_b_tb, ssd, ssd_gb, gpus, psus, power_w;
};
/* Machine number i of the fleet; the same for every run. */
void gen_machine(uint64_t i, struct gen_machine *m);
/* A CSV of n machines in the program's own template. */
bool gen_csv(const char *path, uint64_t n);
/* generate_lshw.c: the same machines as lshw -xml prints them, in one list. */
bool gen_lshw(const char *path, uint64_t n);

/* hours.c: a year of hourly readings for every machine of an imported database,
 * and a year of the grid's hours for FRA; how many meters. One at the wall, or
 * `inside`, what an agent reads of a node: two packages, their memory, a card.
 */
uint64_t gen_hours(const char *db_path, bool inside);

/* ---- baseline.c: the bare work, without the product -----------------------
 */

/* The same machines as rows of the same schema through bare SQLite, one
 * transaction, prepared statements: seconds. */
double base_insert_s(const char *db_path, uint64_t n);
/* The three scans of the yearly report stepped and added up: seconds. */
double base_scan_s(const char *db_path);
/* The file through bare libcsv, counting fields: seconds. */
double base_csv_s(const char *path);
/* The file through bare libxml2 by SAX2, counting elements and text: seconds.
 */
double base_sax_s(const char *path);
/* The sums of approach C written out as plain C: seconds for n machines. */
double base_assess_s(uint64_t n);

/* ---- bench.c ------------------------------------------------------------- */

double bench_now_s(void);
/* Keeps a result alive. */
extern volatile double bench_sink;

#endif
