/* SPDX-License-Identifier: Apache-2.0
 * make bench: "name value unit ratio baseline" lines. The limit of the design
 * stands beside each row; ratios are to a baseline of the same run. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "factors/factors.h"

volatile double bench_sink;

double bench_now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
say(const char *name, double value, const char *unit, double ratio,
    const char *baseline)
{
    printf("%-26s %12.4g %-12s %8.3g x %s\n", name, value, unit, ratio,
           baseline);
    fflush(stdout);
}

struct ran {
    double s, rss_mb;
};

/* The program in a fresh process, its output thrown away. */
static struct ran run_program(const char *const argv[])
{
    double start = bench_now_s();
    struct rusage used;
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        if (!freopen("/dev/null", "w", stdout) ||
            !freopen("/dev/null", "w", stderr))
            _exit(126);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        fprintf(stderr, "bench: %s %s ... failed\n", argv[0], argv[3]);
        exit(1);
    }
    return (struct ran){bench_now_s() - start, (double)used.ru_maxrss / 1024.0};
}

static double file_mb(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (double)st.st_size / 1e6 : NAN;
}

/* import: at least 25 k machines/s and half of bare SQLite (DESIGN 8). */
static void bench_import(const char *fp, const char *dir, uint64_t n)
{
    char csv[300], db[300], bare[300];
    double bare_s, csv_s;
    struct ran r;

    snprintf(csv, sizeof csv, "%s/fleet-%llu.csv", dir, (unsigned long long)n);
    snprintf(db, sizeof db, "%s/fleet-%llu.db", dir, (unsigned long long)n);
    snprintf(bare, sizeof bare, "%s/bare.db", dir);
    if (!gen_csv(csv, n)) {
        fprintf(stderr, "bench: cannot write '%s'\n", csv);
        exit(1);
    }
    remove(db);
    bare_s = base_insert_s(bare, n);
    csv_s = base_csv_s(csv);
    r = run_program((const char *const[]){fp, "--db", db, "import", csv, NULL});
    say("import_csv", (double)n / r.s, "machines/s", bare_s / r.s,
        "bare SQLite, same schema");
    say("import_csv_bytes", file_mb(csv) / r.s, "MB/s", csv_s / r.s,
        "bare libcsv");
    say("import_csv_rss", r.rss_mb, "MB", NAN, "-");
    say("bytes_per_machine", file_mb(db) * 1e6 / (double)n, "B",
        file_mb(db) / file_mb(bare), "bare SQLite, same schema");
    remove(bare);
}

/* lshw XML of 34 kB a host: 6,000 hosts/s parsed, half of bare SAX (DESIGN 8);
 * and into a database, in memory that does not grow with the list. */
static void bench_lshw(const char *fp, const char *dir)
{
    static const uint64_t sizes[] = {300, 3000};
    char xml[300], db[300], name[60];

    snprintf(xml, sizeof xml, "%s/hosts.xml", dir);
    snprintf(db, sizeof db, "%s/hosts.db", dir);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n = sizes[i];
        struct ran best = {INFINITY, 0};
        double sax_s = INFINITY, parsed_s = INFINITY;

        if (!gen_lshw(xml, n)) {
            fprintf(stderr, "bench: cannot write '%s'\n", xml);
            exit(1);
        }
        for (int round = 0; round < 3; round++) {
            double s = base_sax_s(xml);
            struct ran r = run_program((const char *const[]){
                    fp, "import", "--dry-run", xml, NULL});

            parsed_s = r.s < parsed_s ? r.s : parsed_s;

            remove(db);
            r = run_program(
                    (const char *const[]){fp, "--db", db, "import", xml, NULL});
            sax_s = s < sax_s ? s : sax_s;
            best = r.s < best.s ? r : best;
        }
        snprintf(name, sizeof name, "parse_lshw_%llu", (unsigned long long)n);
        say(name, (double)n / parsed_s, "hosts/s", sax_s / parsed_s,
            "bare libxml2 SAX");
        snprintf(name, sizeof name, "import_lshw_%llu", (unsigned long long)n);
        say(name, (double)n / best.s, "hosts/s", sax_s / best.s,
            "bare libxml2 SAX");
        snprintf(
                name, sizeof name, "import_lshw_%llu_rss",
                (unsigned long long)n);
        say(name, best.rss_mb, "MB", NAN, "-");
    }
    printf("# %.1f kB a host\n", file_mb(xml) * 1e3 / (double)sizes[1]);
    remove(xml);
    remove(db);
}

/* report year: 0.02 / 0.06 / 0.4 / 3.5 s, 160 MB at 1 M (DESIGN 8). */
static void bench_report(const char *fp, const char *dir, uint64_t n)
{
    struct ran best = {INFINITY, 0};
    char db[300], name[60];
    double scan_s = INFINITY;
    int rounds = n <= 100000 ? 5 : 2;

    snprintf(db, sizeof db, "%s/fleet-%llu.db", dir, (unsigned long long)n);
    for (int i = 0; i < rounds; i++) {
        double s = base_scan_s(db);
        struct ran r = run_program((const char *const[]){
                fp, "--db", db, "report", "year", "2025", "--format", "json",
                NULL});

        if (s < scan_s)
            scan_s = s;
        if (r.s < best.s)
            best = r;
    }
    snprintf(name, sizeof name, "report_year_%llu", (unsigned long long)n);
    say(name, best.s, "s", best.s / scan_s, "bare SQLite scan");
    snprintf(name, sizeof name, "report_year_%llu_rss", (unsigned long long)n);
    say(name, best.rss_mb, "MB", NAN, "-");
}

static struct ran report_best(const char *fp, const char *db, int rounds)
{
    struct ran best = {INFINITY, 0};

    for (int i = 0; i < rounds; i++) {
        struct ran r = run_program((const char *const[]){
                fp, "--db", db, "report", "year", "2025", "--format", "json",
                NULL});

        if (r.s < best.s)
            best = r;
    }
    return best;
}

/* A meter on every machine and an hourly grid add at most 0.3 s at 10,000
 * machines; a node-year of hours takes at most 30 kB (DESIGN 8). With five
 * meters inside of each there is five times as much to read. */
static void
bench_hours(const char *fp, const char *dir, uint64_t n, bool inside)
{
    const char *what = inside ? "inside" : "hourly";
    char csv[300], db[300], name[60];
    double before_mb;
    struct ran plain, hourly;
    uint64_t meters;

    snprintf(csv, sizeof csv, "%s/fleet-%llu.csv", dir, (unsigned long long)n);
    snprintf(db, sizeof db, "%s/%s-%llu.db", dir, what, (unsigned long long)n);
    remove(db);
    run_program((const char *const[]){
            fp, "--db", db, "site", "set", "default", "--country", "FRA",
            NULL});
    run_program((const char *const[]){fp, "--db", db, "import", csv, NULL});
    plain = report_best(fp, db, 5);
    before_mb = file_mb(db);
    meters = gen_hours(db, inside);
    hourly = report_best(fp, db, 5);
    snprintf(name, sizeof name, "report_%s_adds", what);
    say(name, hourly.s - plain.s, "s", hourly.s / plain.s,
        "report with a constant factor");
    snprintf(name, sizeof name, "report_%s_rss", what);
    say(name, hourly.rss_mb, "MB", hourly.rss_mb / plain.rss_mb,
        "report with a constant factor");
    snprintf(name, sizeof name, "report_%s_rate", what);
    say(name, (double)meters * 8760 / 1e6 / (hourly.s - plain.s), "M hours/s",
        NAN, "-");
    if (!inside)
        say("bytes_per_node_year", (file_mb(db) - before_mb) * 1e6 / (double)n,
            "B", NAN, "-");
    remove(db);
}

/* ---- assessments: 100,000 a second on one core (DESIGN 8) -----------------
 */

enum { KINDS = GEN_PARTS };

static struct fac_part_desc desc_of(enum calc_kind kind)
{
    return (struct fac_part_desc){
            .kind = kind,
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN,
            .density_gb_per_cm2 = NAN,
            .gpu_memory_gb = NAN};
}

/* Names to rows and parts to kilograms, for one machine from nothing. */
static void assess_one(struct fac_pack *pack, uint64_t i, bool by_name)
{
    struct fac_part parts[KINDS];
    struct fac_use uses[KINDS];
    struct fac_part_desc d[KINDS];
    static struct fac_assessment a;
    struct gen_machine m;
    struct fac_unit u;

    gen_machine(i & 1023, &m);
    d[0] = desc_of(CALC_CPU);
    d[1] = desc_of(CALC_RAM);
    d[2] = desc_of(CALC_RAM);
    d[3] = desc_of(CALC_HDD);
    d[4] = desc_of(CALC_HDD);
    d[5] = desc_of(CALC_SSD);
    d[6] = desc_of(CALC_GPU);
    d[7] = desc_of(CALC_PSU);
    if (by_name)
        d[0].model = m.cpu;
    else
        d[0].die_mm2 = 485;
    d[0].cores = m.cores / m.cpus;
    d[1].capacity = m.ram_a_gib;
    d[2].capacity = m.ram_b_gib;
    d[3].capacity = m.hdd_a_tb * 1000;
    d[4].capacity = m.hdd_b_tb * 1000;
    d[5].capacity = m.ssd_gb;
    d[6].model = m.gpu;
    for (int k = 0; k < KINDS; k++)
        fac_part_resolve(pack, &d[k], &parts[k]);
    const int counts[KINDS] = {m.cpus,  m.ram_a, m.ram_b, m.hdd_a,
                               m.hdd_b, m.ssd,   m.gpus,  m.psus};
    for (int k = 0; k < KINDS; k++)
        uses[k] = (struct fac_use){&parts[k], (uint32_t)counts[k]};
    u = (struct fac_unit){
            .category = CALC_SERVER,
            .chassis = CALC_RACK,
            .product = fac_product_resolve(pack, m.maker, m.model, CALC_SERVER),
            .year = 2018,
            .cpu_count = m.cpus,
            .cpu_cores = m.cores,
            .uses = uses,
            .n_uses = KINDS,
            .stated_kg = NAN};
    fac_assess(pack, &u, &a);
    bench_sink = a.kg[CALC_GWP];
}

static void bench_assess(bool by_name)
{
    enum { N = 200000 };
    struct fac_pack *pack = NULL;
    struct err err = {0};
    double start, s, plain;
    char text[600];

    if (!fac_pack_load(NULL, &pack, &err)) {
        fprintf(stderr, "bench: %s\n", err_text(&err, text, sizeof text));
        exit(1);
    }
    plain = base_assess_s(N);
    start = bench_now_s();
    for (uint64_t i = 0; i < N; i++)
        assess_one(pack, i, by_name);
    s = bench_now_s() - start;
    say(by_name ? "assess_by_name" : "assess_by_die", N / s, "per s", s / plain,
        "plain C sums");
    fac_pack_free(pack);
}

static void bench_start(const char *fp, const char *dir)
{
    double best = INFINITY, nothing = INFINITY;
    char db[300];

    snprintf(db, sizeof db, "%s/fleet-1000.db", dir);
    for (int i = 0; i < 10; i++) {
        double s = run_program((const char *const[]){
                                       fp, "--db", db, "--version", NULL})
                           .s;
        double t =
                run_program((const char *const[]){
                                    "/bin/true", "--db", db, "--version", NULL})
                        .s;

        best = s < best ? s : best;
        nothing = t < nothing ? t : nothing;
    }
    say("first_output", best * 1e3, "ms", best / nothing, "/bin/true");
}

int main(int argc, char **argv)
{
    const char *fp = "build/release/fleetprint", *dir = "build/bench";
    static const uint64_t sizes[] = {1000, 10000, 100000, 1000000};
    uint64_t max = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;

    mkdir("build", 0777);
    mkdir(dir, 0777);
    puts("# name                          value unit            ratio to");
    bench_assess(false);
    bench_assess(true);
    bench_lshw(fp, dir);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && sizes[i] <= max;
         i++) {
        printf("# %llu machines\n", (unsigned long long)sizes[i]);
        bench_import(fp, dir, sizes[i]);
        bench_report(fp, dir, sizes[i]);
        for (int inside = 0; inside <= 1 && sizes[i] == 10000; inside++)
            bench_hours(fp, dir, sizes[i], inside);
        if (i == 0)
            bench_start(fp, dir);
    }
    return 0;
}
