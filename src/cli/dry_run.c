/* SPDX-License-Identifier: Apache-2.0
 * The answer of `import --dry-run`, in words or as JSON. */
#include "cli/dry_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/cli.h"

enum { KEPT = 1000 }; /* refused rows and warnings listed one by one */

struct kept {
    uint64_t row; /* 0: not known */
    char *file, *column, *value, *text;
};

/* What an energy file gives of one scope. */
struct energy {
    uint64_t rows;
    int64_t from_ns, to_ns;
    num_i128 uj;
};

struct dry_run {
    struct out *out;
    struct json_out json;
    bool as_json;
    uint64_t machines, factors, grid, stretches;
    struct energy energy[WIRE_SCOPES];
    struct kept *rejects, *warnings;
    uint64_t n_rejects, n_warnings;
    char preset[48]; /* of the last file; "": none */
};

struct dry_run *dry_run_begin(struct out *out, bool json)
{
    struct dry_run *d = xcalloc(1, sizeof *d);

    d->out = out;
    d->as_json = json;
    d->rejects = xcalloc(KEPT, sizeof *d->rejects);
    d->warnings = xcalloc(KEPT, sizeof *d->warnings);
    if (json) {
        json_out_init(&d->json, out, true);
        json_begin_obj(&d->json, NULL);
        json_begin_arr(&d->json, "machines");
    }
    return d;
}

/* What a machine's parts add up to; NAN and -1 stay unknown. */
struct summary {
    const char *cpu_model;
    double ram_gib;
    int64_t hdd, ssd, gpus;
};

static bool unknown(const struct wire_machine *m, enum calc_kind kind)
{
    return (m->unknown_kinds >> kind) & 1;
}

static struct summary summarise(const struct wire_machine *m)
{
    struct summary s = {0};

    s.ram_gib = unknown(m, CALC_RAM) ? NAN : 0;
    s.hdd = unknown(m, CALC_HDD) ? -1 : 0;
    s.ssd = unknown(m, CALC_SSD) ? -1 : 0;
    s.gpus = unknown(m, CALC_GPU) ? -1 : 0;
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct wire_part *p = &m->parts[i];

        if (p->kind == CALC_CPU && !s.cpu_model)
            s.cpu_model = p->model;
        else if (p->kind == CALC_RAM)
            s.ram_gib += p->capacity * p->units;
        else if (p->kind == CALC_HDD && s.hdd >= 0)
            s.hdd += p->units;
        else if (p->kind == CALC_SSD && s.ssd >= 0)
            s.ssd += p->units;
        else if (p->kind == CALC_GPU && s.gpus >= 0)
            s.gpus += p->units;
    }
    return s;
}

static void put_count(struct json_out *j, const char *key, int64_t n)
{
    if (n < 0)
        json_null(j, key);
    else
        json_int(j, key, n);
}

static void put_gpu_models(struct json_out *j, const struct wire_machine *m)
{
    json_begin_arr(j, "gpu_models");
    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == CALC_GPU)
            for (uint32_t k = 0; k < m->parts[i].units && k < 1024; k++)
                json_str(j, NULL, m->parts[i].model);
    json_end_arr(j);
}

static void put_json(struct json_out *j, const struct wire_machine *m)
{
    struct summary s = summarise(m);

    json_begin_obj(j, NULL);
    json_str(j, "name", m->name ? m->name : m->tag);
    json_str(j, "manufacturer", m->manufacturer);
    json_str(j, "product", m->product);
    json_str(j, "serial", m->serial);
    json_str(j, "uuid", m->uuid);
    if (m->is_virtual < 0)
        json_null(j, "virtual");
    else
        json_bool(j, "virtual", m->is_virtual);
    json_str(j, "cpu_model", s.cpu_model);
    put_count(j, "cpu_sockets", m->cpu_count);
    put_count(j, "cpu_cores", m->cpu_cores);
    json_num(j, "ram_gib", s.ram_gib);
    put_count(j, "hdd_count", s.hdd);
    put_count(j, "ssd_count", s.ssd);
    put_count(j, "disks_total", s.hdd < 0 || s.ssd < 0 ? -1 : s.hdd + s.ssd);
    put_count(j, "gpu_count", s.gpus);
    put_gpu_models(j, m);
    json_int(j, "quantity", m->units);
    json_str(j, "tag", m->tag);
    json_str(
            j, "category",
            m->has_category ? calc_category_word(m->category) : NULL);
    json_str(j, "site", m->site);
    json_end_obj(j);
}

static void put_text(struct out *o, const struct wire_machine *m)
{
    struct summary s = summarise(m);

    out_printf(o, "%s", m->tag ? m->tag : m->name ? m->name : "-");
    if (m->units > 1)
        out_printf(o, " x %u", (unsigned)m->units);
    out_printf(
            o, "  %s %s", m->manufacturer ? m->manufacturer : "",
            m->product ? m->product : "");
    if (s.cpu_model)
        out_printf(o, "  %s", s.cpu_model);
    if (m->cpu_cores >= 0)
        out_printf(o, "  %d cores", m->cpu_cores);
    if (!isnan(s.ram_gib) && s.ram_gib > 0)
        out_printf(o, "  %.4g GiB", s.ram_gib);
    if (s.hdd > 0)
        out_printf(o, "  %lld HDD", (long long)s.hdd);
    if (s.ssd > 0)
        out_printf(o, "  %lld SSD", (long long)s.ssd);
    if (s.gpus > 0)
        out_printf(o, "  %lld GPU", (long long)s.gpus);
    out_char(o, '\n');
}

void dry_run_machine(struct dry_run *d, const struct wire_machine *m)
{
    d->machines++;
    if (d->as_json)
        put_json(&d->json, m);
    else
        put_text(d->out, m);
}

void dry_run_factor(struct dry_run *d)
{
    d->factors++;
}

void dry_run_grid(struct dry_run *d)
{
    d->grid++;
}

void dry_run_file(struct dry_run *d, const struct wire_file *f)
{
    snprintf(d->preset, sizeof d->preset, "%.40s", f->preset ? f->preset : "");
}

void dry_run_energy(struct dry_run *d, const struct wire_energy *e)
{
    struct energy *x = &d->energy[e->scope];

    if (x->rows++ == 0 || e->from_ns < x->from_ns)
        x->from_ns = e->from_ns;
    if (e->to_ns > x->to_ns)
        x->to_ns = e->to_ns;
    x->uj += e->energy_uj;
    d->stretches++;
}

void dry_run_reject(struct dry_run *d, const struct wire_reject *x)
{
    if (d->n_rejects < KEPT)
        d->rejects[d->n_rejects] = (struct kept){
                .row = x->row,
                .file = xstrdup(x->file),
                .column = xstrdup(x->column && x->column[0] ? x->column : NULL),
                .value = xstrdup(x->value),
                .text = xstrdup(x->reason)};
    d->n_rejects++;
}

void dry_run_warn(struct dry_run *d, const char *place, const char *text)
{
    struct buf b;

    if (d->n_warnings < KEPT) {
        buf_init(&b, 2000);
        buf_printf(&b, "%s: %s", place, text);
        d->warnings[d->n_warnings] = (struct kept){.text = buf_take(&b)};
    }
    d->n_warnings++;
}

static void put_reject(struct json_out *j, const struct kept *x)
{
    json_begin_obj(j, NULL);
    if (x->row > 0)
        json_int(j, "row", (int64_t)x->row);
    else
        json_null(j, "row");
    json_str(j, "column", x->column);
    json_str(j, "value", x->value);
    json_str(j, "reason", x->text);
    json_str(j, "file", x->file);
    json_end_obj(j);
}

/* What stopped the whole run: the place says where, and is no value. */
static void put_error(struct json_out *j, const struct err *err)
{
    const char *line = strstr(err->where, "line ");
    char text[1100];

    put_reject(
            j, &(struct kept){
                       .row = line ? strtoull(line + 5, NULL, 10) : 0,
                       .text = (char *)(uintptr_t)err_text(
                               err, text, sizeof text)});
}

static void put_rejects(struct dry_run *d, const struct err *err)
{
    struct json_out *j = &d->json;

    json_begin_arr(j, "rejected");
    for (uint64_t i = 0; i < d->n_rejects && i < KEPT; i++)
        put_reject(j, &d->rejects[i]);
    if (err)
        put_error(j, err);
    json_end_arr(j);
}

/* Sums by scope: they overlap and are never added. */
static void put_energy(struct dry_run *d)
{
    struct json_out *j = &d->json;
    char when[CMD_WHEN];

    json_int(j, "energy_rows", (int64_t)d->stretches);
    json_begin_arr(j, "energy");
    for (int s = 0; s < WIRE_SCOPES; s++) {
        const struct energy *x = &d->energy[s];

        if (!x->rows)
            continue;
        json_begin_obj(j, NULL);
        json_str(j, "scope", wire_scope_word((enum wire_scope)s));
        json_int(j, "rows", (int64_t)x->rows);
        json_str(j, "from", cmd_when(x->from_ns / 1000000000, when));
        json_str(j, "to", cmd_when(x->to_ns / 1000000000, when));
        json_num(j, "kwh", calc_uj_to_kwh(x->uj));
        json_end_obj(j);
    }
    json_end_arr(j);
}

static void
end_json(struct dry_run *d, const char *format, const struct err *err)
{
    struct json_out *j = &d->json;

    json_end_arr(j);
    put_rejects(d, err);
    json_begin_arr(j, "warnings");
    for (uint64_t i = 0; i < d->n_warnings && i < KEPT; i++)
        json_str(j, NULL, d->warnings[i].text);
    json_end_arr(j);
    json_str(j, "format", format);
    if (d->preset[0])
        json_str(j, "preset", d->preset);
    json_int(j, "machine_rows", (int64_t)d->machines);
    json_int(j, "rejected_rows", (int64_t)d->n_rejects);
    if (d->factors)
        json_int(j, "factor_rows", (int64_t)d->factors);
    if (d->grid)
        json_int(j, "grid_rows", (int64_t)d->grid);
    if (d->stretches)
        put_energy(d);
    json_end_obj(j);
    out_char(d->out, '\n');
}

void dry_run_end(struct dry_run *d, const char *format, const struct err *err)
{
    if (d->as_json)
        end_json(d, format, err);
    else
        out_printf(
                d->out, "%llu rows would be read as %s, %llu refused\n",
                (unsigned long long)(d->machines + d->factors + d->grid + d->stretches),
                format ? format : "nothing", (unsigned long long)d->n_rejects);
    dry_run_drop(d);
}

void dry_run_drop(struct dry_run *d)
{
    for (uint64_t i = 0; i < KEPT; i++) {
        free(d->rejects[i].file);
        free(d->rejects[i].column);
        free(d->rejects[i].value);
        free(d->rejects[i].text);
        free(d->warnings[i].text);
    }
    free(d->rejects);
    free(d->warnings);
    free(d);
}
