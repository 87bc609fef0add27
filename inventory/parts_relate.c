/* SPDX-License-Identifier: Apache-2.0
 * Two descriptions of the parts of one kind: whether they agree, and what each
 * knows that the other does not. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <string.h>

/* Alike parts whatever their serials. */
struct group {
    struct wire_part part; /* without serial */
    uint64_t units;
    bool used;
};
struct groups {
    struct group of[INV_RELATE_MAX];
    size_t n;
};

static bool same_or_unknown(double a, double b, double slack_frac)
{
    return isnan(a) || isnan(b) || fabs(a - b) <= slack_frac * fabs(a);
}

static bool identical(const struct wire_part *a, const struct wire_part *b)
{
    return a->total == b->total && a->cores == b->cores &&
           inv_same_num(a->capacity, b->capacity) &&
           inv_same_num(a->die_mm2, b->die_mm2) &&
           inv_same_num(a->mass_kg, b->mass_kg) &&
           strcmp(a->model ? a->model : "", b->model ? b->model : "") == 0;
}

/* One may be the other, described in less detail. */
bool inv_parts_compatible(const struct wire_part *a, const struct wire_part *b)
{
    return a->total == b->total &&
           (a->cores < 0 || b->cores < 0 || a->cores == b->cores) &&
           same_or_unknown(a->capacity, b->capacity, 0.03) &&
           same_or_unknown(a->die_mm2, b->die_mm2, 0.03) &&
           same_or_unknown(a->mass_kg, b->mass_kg, 0.03) &&
           (!a->model || !b->model ||
            (a->kind == CALC_HDD || a->kind == CALC_SSD
                     ? inv_alike_disk(a->model, b->model)
                     : inv_alike_model(a->model, b->model)));
}

static bool group(const struct wire_part *parts, size_t n, struct groups *out)
{
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;

        while (k < out->n && !identical(&out->of[k].part, &parts[i]))
            k++;
        if (k == INV_RELATE_MAX)
            return false;
        if (k == out->n) {
            out->of[out->n++] = (struct group){.part = parts[i]};
            out->of[k].part.serial = NULL;
        }
        out->of[k].units += parts[i].units;
    }
    return true;
}

static uint64_t units_of(const struct groups *g)
{
    uint64_t n = 0;

    for (size_t i = 0; i < g->n; i++)
        n += g->of[i].units;
    return n;
}

/* Details of `first` where it knows them, else of `second`. */
static struct wire_part
joined(const struct wire_part *first, const struct wire_part *second)
{
    struct wire_part p = *first;

    if (!p.model)
        p.model = second->model;
    if (isnan(p.capacity))
        p.capacity = second->capacity;
    if (p.cores < 0)
        p.cores = second->cores;
    if (isnan(p.die_mm2))
        p.die_mm2 = second->die_mm2;
    if (isnan(p.mass_kg))
        p.mass_kg = second->mass_kg;
    return p;
}

static bool bare(const struct groups *g)
{
    const struct wire_part *p = &g->of[0].part;

    return g->n == 1 && !p->total && !p->model && isnan(p->capacity) &&
           p->cores < 0 && isnan(p->die_mm2) && isnan(p->mass_kg);
}

/* Sum of memory modules or of a stated total; NAN when a size is unknown. */
static double sum_gib(const struct groups *g)
{
    double sum = 0.0;

    for (size_t i = 0; i < g->n; i++)
        sum += (double)g->of[i].units * g->of[i].part.capacity;
    return sum;
}

static bool has_total(const struct groups *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->of[i].part.total)
            return true;
    return false;
}

/* A total that a system sees lies a little under what its modules make: it
 * keeps some for itself. low_frac: how far under. */
static bool sees(double total_gib, double modules_gib, double low_frac)
{
    return total_gib >= low_frac * modules_gib &&
           total_gib <= 1.02 * modules_gib;
}

static enum inv_relation
relate_memory(const struct groups *a, const struct groups *b, double low_frac)
{
    double stored = sum_gib(a), said = sum_gib(b);

    if (has_total(b) && sees(said, stored, low_frac))
        return INV_RELATE_SAME;
    if (has_total(a) && !has_total(b) && sees(stored, said, low_frac))
        return INV_RELATE_ADDS;
    return INV_RELATE_DIFFERS;
}

static void
put(struct wire_part *out, size_t *n, struct wire_part p, uint64_t units,
    const char *serial)
{
    p.units = (uint32_t)units;
    p.serial = serial;
    out[(*n)++] = p;
}

static bool any_serial(const struct wire_part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (parts[i].serial)
            return true;
    return false;
}

/* The rows of `rows` with the details of their groups in `g`, which carry what
 * was joined. */
static void
rows_of(const struct wire_part *rows, size_t n, const struct groups *g,
        const struct wire_part *details, struct wire_part *out, size_t *n_out)
{
    *n_out = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < g->n; k++)
            if (identical(&g->of[k].part, &rows[i])) {
                put(out, n_out, details[k], rows[i].units, rows[i].serial);
                break;
            }
}

static bool same_serials(
        const struct wire_part *a, size_t n, const struct wire_part *b,
        size_t m)
{
    for (size_t i = 0; i < n; i++) {
        bool found = !a[i].serial;

        for (size_t k = 0; k < m && !found; k++)
            found = b[k].serial && strcmp(a[i].serial, b[k].serial) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* Pairs each group of a with one of b; joined details go by group. */
static bool
pair(struct groups *a, struct groups *b, bool said_first,
     struct wire_part of_a[INV_RELATE_MAX],
     struct wire_part of_b[INV_RELATE_MAX])
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0, best = b->n;

        for (; k < b->n; k++) {
            if (b->of[k].used || a->of[i].units != b->of[k].units ||
                !inv_parts_compatible(&a->of[i].part, &b->of[k].part))
                continue;
            if (best == b->n || identical(&a->of[i].part, &b->of[k].part))
                best = k;
        }
        if (best == b->n)
            return false;
        b->of[best].used = true;
        of_a[i] = said_first ? joined(&b->of[best].part, &a->of[i].part)
                             : joined(&a->of[i].part, &b->of[best].part);
        of_b[best] = of_a[i];
    }
    return true;
}

enum inv_relation inv_parts_relate(
        const struct wire_part *stored, size_t n, const struct wire_part *said,
        size_t m, bool said_first, struct wire_part *out, size_t *n_out)
{
    struct groups a, b;
    struct wire_part of_a[INV_RELATE_MAX], of_b[INV_RELATE_MAX];

    *n_out = 0;
    if (n == 0 || m == 0)
        return n == m ? INV_RELATE_SAME : INV_RELATE_DIFFERS;
    if (!group(stored, n, &a) || !group(said, m, &b))
        return INV_RELATE_DIFFERS;
    if (has_total(&a) || has_total(&b)) {
        /* What a person typed is meant to be exact. */
        enum inv_relation r =
                relate_memory(&a, &b, said_first ? 0.99 : INV_SEEN_FRAC);

        if (r == INV_RELATE_ADDS) {
            memcpy(out, said, m * sizeof *said);
            *n_out = m;
        }
        return r;
    }
    if (units_of(&a) != units_of(&b))
        return INV_RELATE_DIFFERS;
    if (bare(&a) && !bare(&b)) { /* "4" disks, now known which */
        memcpy(out, said, m * sizeof *said);
        *n_out = m;
        return INV_RELATE_ADDS;
    }
    if (bare(&b))
        return INV_RELATE_SAME;
    if (!pair(&a, &b, said_first, of_a, of_b))
        return INV_RELATE_DIFFERS;
    if (any_serial(stored, n) && any_serial(said, m) &&
        !same_serials(said, m, stored, n))
        return INV_RELATE_DIFFERS;
    if (any_serial(said, m) && !any_serial(stored, n))
        rows_of(said, m, &b, of_b, out, n_out);
    else
        rows_of(stored, n, &a, of_a, out, n_out);
    return INV_RELATE_ADDS;
}
