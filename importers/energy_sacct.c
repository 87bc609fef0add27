/* SPDX-License-Identifier: Apache-2.0
 * Slurm's sacct with '|' between cells: energy of jobs, shared evenly among
 * their nodes. It is a job's own only where no other job ran beside it. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/energy_priv.h"

enum { C_JOB, C_NODES, C_START, C_END, C_RAW, C_ENERGY, C_TRES, COLS };

static const struct {
    const char *name, *titles[4];
} known[COLS] = {
        {"JobIDRaw", {"jobidraw", "jobid"}},
        {"NodeList", {"nodelist"}},
        {"Start", {"start"}},
        {"End", {"end"}},
        {"ConsumedEnergyRaw", {"consumedenergyraw"}},
        {"ConsumedEnergy", {"consumedenergy"}},
        {"AllocTRES", {"alloctres", "tresusageintot", "reqtres"}},
};

/* Columns as CEEMS asks for them, without a header. */
enum { BARE_CELLS = 19 };
static const int bare[COLS] = {0, 16, 9, 10, -1, -1, 15};

struct sacct {
    const struct wire_sink *sink;
    struct imp_clock clock;
    int field_of[COLS];
    bool begun;
    uint64_t steps, running, without;
    uint64_t jobs;
    /* of the row */
    const struct csv_row *row;
    int col;
    struct wire_energy e;
    int64_t uj;
    int n_nodes, node;
    char place[240];
};

static const char *cell(struct sacct *c, int col)
{
    int f = c->field_of[col];

    c->col = col;
    if (f < 0 || (size_t)f >= c->row->n || c->row->fields[f].len == 0)
        return NULL;
    return c->row->fields[f].p;
}

static bool refuse(struct sacct *c, const struct err *why, struct err *err)
{
    return imp_refuse(
            c->sink, c->clock.file, c->row->line, known[c->col].name,
            cell(c, c->col), why->msg, err);
}

/* ---- the header --------------------------------------------------------- */

static bool by_titles(const struct csv_row *row, int field_of[COLS])
{
    for (int c = 0; c < COLS; c++) {
        field_of[c] = -1;
        for (int t = 0; t < 4 && known[c].titles[t] && field_of[c] < 0; t++)
            for (size_t f = 0; f < row->n; f++)
                if (text_same(row->fields[f].p, known[c].titles[t]))
                    field_of[c] = (int)f;
    }
    return field_of[C_JOB] >= 0 && field_of[C_NODES] >= 0 &&
           field_of[C_START] >= 0 && field_of[C_END] >= 0 &&
           (field_of[C_RAW] >= 0 || field_of[C_ENERGY] >= 0 ||
            field_of[C_TRES] >= 0);
}

static bool looks_bare(const struct csv_row *row)
{
    struct imp_when when;

    return row->n == BARE_CELLS && row->fields[0].len > 0 &&
           strchr("0123456789", row->fields[0].p[0]) &&
           imp_when_parse(row->fields[9].p, &when, NULL) &&
           strstr(row->fields[15].p, "cpu=");
}

/* ---- a job -------------------------------------------------------------- */

/* "energy=1439089" among "billing=80,cpu=8". */
static bool of_tres(const char *tres, double *joules)
{
    for (const char *s = tres; *s; s += strcspn(s, ","), s += *s == ',')
        if (text_starts(s, "energy="))
            return num_parse(
                    s + 7, strcspn(s + 7, ","), NUM_POINT, joules, NULL);
    return false;
}

/* "1.44M": thousands, as Slurm writes energy. */
static bool with_suffix(const char *text, double *joules)
{
    static const char suffixes[] = "KMGTP";
    size_t n = strlen(text);
    const char *at = n ? strchr(suffixes, text[n - 1]) : NULL;

    if (!num_parse(text, at ? n - 1 : n, NUM_POINT, joules, NULL))
        return false;
    for (const char *s = suffixes; at && s <= at; s++)
        *joules *= 1000;
    return true;
}

/* *there false: no plugin counted it. Slurm's "no value" is all ones. */
static bool
joules_of(struct sacct *c, double *joules, bool *there, struct err *why)
{
    const char *s;

    *there = true;
    if ((s = cell(c, C_RAW)) != NULL || (s = cell(c, C_ENERGY)) != NULL) {
        if (!with_suffix(s, joules))
            return err_set(
                    why, ERR_INVALID,
                    "expected joules such as 1439089 or "
                    "1.44M");
        *there = *joules > 0 && *joules < 1.8e19;
        return true;
    }
    s = cell(c, C_TRES);
    *there = s && of_tres(s, joules) && *joules > 0 && *joules < 1.8e19;
    return true;
}

static bool count_node(void *ctx, const char *name, struct err *err)
{
    struct sacct *c = ctx;

    (void)name, (void)err;
    c->n_nodes++;
    return true;
}

/* A node's share, so that shares add up to the joules of the job. */
static bool deliver_node(void *ctx, const char *name, struct err *err)
{
    struct sacct *c = ctx;
    num_i128 uj = c->uj;

    c->e.machine = name;
    c->e.energy_uj =
            (int64_t)(uj * (c->node + 1) / c->n_nodes - uj * c->node / c->n_nodes);
    c->node++;
    return imp_energy(c->sink, &c->e, err);
}

static bool nodes_of(struct sacct *c, struct err *why)
{
    const char *list = cell(c, C_NODES), *tres;
    int64_t stated;

    c->n_nodes = c->node = 0;
    if (!list || !imp_nodes(list, count_node, c, why))
        return list ? false
                    : err_set(why, ERR_INVALID, "expected a list of nodes");
    tres = cell(c, C_TRES);
    tres = tres ? strstr(tres, ",node=") : NULL;
    c->col = C_NODES;
    if (tres &&
        num_parse_int(
                tres + 6, strcspn(tres + 6, ","), 1, IMP_MAX_NODES, &stated,
                NULL) &&
        stated != c->n_nodes)
        return err_set(
                why, ERR_INVALID,
                "names %d nodes where node=%lld says another "
                "number",
                c->n_nodes, (long long)stated);
    return true;
}

static bool times_of(struct sacct *c, struct err *why)
{
    static const int which[] = {C_START, C_END};
    int64_t at_s[2] = {INT64_MIN, INT64_MIN};

    for (int i = 0; i < 2; i++) {
        const char *text = cell(c, which[i]);

        if (!text || !imp_clock_utc(
                             &c->clock, text, false, i ? at_s[0] : INT64_MIN,
                             &at_s[i], why))
            return text ? false
                        : err_set(why, ERR_INVALID, "expected a date and time");
    }
    c->e.from_ns = at_s[0] * 1000000000;
    c->e.to_ns = at_s[1] * 1000000000;
    return at_s[1] > at_s[0] ||
           err_set(why, ERR_INVALID, "not after its start");
}

static bool on_job(struct sacct *c, struct err *err)
{
    const char *job = cell(c, C_JOB), *end;
    struct err why = {0};
    double joules = NAN;
    bool there;

    if (!job || strchr(job, '.')) { /* 1234.batch: inside the job's own */
        c->steps += job ? 1 : 0;
        return true;
    }
    end = cell(c, C_END);
    if (!end || text_same(end, "Unknown") || text_same(end, "None")) {
        c->running++;
        return true;
    }
    if (!joules_of(c, &joules, &there, &why))
        return refuse(c, &why, err);
    if (!there) {
        c->without++;
        return true;
    }
    c->e = (struct wire_energy){
            .scope = WIRE_NODE, .key = job, .place = c->place};
    if (strlen(job) > WIRE_MAX_TEXT || !times_of(c, &why) ||
        !nodes_of(c, &why) || !imp_energy_uj(joules, WIRE_J, &c->uj, &why))
        return refuse(c, &why, err);
    c->e.energy_uj = c->uj / c->n_nodes;
    if (!imp_energy_plausible(&c->e, &why))
        return refuse(c, &why, err);
    c->jobs++;
    return imp_nodes(cell(c, C_NODES), deliver_node, c, err);
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct sacct *c = ctx;

    (void)dialect;
    c->row = row;
    snprintf(
            c->place, sizeof c->place, "%.200s: line %llu", c->clock.file,
            (unsigned long long)row->line);
    if (!c->begun) {
        c->begun = true;
        if (by_titles(row, c->field_of))
            return true;
        if (!looks_bare(row))
            return err_set(
                    err, ERR_INVALID,
                    "expected the columns JobIDRaw, NodeList, Start, End and "
                    "ConsumedEnergyRaw (sacct -a -P -o ...)");
        memcpy(c->field_of, bare, sizeof bare);
    }
    return on_job(c, err);
}

static void say(struct sacct *c)
{
    if (c->jobs)
        imp_say(c->sink, c->clock.file,
                "Slurm counts the energy of whole nodes: it is right for jobs "
                "that had theirs alone; jobs that overlap on a node are "
                "refused");
    if (c->running + c->without + c->steps)
        imp_say(c->sink, c->clock.file,
                "left out: %llu jobs still running, %llu without energy, %llu "
                "steps (their job holds them)",
                (unsigned long long)c->running, (unsigned long long)c->without,
                (unsigned long long)c->steps);
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct sacct c = {.sink = sink};
    FILE *in = NULL;
    bool ok = imp_clock_open(&c.clock, sink, imp_base_name(path), err) &&
              file_open(path, &in, err) &&
              csv_read_file(in, c.clock.file, on_row, &c, err);

    if (in && in != stdin)
        fclose(in);
    if (ok)
        say(&c);
    return ok;
}

/* ---- recognition -------------------------------------------------------- */

static bool
look(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
     struct err *err)
{
    int *score = ctx, field_of[COLS];

    if (dialect->delimiter == '|' || by_titles(row, field_of))
        *score = by_titles(row, field_of) ? 94 : looks_bare(row) ? 90 : 0;
    return err_set(err, ERR_INVALID, "the first row is enough");
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    struct err ignored = {0};
    int score = 0;

    (void)file_name;
    csv_read_mem(head, len, "", look, &score, &ignored);
    return score;
}

const struct imp_format imp_sacct = {
        .name = "sacct",
        .what = "energy of Slurm's jobs (sacct -a -P -o JobIDRaw,NodeList,"
                "Start,End,ConsumedEnergyRaw)",
        .recognise = recognise,
        .read = read_file,
};
