/* SPDX-License-Identifier: Apache-2.0
 * Zeus' log of measured windows: joules by GPU. Its times may count from a
 * start of the machine, and then say no day. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "importers/energy_priv.h"

enum {
    C_START,
    C_WINDOW,
    C_ELAPSED,
    C_CPU,
    C_DRAM,
    C_GPU,
    GPUS = 16,
    COLS = C_GPU + GPUS
};

static const struct imp_sheet_col cols[COLS] = {
        [C_START] = {"start_time", "=start_time", true},
        [C_WINDOW] = {"window_name", "=window_name", true},
        [C_ELAPSED] = {"elapsed_time", "=elapsed_time", true},
        [C_CPU] = {"cpu0_energy", "=cpu0_energy", false},
        [C_DRAM] = {"dram0_energy", "=dram0_energy", false},
        [C_GPU] = {"gpu0_energy", "=gpu0_energy", false},
        [C_GPU + 1] = {"gpu1_energy", "=gpu1_energy", false},
        [C_GPU + 2] = {"gpu2_energy", "=gpu2_energy", false},
        [C_GPU + 3] = {"gpu3_energy", "=gpu3_energy", false},
        [C_GPU + 4] = {"gpu4_energy", "=gpu4_energy", false},
        [C_GPU + 5] = {"gpu5_energy", "=gpu5_energy", false},
        [C_GPU + 6] = {"gpu6_energy", "=gpu6_energy", false},
        [C_GPU + 7] = {"gpu7_energy", "=gpu7_energy", false},
        [C_GPU + 8] = {"gpu8_energy", "=gpu8_energy", false},
        [C_GPU + 9] = {"gpu9_energy", "=gpu9_energy", false},
        [C_GPU + 10] = {"gpu10_energy", "=gpu10_energy", false},
        [C_GPU + 11] = {"gpu11_energy", "=gpu11_energy", false},
        [C_GPU + 12] = {"gpu12_energy", "=gpu12_energy", false},
        [C_GPU + 13] = {"gpu13_energy", "=gpu13_energy", false},
        [C_GPU + 14] = {"gpu14_energy", "=gpu14_energy", false},
        [C_GPU + 15] = {"gpu15_energy", "=gpu15_energy", false},
};

/* An epoch before 1 September 2001 is a clock of another kind. */
static const double first_epoch_s = 1e9, last_epoch_s = 7.2e9;

struct zeus {
    uint64_t unplaced; /* windows that say no day */
    double seconds, joules;
    char first[48];
};

static bool
window(struct imp_sheet *s, double *start_s, double *seconds, struct err *why)
{
    if (!imp_sheet_number(s, C_START, start_s, why))
        return false;
    if (isnan(*start_s))
        return err_set(why, ERR_INVALID, "expected a time in seconds");
    if (!imp_sheet_number(s, C_ELAPSED, seconds, why))
        return false;
    return (*seconds > 0 && *seconds < 1e8) ||
           err_set(why, ERR_INVALID, "expected a number of seconds");
}

static bool
device(struct imp_sheet *s, int col, const struct wire_energy *e,
       double *joules, struct wire_energy *out, struct err *why)
{
    double j = NAN;

    out->meter = NULL;
    if (!imp_sheet_has(s, col))
        return true;
    if (!imp_sheet_number(s, col, &j, why))
        return false;
    if (isnan(j))
        return true;
    *out = *e;
    out->meter = cols[col].name;
    out->scope = col == C_CPU    ? WIRE_PACKAGE
                 : col == C_DRAM ? WIRE_DRAM
                                 : WIRE_GPU;
    if (!imp_energy_uj(j, WIRE_J, &out->energy_uj, why))
        return false;
    *joules += j;
    return imp_energy_plausible(out, why);
}

static void unplaced(struct imp_sheet *s, double seconds, double joules)
{
    struct zeus *z = s->ctx;

    if (z->unplaced++ == 0)
        snprintf(
                z->first, sizeof z->first, "%.40s", imp_sheet_cell(s, C_START));
    z->seconds += seconds;
    z->joules += joules;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct wire_energy e = {.place = s->place}, found[COLS];
    double start_s, seconds, joules = 0;
    struct err why = {0};
    size_t n = 0;

    if (!window(s, &start_s, &seconds, &why) ||
        !imp_sheet_text(s, C_WINDOW, &e.key, &why))
        return imp_sheet_refuse(s, &why, err);
    e.from_ns = start_s < last_epoch_s && start_s > 0
                        ? (int64_t)nearbyint(start_s * 1e9)
                        : 0;
    e.to_ns = e.from_ns + (int64_t)nearbyint(seconds * 1e9);
    for (int col = C_CPU; col < COLS; col++) {
        if (!device(s, col, &e, &joules, &found[n], &why))
            return imp_sheet_refuse(s, &why, err);
        n += found[n].meter ? 1 : 0;
    }
    if (start_s < first_epoch_s || start_s > last_epoch_s) {
        unplaced(s, seconds, joules);
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (!imp_energy(s->sink, &found[i], err))
            return false;
    return true;
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct zeus z = {0};
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &z};

    if (!imp_sheet_read(&s, path, err))
        return false;
    if (z.unplaced == 0)
        return true;
    err_set(err, ERR_INVALID,
            "start_time %s counts from a start of the machine, not from 1970: "
            "%llu windows of %.3f s and %.3f J are on no known day",
            z.first, (unsigned long long)z.unplaced, z.seconds, z.joules);
    err_in(err, "%s", s.file);
    return false;
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 93 : 0;
}

const struct imp_format imp_zeus = {
        .name = "zeus",
        .what = "log of Zeus, CSV (ZeusMonitor(log_file=...))",
        .recognise = recognise,
        .read = read_file,
};
