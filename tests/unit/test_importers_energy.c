/* SPDX-License-Identifier: Apache-2.0
 * Energy files: real ones against sums made in Python from the files, written
 * ones against sums made by hand. */
#include "importers/importers.h"

#include <math.h>
#include <string.h>

#include "importers_sink.h"
#include "unit.h"

#define SAMPLES "../shared/samples/"
#define NS 1000000000LL

static struct kept *k;

static bool read_it(const char *path, const char *want, const char *zone)
{
    const struct wire_energy_ask ask = {.timezone = zone};
    const char *format = NULL;
    struct err err = {0};
    struct wire_sink sink;
    bool ok;

    kept_free(k);
    k = xcalloc(1, sizeof *k);
    sink = kept_sink(k);
    sink.energy_ask = &ask;
    ok = imp_read(path, NULL, &sink, &format, &err);
    UNIT_CHECK(ok, "%s: %s: %s", path, err.where, err.msg);
    UNIT_CHECK(
            format && strcmp(format, want) == 0, "%s read as %s", path,
            format ? format : "nothing");
    return ok;
}

static bool read_text(
        const char *name, const char *text, const char *want, const char *zone)
{
    return read_it(kept_file(name, text), want, zone);
}

static bool fails(const char *name, const char *text, const char *words)
{
    struct err err = {0};
    struct wire_sink sink;
    bool ok;

    kept_free(k);
    k = xcalloc(1, sizeof *k);
    sink = kept_sink(k);
    ok = imp_read(kept_file(name, text), NULL, &sink, NULL, &err);
    UNIT_CHECK(!ok && strstr(err.msg, words), "%s: %s", name, err.msg);
    return !ok;
}

static double joules(enum wire_scope scope)
{
    double sum = 0;

    for (size_t i = 0; i < k->n_energy && i < KEPT_MAX; i++)
        if (k->energy[i].scope == scope)
            sum += (double)k->energy[i].energy_uj / 1e6;
    return sum;
}

static size_t rejected(const char *words)
{
    size_t n = 0;

    for (size_t i = 0; i < k->n_rejects; i++)
        n += strstr(k->rejects[i].reason, words) != NULL;
    return n;
}

/* Row 1: 0.0004047892176375 kWh = 1457241183.495 uJ up to 10:39:13 (UTC without
 * a zone), of 355.466 s. Lines of one run repeat its energy so far: 11 runs of
 * 19 good lines, 0.006784040751142763 kWh in all. */
static void test_codecarbon(void)
{
    const struct wire_energy *e;

    if (!read_it(SAMPLES "energy_codecarbon/emissions.csv", "codecarbon", NULL))
        return;
    e = &k->energy[0];
    CU_ASSERT_EQUAL(k->n_energy, 19);
    CU_ASSERT_EQUAL(e->energy_uj, 1457241183);
    CU_ASSERT_EQUAL(e->to_ns, 1717151953 * NS);
    CU_ASSERT_EQUAL(e->from_ns, 1717151953 * NS - 355466380119LL);
    CU_ASSERT(e->scope == WIRE_ESTIMATE && e->modelled);
    UNIT_NEAR(joules(WIRE_ESTIMATE), 0.006784040751142763 * 3.6e6, 1e-9, "sum");
    CU_ASSERT_EQUAL(rejected("one process"), 7);
    CU_ASSERT_EQUAL(rejected("kWh"), 2);
    /* 10:45:39 goes on where 10:45:08 ended. */
    CU_ASSERT_EQUAL(k->energy[3].from_ns, k->energy[2].to_ns);
    CU_ASSERT_EQUAL(k->energy[3].energy_uj, 275847020 - 164446824);
}

/* The local time of its end, in Paris two hours ahead; PUE 1.5 taken out. */
static void test_codecarbon_zone(void)
{
    if (!read_text(
                "emissions.csv",
                "timestamp,project_name,run_id,duration,energy_consumed,pue\n"
                "2024-05-31T10:00:00,p,a,3600,0.15,1.5\n"
                "2024-10-27T02:30:00,p,b,60,0.001,1\n"
                "2024-03-31T02:30:00,p,c,60,0.001,1\n"
                "2024-05-31T11:00:00,p,d,60,5000,1\n",
                "codecarbon", "Europe/Paris"))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 2);
    CU_ASSERT_EQUAL(k->energy[0].to_ns, 1717142400 * NS); /* 08:00 UTC */
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 360000000000);
    CU_ASSERT_EQUAL(k->energy[1].to_ns, 1729989000 * NS); /* 00:30 UTC */
    CU_ASSERT_EQUAL(rejected("jump over"), 1);
    CU_ASSERT_EQUAL(rejected("is the unit right"), 1);
}

/* Since 2.3 an experiment stands beside the run, which alone tells lines apart:
 * 0.1 kWh in the first hour, 0.15 more in the second. */
static void test_codecarbon_now(void)
{
    if (!read_text(
                "emissions.csv",
                "timestamp,project_name,run_id,experiment_id,duration,"
                "energy_consumed,water_consumed,tracking_mode,"
                "cpu_utilization_percent,on_cloud,pue,wue\n"
                "2026-01-05T10:00:00,p,a,e,3600,0.1,0,machine,12.5,N,1.0,0\n"
                "2026-01-05T11:00:00,p,a,e,7200,0.25,0,machine,12.5,N,1.0,0\n"
                "2026-01-05T12:00:00,p,b,e,1800,0.05,0,machine,12.5,N,1.0,0\n",
                "codecarbon", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 3);
    CU_ASSERT_EQUAL(k->n_rejects, 0);
    CU_ASSERT_EQUAL(k->energy[1].from_ns, k->energy[0].to_ns);
    CU_ASSERT_EQUAL(k->energy[1].energy_uj, 540000000000);
    CU_ASSERT_EQUAL(k->energy[2].energy_uj, 180000000000);
    CU_ASSERT_EQUAL(
            k->energy[2].to_ns - k->energy[2].from_ns, 1800 * (int64_t)NS);
}

/* Eight rows: five of another width, one in joules under a title of Wh. Row 1:
 * psys 0.09104 Wh = 327.744 J, package 0.02331 Wh = 83.916 J. */
static void test_ea2p(void)
{
    if (!read_it(SAMPLES "energy_ea2p/energy_report.csv", "ea2p", NULL))
        return;
    CU_ASSERT_EQUAL(rejected("11 cells under 14 titles"), 5);
    CU_ASSERT_EQUAL(rejected("of one device"), 1);
    CU_ASSERT_EQUAL(k->n_energy, 12); /* two rows of six devices */
    UNIT_NEAR(joules(WIRE_PSYS), (0.09104 + 0.16856) * 3600, 1e-12, "psys");
    UNIT_NEAR(
            joules(WIRE_PACKAGE), (0.02331 + 0.02592) * 3600, 1e-12, "package");
    CU_ASSERT_EQUAL(k->energy[0].to_ns, 1706179976 * NS);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1706179976 * NS - 30856190000);
}

static void test_zeus(void)
{
    struct err err = {0};
    struct wire_sink sink;

    kept_free(k);
    k = xcalloc(1, sizeof *k);
    sink = kept_sink(k);
    /* 9 windows; 73.695 s and 36339.745 J summed with awk. */
    CU_ASSERT_FALSE(imp_read(
            SAMPLES "energy_zeus/A40_resnet50_4gpu.csv", NULL, &sink, NULL,
            &err));
    UNIT_CHECK(
            strstr(err.msg, "9 windows of 73.695 s and 36339.745 J"),
            "said: %s", err.msg);
    CU_ASSERT_EQUAL(k->n_energy, 0);
    if (!read_text(
                "zeus.csv",
                "start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy\n"
                "1717151953.5,step,10,1500.25,0\n",
                "zeus", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 2);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 1500250000);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1717151953 * NS + NS / 2);
    CU_ASSERT_EQUAL(k->energy[1].energy_uj, 0);
    CU_ASSERT_STRING_EQUAL(k->energy[0].key, "step");
}

/* 300.5 W for 120 s = 36060 J of the node; no GPU in the first row. */
static void test_ear(void)
{
    if (!read_text(
                "ear.csv",
                "JOBID;STEPID;JOB_START_TIME;JOB_EARL_START_TIME;NODENAME;"
                "TIME_SEC;DC_NODE_POWER_W;DRAM_POWER_W;PCK_POWER_W;"
                "GPU0_POWER_W\n"
                "77;0;1717151900;1717151953;node7;120;300.5;21.5;150;0\n"
                "78;0;0;0;node8;120;300.5;21.5;150;250\n",
                "ear", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 3);
    CU_ASSERT_EQUAL(k->energy[0].scope, WIRE_NODE);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 36060000000);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1717151953 * NS);
    CU_ASSERT_STRING_EQUAL(k->energy[0].machine, "node7");
    CU_ASSERT_STRING_EQUAL(k->energy[0].key, "77.0");
    CU_ASSERT_EQUAL(rejected("not when"), 1);
}

/* 18 stretches between 19 records: 1709.828585 J of the host, 680.323681 of
 * the socket, 93.101095 of its memory. */
static void test_scaphandre(void)
{
    static char text[200000];
    FILE *f;
    size_t n;

    if (!read_it(
                SAMPLES "energy_scaphandre_json/power_data.json",
                "scaphandre-json", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 54);
    UNIT_NEAR(joules(WIRE_PSYS), 1709.828585188397, 1e-7, "host");
    UNIT_NEAR(joules(WIRE_PACKAGE), 680.3236813476458, 1e-7, "socket");
    UNIT_NEAR(joules(WIRE_DRAM), 93.10109454643989, 1e-7, "dram");
    UNIT_NEAR(
            (double)k->energy[0].energy_uj / 1e6, 154.87420910912704, 1e-7,
            "first stretch");
    CU_ASSERT_EQUAL(k->n_rejects, 0);
    for (size_t i = 0; i < k->n_energy; i++)
        CU_ASSERT_PTR_NULL(k->energy[i].key); /* nothing of processes */

    f = fopen(SAMPLES "energy_scaphandre_json/power_data.json", "rb");
    n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    CU_ASSERT_FATAL(n > 3);
    fclose(f);
    text[n - 200] = '\0'; /* cut inside the last record */
    if (!read_text("cut.json", text, "scaphandre-json", NULL))
        return;
    CU_ASSERT_EQUAL(rejected("ends inside this record"), 1);
    CU_ASSERT_EQUAL(k->n_energy, 51);
}

/* Ten jobs ended: seven say node=2 of a list of three; two still run. */
static void test_sacct_sample(void)
{
    if (!read_it(SAMPLES "energy_slurm_sacct/sacct_mock.txt", "sacct", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 3);
    CU_ASSERT_EQUAL(rejected("names 3 nodes"), 7);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 1439089000000);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1645450627 * NS);
    CU_ASSERT_EQUAL(k->energy[0].to_ns, (1645450627 + 2962) * NS);
    CU_ASSERT_STRING_EQUAL(k->energy[0].machine, "compute-0");
    CU_ASSERT_STRING_EQUAL(k->energy[0].key, "1479763");
}

/* 1000 J over n08 n09 n10 x3: 333.333333, 333.333333, 333.333334 as floors of
 * the sum give them. */
static void test_sacct(void)
{
    int64_t sum = 0;

    if (!read_text(
                "sacct.txt",
                "JobIDRaw|NodeList|Start|End|ElapsedRaw|ConsumedEnergy\n"
                "5|n[08-10],x3|2026-01-01T00:00:00|2026-01-01T00:10:00|600|1K\n"
                "5.batch|n08|2026-01-01T00:00:00|2026-01-01T00:10:00|600|900\n"
                "6|n08|2026-01-01T00:20:00|2026-01-01T00:30:00|600|1.5M\n"
                "7|n08|2026-01-01T01:00:00|2026-01-01T01:30:00|600|\n"
                "8|n[1-|2026-01-01T01:00:00|2026-01-01T01:30:00|600|9\n"
                "9|n1|2026-01-01T01:00:00|2026-01-01T00:30:00|600|9\n",
                "sacct", "Europe/Paris"))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 5);
    for (size_t i = 0; i < 4; i++)
        sum += k->energy[i].energy_uj;
    CU_ASSERT_EQUAL(sum, 1000000000);
    CU_ASSERT_STRING_EQUAL(k->energy[0].machine, "n08");
    CU_ASSERT_STRING_EQUAL(k->energy[2].machine, "n10");
    CU_ASSERT_STRING_EQUAL(k->energy[3].machine, "x3");
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1767222000 * NS); /* 23:00 UTC */
    CU_ASSERT_EQUAL(k->energy[4].energy_uj, 1500000000000);
    CU_ASSERT_EQUAL(rejected("no list of nodes"), 1);
    CU_ASSERT_EQUAL(rejected("not after its start"), 1);
}

/* Trapezoid of 100, 120, 80 W at 0, 10, 25 min: 66000 + 90000 J; a gap after.
 */
static void test_pdu_power(void)
{
    if (!read_text(
                "pdu.csv",
                "Date,Outlet,Active Power (W),Current (A),Apparent Power (VA)\n"
                "2026-01-01T00:00:00Z,7,100,0.5,110\n"
                "2026-01-01T00:10:00Z,7,120,0.5,110\n"
                "2026-01-01T00:20:00Z,8,50,0.5,110\n"
                "2026-01-01T00:25:00Z,7,80,0.5,110\n"
                "2026-01-01T00:30:00Z,8,50,0.5,110\n"
                "2026-01-01T09:00:00Z,7,80,0.5,110\n"
                "2026-01-01T09:10:00Z,7,x,0.5,110\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 3);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 66000000000);
    CU_ASSERT_EQUAL(k->energy[1].energy_uj, 90000000000);
    CU_ASSERT_EQUAL(k->energy[2].energy_uj, 30000000000);
    CU_ASSERT_STRING_EQUAL(k->energy[0].meter, "7");
    CU_ASSERT_STRING_EQUAL(k->energy[2].meter, "8");
    CU_ASSERT_EQUAL(k->energy[0].scope, WIRE_OUTLET);
    CU_ASSERT_EQUAL(k->n_rejects, 1);
}

/* A counter of kWh: 0.5, then back to 0.1 (no energy across), then 0.4. */
static void test_pdu_counter(void)
{
    if (!read_text(
                "plug.csv",
                "timestamp;Prise bureau Total (kWh)\n"
                "1767225600;100,5\n1767229200;101,0\n1767232800;0,1\n"
                "1767236400;0,5\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 2);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 1800000000000);
    CU_ASSERT_EQUAL(k->energy[1].energy_uj, 1440000000000);
    CU_ASSERT_EQUAL(k->n_warnings, 1);
}

/* Watts and kWh of one outlet are one energy: the counter is taken, and watts
 * before an energy that may be of a step or since ever. */
static void test_pdu_twice(void)
{
    if (!read_text(
                "plug.csv",
                "Time,Power (W),Total energy (kWh)\n"
                "2026-01-01T00:00:00Z,80,10\n2026-01-01T01:00:00Z,80,10.1\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 1);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 360000000000);
    CU_ASSERT_EQUAL(k->n_warnings, 1);
    if (!read_text(
                "meter.csv",
                "SERIAL,,LAN:10.0.0.8\n2026/1/1,0:00:00,START\n"
                "Date,Time,P(W),WP(Wh)\n"
                "2026/1/1,8:59:00,0.0900E+03,5\n"
                "2026/1/1,9:00:00,0.0900E+03,6.5\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 1);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 5400000000);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1767257940 * NS); /* 08:59 */
}

/* What is refused rather than read wrongly. */
static void test_pdu_refused(void)
{
    /* 30,3 W in a file parted by commas */
    if (!read_text(
                "log.csv",
                "Timestamp,Power (W)\n2026-01-01 00:00:00,30,3\n"
                "2026-01-01 00:00:05,30,7\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 0);
    CU_ASSERT_EQUAL(rejected("more cells than titles"), 2);
    /* ten amounts that only rise */
    if (!read_text(
                "log.csv",
                "Date,Energy (Wh)\n"
                "2026-01-01 00:00,1\n2026-01-01 01:00,2\n"
                "2026-01-01 02:00,3\n2026-01-01 03:00,4\n"
                "2026-01-01 04:00,5\n2026-01-01 05:00,6\n"
                "2026-01-01 06:00,7\n2026-01-01 07:00,8\n"
                "2026-01-01 08:00,9\n2026-01-01 09:00,10\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 0);
    CU_ASSERT_EQUAL(rejected("is a counter"), 1);
}

/* What a maker says of a year is not measured. */
static void test_pdu_yearly(void)
{
    if (!read_text(
                "log.csv",
                "Date,Power (W),Yearly TEC (kWh),Rated power (W)\n"
                "2026-01-01 00:00,100,41.5,300\n"
                "2026-01-01 01:00,100,41.5,300\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 1);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 360000000000);
}

/* A title that says UTC goes before --timezone; energy given back is none. */
static void test_pdu_utc(void)
{
    if (!read_text(
                "em.csv",
                "Date/time UTC,Active energy Wh (A),Returned energy Wh (A)\n"
                "2026-01-01 00:10,2.5,1000\n2026-01-01 00:20,2.5,1000\n",
                "pdu-csv", "Europe/Paris"))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 2);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1767225600 * NS);
    CU_ASSERT_EQUAL(k->energy[1].energy_uj, 9000000000);
}

/* Shelly's EMData: Wh of minutes that begin, a column for each phase. */
static void test_pdu_shelly(void)
{
    if (!read_text(
                "emdata.csv",
                "timestamp,a_total_act_energy,a_fund_act_energy,"
                "a_total_act_ret_energy,a_max_act_power,b_total_act_energy\n"
                "1767225600,1.5,9,9,90,0.5\n1767225660,2.5,9,9,90,0\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 4);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1767225600 * NS);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 5400000000);
    CU_ASSERT_STRING_EQUAL(k->energy[0].meter, "a");
    CU_ASSERT_STRING_EQUAL(k->energy[2].meter, "b");
    CU_ASSERT_EQUAL(k->energy[2].energy_uj, 1800000000);
}

/* The reading of a meter, though its title does not say so. */
static void test_pdu_meter(void)
{
    if (!read_text(
                "meter.csv",
                "time,Import kWh\n2026-01-01 05:15,12.529\n"
                "2026-01-01 05:30,12.529\n2026-01-01 05:45,12.531\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 0);
    CU_ASSERT_EQUAL(rejected("is a counter"), 1);
}

/* Half hours by their starts, as suppliers write them; titles with blanks. */
static void test_pdu_starts(void)
{
    if (!read_text(
                "supplier.csv",
                "Consumption (kWh), Start, End\n"
                "0.25, 2026-01-01T00:00:00+00:00, 2026-01-01T00:30:00+00:00\n"
                "0.5, 2026-01-01T00:30:00+00:00, 2026-01-01T01:00:00+00:00\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 2);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1767225600 * NS);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 900000000000);
    CU_ASSERT_EQUAL(k->energy[1].to_ns, 1767229200 * NS);
}

/* Several readings a second count as their mean: 100 and 200, then 150. */
static void test_pdu_fine(void)
{
    if (!read_text(
                "gpu.csv",
                "timestamp,GPU0 (W)\n1767225600.1,100\n1767225600.6,200\n"
                "1767225601.2,150\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 1);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 150000000);
    CU_ASSERT_EQUAL(k->n_rejects, 0);
}

/* Dates as spreadsheets write them. */
static void test_pdu_dates(void)
{
    static const char *const rows[] = {
            "31.12.2025 13:45,90\n31.12.2025 13:46,90\n",
            "31/12/2025 1:45 PM,90\n31/12/2025 1:46 pm,90\n",
            "2025/12/31 13:45:00,90\n2025/12/31 13:46:00,90\n",
            "31-12-2025 13:45,90\n31-12-2025 13:46,90\n"};
    char text[200];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "Date,Power (W)\n%s", rows[i]);
        if (!read_text("d.csv", text, "pdu-csv", NULL))
            return;
        UNIT_CHECK(
                k->n_energy == 1 && k->energy[0].from_ns == 1767188700 * NS,
                "%s", rows[i]);
    }
}

/* Means of half hours that end at their times, the doubled hour of October in
 * Paris included: 02:00 summer to 02:30 winter are four steps. */
static void test_enedis(void)
{
    if (!read_text(
                "enedis.csv",
                "Identifiant PRM;Type de donnees;Date de debut;Date de fin;"
                "Grandeur physique;Etape metier;Unite;Pas en minutes\n"
                "12345678901234;Courbe de charge;27/10/2024;28/10/2024;"
                "Energie active;Comptage Brut;W;30\n"
                "Horodate;Valeur\n"
                "2024-10-27 01:30:00;1000\n2024-10-27 02:00:00;1200\n"
                "2024-10-27 02:30:00;800\n2024-10-27 02:00:00;400\n"
                "2024-10-27 02:30:00;\n2024-10-27 03:00:00;2000\n",
                "pdu-csv", "Europe/Paris"))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 5);
    CU_ASSERT_EQUAL(k->energy[0].to_ns, 1729985400 * NS); /* 23:30 UTC */
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1729983600 * NS);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 1800000000000);
    CU_ASSERT_EQUAL(k->energy[2].to_ns, 1729989000 * NS); /* 00:30 UTC */
    CU_ASSERT_EQUAL(k->energy[3].to_ns, 1729990800 * NS); /* 01:00 UTC */
    CU_ASSERT_EQUAL(k->energy[4].to_ns, 1729994400 * NS); /* 02:00 UTC */
}

/* Without its step: hours, one of them missing, then half hours. What is below
 * the values is left out. */
static void test_enedis_steps(void)
{
    if (!read_text(
                "enedis.csv",
                "Identifiant PRM;Type de donnees;Grandeur metier;Unite;"
                "Pas en minutes\n"
                "12345678901234;Courbe de charge;Consommation;W;\n\n"
                "Horodate;Valeur\n"
                "2024-10-07T01:00:00+02:00;1000\n"
                "2024-10-07T03:00:00+02:00;1000\n"
                "2024-10-07T04:00:00+02:00;1000\n"
                "2024-10-07T05:00:00+02:00;1000\n"
                "2024-10-07T05:30:00+02:00;1000\n"
                "2024-10-07T06:00:00+02:00;1000\n"
                "Periode;Identifiant calendrier fournisseur\n"
                "Du 2024-10-01T00:00:00+02:00 au;AA000000\n",
                "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_rejects, 0);
    CU_ASSERT_EQUAL(k->n_energy, 6);
    for (size_t i = 0; i < 6; i++)
        UNIT_CHECK(
                k->energy[i].energy_uj ==
                        (i < 4 ? 3600000000000 : 1800000000000),
                "%zu: %lld", i, (long long)k->energy[i].energy_uj);
}

/* Counters of tariffs, whose total is "EAS T"; what says no consumption. */
static void test_enedis_index(void)
{
    static const char header[] =
            "Identifiant PRM;Type de donnees;Grandeur metier;Unite\n";
    char text[400];

    snprintf(
            text, sizeof text,
            "%s12345678901234;Index;Consommation;Wh\n"
            "Horodate;Type de releve;EAS F1;EAS F2;EAS T\n"
            "2024-10-07T01:00:00+02:00;a;1000;500;1500\n"
            "2024-10-08T01:00:00+02:00;a;1200;501;1701\n",
            header);
    if (!read_text("index.csv", text, "pdu-csv", NULL))
        return;
    CU_ASSERT_EQUAL(k->n_energy, 1);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 201 * 3600000000);
    snprintf(
            text, sizeof text,
            "%s1;Courbe de charge;Production;W\nHorodate;Valeur\n", header);
    fails("sun.csv", text, "not consumed");
    snprintf(
            text, sizeof text,
            "%s1;Puissance maximale quotidienne;Consommation;VA\n"
            "Horodate;Valeur\n",
            header);
    fails("pmax.csv", text, "says no energy");
}

static void test_columns_said(void)
{
    const struct wire_energy_ask ask = {
            .columns = "date=Quand,outlet=Quoi,kwh=Combien,dates=mdy,"
                       "stamp=start"};
    struct err err = {0};
    struct wire_sink sink;

    kept_free(k);
    k = xcalloc(1, sizeof *k);
    sink = kept_sink(k);
    sink.energy_ask = &ask;
    CU_ASSERT(imp_read(
            kept_file(
                    "odd.csv", "Quand,Quoi,Combien\n12/31/2025 23:00,a,0.25\n"
                               "01/01/2026 00:00,a,0.5\n"),
            NULL, &sink, NULL, &err)); /* the columns say the format */
    CU_ASSERT_EQUAL(k->n_energy, 2);
    CU_ASSERT_EQUAL(k->energy[0].from_ns, 1767222000 * NS);
    CU_ASSERT_EQUAL(k->energy[0].to_ns, 1767225600 * NS);
    CU_ASSERT_EQUAL(k->energy[0].energy_uj, 900000000000);
    CU_ASSERT_EQUAL(k->energy[1].energy_uj, 1800000000000);
}

static void test_refused(void)
{
    fails("empty.csv", "timestamp,project_name\n", "none of the formats");
    fails("grid.csv", "Date,Carbon intensity (gCO2/kWh)\n2026-01-01,20\n",
          "none of the formats");
    fails("stock.csv", "Date d'achat,Puissance (W)\n2026-01-01,20\n",
          "none of the formats");
    fails("cc.csv",
          "timestamp,project_name,duration,energy_consumed,pue\n"
          "2024-05-31T10:00:00,p,1\n\"",
          "quote");
    if (read_text(
                "neg.csv",
                "timestamp,project_name,duration,energy_consumed\n"
                "2024-05-31T10:00:00,p,60,-1\n2024-05-31T10:00:00,p,0,1\n"
                "soon,p,60,1\n2024-05-31T10:00:00,p,60,1e300\n",
                "codecarbon", NULL)) {
        CU_ASSERT_EQUAL(k->n_energy, 0);
        CU_ASSERT_EQUAL(k->n_rejects, 4);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"CodeCarbon's file", test_codecarbon},
            {"CodeCarbon: zone and PUE", test_codecarbon_zone},
            {"CodeCarbon: runs of an experiment", test_codecarbon_now},
            {"EA2P's file", test_ea2p},
            {"Zeus with and without days", test_zeus},
            {"EAR", test_ear},
            {"Scaphandre's file, whole and cut", test_scaphandre},
            {"sacct of CEEMS", test_sacct_sample},
            {"sacct: shares, steps, suffixes", test_sacct},
            {"PDU: power", test_pdu_power},
            {"plug: a counter", test_pdu_counter},
            {"plug: watts and kWh", test_pdu_twice},
            {"plug: refused", test_pdu_refused},
            {"PDU: of a year", test_pdu_yearly},
            {"plug: UTC in the title", test_pdu_utc},
            {"plug: Shelly's EMData", test_pdu_shelly},
            {"meter: its reading", test_pdu_meter},
            {"supplier: starts", test_pdu_starts},
            {"several a second", test_pdu_fine},
            {"dates of logs", test_pdu_dates},
            {"load curve of Enedis", test_enedis},
            {"Enedis: steps that change", test_enedis_steps},
            {"Enedis: index", test_enedis_index},
            {"columns as said", test_columns_said},
            {"refusals", test_refused},
            {NULL, NULL},
    };
    int status = unit_main("importers: energy", tests);

    kept_free(k);
    return status;
}
