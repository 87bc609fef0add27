/* SPDX-License-Identifier: Apache-2.0
 * CodeCarbon's emissions.csv: energy of runs, each line up to now. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/energy_priv.h"

enum {
    C_TIME,
    C_PROJECT,
    C_RUN,
    C_DURATION,
    C_ENERGY,
    C_MODE,
    C_PUE,
    C_VERSION,
    COLS
};

static const struct imp_sheet_col cols[COLS] = {
        {"timestamp", "=timestamp", true},
        {"project_name", "=project_name", true},
        {"run_id", "=run_id", false},
        {"duration", "=duration", true},
        {"energy_consumed", "=energy_consumed", true},
        {"tracking_mode", "=tracking_mode", false},
        {"pue", "=pue", false},
        {"codecarbon_version", "=codecarbon_version", false},
};

enum { OPEN_RUNS = 64, SAME_START_S = 2 };

/* A run that writes a line now and then, each with all of it so far. */
struct run {
    char id[64]; /* "": none, known by its start alone */
    char project[100];
    int64_t start_ns, end_ns, energy_uj;
};

struct codecarbon {
    struct imp_clock clock;
    struct run runs[OPEN_RUNS]; /* a ring of the latest */
    size_t n_runs;
    int64_t last_s;
    uint64_t grown;
};

static bool pue_of(struct imp_sheet *s, double *pue, struct err *why)
{
    if (!imp_sheet_number(s, C_PUE, pue, why))
        return false;
    if (isnan(*pue))
        *pue = 1;
    return (*pue >= 1 && *pue <= 5) ||
           err_set(why, ERR_INVALID, "expected a PUE of 1 to 5");
}

static bool row_of(struct imp_sheet *s, struct run *r, struct err *why)
{
    struct codecarbon *c = s->ctx;
    const char *time = imp_sheet_cell(s, C_TIME), *mode, *id, *project;
    double duration, kwh, pue;
    int64_t end_s;

    if (!time)
        return err_set(why, ERR_INVALID, "expected the time of its end");
    if (!imp_clock_utc(&c->clock, time, false, c->last_s, &end_s, why))
        return false;
    mode = imp_sheet_cell(s, C_MODE);
    if (mode && text_same(mode, "process"))
        return err_set(
                why, ERR_INVALID,
                "counts one process, which is no machine's energy");
    if (!imp_sheet_number(s, C_DURATION, &duration, why))
        return false;
    if (!(duration > 0 && duration < 1e8))
        return err_set(why, ERR_INVALID, "expected a number of seconds");
    /* CodeCarbon multiplies by the PUE as it counts: taken out again, since
     * the site's own PUE is applied to the machine's energy. */
    if (!pue_of(s, &pue, why) || !imp_sheet_number(s, C_ENERGY, &kwh, why))
        return false;
    if (isnan(kwh))
        return err_set(why, ERR_INVALID, "expected an amount of kWh");
    if (!imp_energy_uj(kwh / pue, WIRE_KWH, &r->energy_uj, why) ||
        !imp_sheet_text(s, C_RUN, &id, why) ||
        !imp_sheet_text(s, C_PROJECT, &project, why))
        return false;
    c->last_s = end_s;
    r->end_ns = end_s * 1000000000;
    r->start_ns = r->end_ns - (int64_t)nearbyint(duration * 1e9);
    snprintf(r->id, sizeof r->id, "%.60s", id ? id : "");
    snprintf(r->project, sizeof r->project, "%.90s", project ? project : "");
    return true;
}

/* The line before of the same run, of which this one says more. */
static struct run *before(struct codecarbon *c, const struct run *r)
{
    for (size_t i = 0; i < c->n_runs && i < OPEN_RUNS; i++) {
        struct run *p = &c->runs[(c->n_runs - 1 - i) % OPEN_RUNS];
        int64_t apart_ns = p->start_ns - r->start_ns;

        if (strcmp(p->id, r->id) == 0 && strcmp(p->project, r->project) == 0 &&
            apart_ns <= SAME_START_S * 1000000000LL &&
            apart_ns >= -SAME_START_S * 1000000000LL && r->end_ns > p->end_ns &&
            r->energy_uj >= p->energy_uj)
            return p;
    }
    return NULL;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct codecarbon *c = s->ctx;
    struct run r = {0}, *p;
    struct wire_energy e = {
            .scope = WIRE_ESTIMATE, .modelled = true, .place = s->place};
    struct err why = {0};

    if (!row_of(s, &r, &why))
        return imp_sheet_refuse(s, &why, err);
    p = before(c, &r);
    e.from_ns = p ? p->end_ns : r.start_ns;
    e.to_ns = r.end_ns;
    e.energy_uj = r.energy_uj - (p ? p->energy_uj : 0);
    e.key = r.id[0] ? r.id : NULL;
    if (!imp_energy_plausible(&e, &why)) {
        s->col = C_ENERGY;
        return imp_sheet_refuse(s, &why, err);
    }
    c->grown += p ? 1 : 0;
    if (p)
        *p = r;
    else
        c->runs[c->n_runs++ % OPEN_RUNS] = r;
    return imp_energy(s->sink, &e, err);
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct codecarbon c = {.last_s = INT64_MIN};
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &c};
    bool ok = imp_clock_open(&c.clock, sink, imp_base_name(path), err) &&
              imp_sheet_read(&s, path, err);

    if (ok && c.grown)
        imp_say(sink, s.file,
                "%llu lines go on with a run of a line before: what they add "
                "is taken",
                (unsigned long long)c.grown);
    return ok;
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 95 : 0;
}

const struct imp_format imp_codecarbon = {
        .name = "codecarbon",
        .what = "CodeCarbon's emissions.csv",
        .recognise = recognise,
        .read = read_file,
};
