/* SPDX-License-Identifier: Apache-2.0
 * EAR's CSV of applications: mean power of a node over a job's step. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "importers/energy_priv.h"

enum {
    C_JOB,
    C_STEP,
    C_NODE,
    C_START,
    C_EAR_START,
    C_SECONDS,
    C_DC,
    C_PCK,
    C_DRAM,
    C_GPU,
    GPUS = 8,
    COLS = C_GPU + GPUS
};

static const struct imp_sheet_col cols[COLS] = {
        [C_JOB] = {"JOBID", "=jobid", true},
        [C_STEP] = {"STEPID", "=stepid", false},
        [C_NODE] = {"NODENAME", "=nodename", true},
        [C_START] = {"JOB_START_TIME", "=job_start_time", false},
        [C_EAR_START] = {"JOB_EARL_START_TIME", "=job_earl_start_time", false},
        [C_SECONDS] = {"TIME_SEC", "=time_sec", true},
        [C_DC] = {"DC_NODE_POWER_W", "=dc_node_power_w", true},
        [C_PCK] = {"PCK_POWER_W", "=pck_power_w", false},
        [C_DRAM] = {"DRAM_POWER_W", "=dram_power_w", false},
        [C_GPU] = {"GPU0_POWER_W", "=gpu0_power_w", false},
        [C_GPU + 1] = {"GPU1_POWER_W", "=gpu1_power_w", false},
        [C_GPU + 2] = {"GPU2_POWER_W", "=gpu2_power_w", false},
        [C_GPU + 3] = {"GPU3_POWER_W", "=gpu3_power_w", false},
        [C_GPU + 4] = {"GPU4_POWER_W", "=gpu4_power_w", false},
        [C_GPU + 5] = {"GPU5_POWER_W", "=gpu5_power_w", false},
        [C_GPU + 6] = {"GPU6_POWER_W", "=gpu6_power_w", false},
        [C_GPU + 7] = {"GPU7_POWER_W", "=gpu7_power_w", false},
};

static const struct {
    int col;
    enum wire_scope scope;
    const char *meter;
} sensors[] = {
        {C_DC, WIRE_NODE, "node"},      {C_PCK, WIRE_PACKAGE, "package"},
        {C_DRAM, WIRE_DRAM, "dram"},    {C_GPU, WIRE_GPU, "gpu 0"},
        {C_GPU + 1, WIRE_GPU, "gpu 1"}, {C_GPU + 2, WIRE_GPU, "gpu 2"},
        {C_GPU + 3, WIRE_GPU, "gpu 3"}, {C_GPU + 4, WIRE_GPU, "gpu 4"},
        {C_GPU + 5, WIRE_GPU, "gpu 5"}, {C_GPU + 6, WIRE_GPU, "gpu 6"},
        {C_GPU + 7, WIRE_GPU, "gpu 7"},
};
enum { SENSORS = sizeof sensors / sizeof *sensors };

/* Of EAR's own library where it ran, else of the job; seconds since 1970. */
static bool start_of(struct imp_sheet *s, int64_t *t_s, struct err *why)
{
    for (int col = C_EAR_START; col >= C_START; col--) {
        const char *cell = imp_sheet_cell(s, col);

        if (cell &&
            num_parse_int(
                    cell, strlen(cell), 1000000000, 7200000000, t_s, NULL))
            return true;
    }
    s->col = C_START;
    return err_set(
            why, ERR_INVALID,
            "expected the start in seconds since 1970: a table without it "
            "says how long a job ran, not when");
}

static bool
times_of(struct imp_sheet *s, struct wire_energy *e, struct err *why)
{
    double seconds;
    int64_t start_s;

    if (!start_of(s, &start_s, why) ||
        !imp_sheet_number(s, C_SECONDS, &seconds, why))
        return false;
    if (!(seconds > 0 && seconds < 1e8))
        return err_set(why, ERR_INVALID, "expected a number of seconds");
    e->from_ns = start_s * 1000000000;
    e->to_ns = e->from_ns + (int64_t)nearbyint(seconds * 1e9);
    if (!imp_sheet_text(s, C_NODE, &e->machine, why))
        return false;
    return e->machine || err_set(why, ERR_INVALID, "expected a node's name");
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct wire_energy e = {.place = s->place}, found[SENSORS];
    const char *job = NULL, *step = NULL;
    struct err why = {0};
    size_t n = 0;

    if (!times_of(s, &e, &why) || !imp_sheet_text(s, C_JOB, &job, &why) ||
        !imp_sheet_text(s, C_STEP, &step, &why))
        return imp_sheet_refuse(s, &why, err);
    e.key = arena_printf(&s->line, "%s.%s", job ? job : "", step ? step : "");
    for (size_t i = 0; i < SENSORS; i++) {
        double watts = NAN;

        if (!imp_sheet_number(s, sensors[i].col, &watts, &why))
            return imp_sheet_refuse(s, &why, err);
        /* A sensor that is not there is written as 0. */
        if (isnan(watts) || watts <= 0)
            continue;
        e.scope = sensors[i].scope;
        e.meter = sensors[i].meter;
        if (!imp_energy_of_power(
                    watts, e.to_ns - e.from_ns, &e.energy_uj, &why) ||
            !imp_energy_plausible(&e, &why))
            return imp_sheet_refuse(s, &why, err);
        found[n++] = e;
    }
    for (size_t i = 0; i < n; i++)
        if (!imp_energy(s->sink, &found[i], err))
            return false;
    return true;
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct imp_sheet s = {
            .sink = sink, .cols = cols, .n_cols = COLS, .row = on_row};

    return imp_sheet_read(&s, path, err);
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 93 : 0;
}

const struct imp_format imp_ear = {
        .name = "ear",
        .what = "applications of EAR, CSV (eacct -c, csv report plugin)",
        .recognise = recognise,
        .read = read_file,
};
