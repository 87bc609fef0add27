/* SPDX-License-Identifier: Apache-2.0
 * EA2P's energy_report.csv: energy of a run by device, in Wh. The titles are
 * those of the first machine that wrote; others append under them. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/energy_priv.h"

enum {
    C_TIME,
    C_ELAPSED,
    C_PSYS,
    C_CORE,
    C_UNCORE,
    C_DRAM,
    C_PACKAGE,             /* and the next three */
    C_GPU = C_PACKAGE + 4, /* and the next seven */
    C_PROJECT = C_GPU + 8,
    COLS
};

static const struct imp_sheet_col cols[COLS] = {
        [C_TIME] = {"Datetime", "=datetime", true},
        [C_ELAPSED] =
                {"Total Elapsed CPU Time (sec)", "total_elapsed_cpu_time",
                 true},
        [C_PSYS] = {"psys", "=psys", false},
        [C_CORE] = {"core", "=core", false},
        [C_UNCORE] = {"uncore", "=uncore", false},
        [C_DRAM] = {"DRAM energy (Wh)", "dram_energy", false},
        [C_PACKAGE] = {"package-0", "=package_0", false},
        [C_PACKAGE + 1] = {"package-1", "=package_1", false},
        [C_PACKAGE + 2] = {"package-2", "=package_2", false},
        [C_PACKAGE + 3] = {"package-3", "=package_3", false},
        [C_GPU] = {"GPU 0", "=gpu_0", false},
        [C_GPU + 1] = {"GPU 1", "=gpu_1", false},
        [C_GPU + 2] = {"GPU 2", "=gpu_2", false},
        [C_GPU + 3] = {"GPU 3", "=gpu_3", false},
        [C_GPU + 4] = {"GPU 4", "=gpu_4", false},
        [C_GPU + 5] = {"GPU 5", "=gpu_5", false},
        [C_GPU + 6] = {"GPU 6", "=gpu_6", false},
        [C_GPU + 7] = {"GPU 7", "=gpu_7", false},
        [C_PROJECT] = {"Project Name", "=project_name|=user_id", false},
};

/* [D] One device; a row over it is in joules under a title that says Wh. */
enum { MAX_DEVICE_W = 5000 };

static enum wire_scope scope_of(int col)
{
    if (col >= C_GPU)
        return WIRE_GPU;
    switch (col) {
    case C_PSYS:
        return WIRE_PSYS;
    case C_CORE:
        return WIRE_CORE;
    case C_UNCORE:
        return WIRE_UNCORE;
    case C_DRAM:
        return WIRE_DRAM;
    default:
        return WIRE_PACKAGE;
    }
}

static bool
times_of(struct imp_sheet *s, int64_t *from_ns, int64_t *to_ns, struct err *why)
{
    struct imp_clock *clock = s->ctx;
    const char *time = imp_sheet_cell(s, C_TIME);
    int64_t end_s;
    double seconds;

    if (s->csv->n != s->n_header) {
        s->col = -1;
        return err_set(
                why, ERR_INVALID,
                "%zu cells under %zu titles: a machine with other devices "
                "wrote it, so that no value is known to be under its own",
                s->csv->n, s->n_header);
    }
    if (!time || !imp_clock_utc(clock, time, true, INT64_MIN, &end_s, why))
        return time ? false
                    : err_set(why, ERR_INVALID, "expected the time of its end");
    if (!imp_sheet_number(s, C_ELAPSED, &seconds, why))
        return false;
    if (!(seconds > 0 && seconds < 1e8))
        return err_set(why, ERR_INVALID, "expected a number of seconds");
    *to_ns = end_s * 1000000000;
    *from_ns = *to_ns - (int64_t)nearbyint(seconds * 1e9);
    return true;
}

static bool
device(struct imp_sheet *s, int col, const struct wire_energy *row,
       struct wire_energy *e, bool *there, struct err *why)
{
    double wh, watts;

    *there = false;
    if (!imp_sheet_has(s, col) || !imp_sheet_number(s, col, &wh, why))
        return !imp_sheet_has(s, col);
    if (isnan(wh))
        return true;
    *e = *row;
    e->scope = scope_of(col);
    e->meter = cols[col].name;
    if (col == C_DRAM)
        e->meter = "dram";
    e->modelled = col == C_DRAM; /* EA2P counts memory by its modules */
    if (!imp_energy_uj(wh, WIRE_WH, &e->energy_uj, why))
        return false;
    watts = (double)e->energy_uj * 1e3 / (double)(e->to_ns - e->from_ns);
    if (watts > MAX_DEVICE_W)
        return err_set(
                why, ERR_INVALID,
                "%.1f kW on average of one device, if it is Wh as the titles "
                "say",
                watts / 1000);
    *there = true;
    return true;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct wire_energy row = {.place = s->place}, found[COLS];
    struct err why = {0};
    size_t n = 0;

    if (!times_of(s, &row.from_ns, &row.to_ns, &why))
        return imp_sheet_refuse(s, &why, err);
    for (int col = C_PSYS; col < C_PROJECT; col++) {
        bool there;

        if (!device(s, col, &row, &found[n], &there, &why))
            return imp_sheet_refuse(s, &why, err);
        n += there ? 1 : 0;
    }
    for (size_t i = 0; i < n; i++)
        if (!imp_energy(s->sink, &found[i], err))
            return false;
    return true;
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct imp_clock clock;
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &clock};

    return imp_clock_open(&clock, sink, imp_base_name(path), err) &&
           imp_sheet_read(&s, path, err);
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 92 : 0;
}

const struct imp_format imp_ea2p = {
        .name = "ea2p",
        .what = "EA2P's energy_report.csv",
        .recognise = recognise,
        .read = read_file,
};
