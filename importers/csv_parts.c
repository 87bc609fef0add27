/* SPDX-License-Identifier: Apache-2.0
 * The parts of a line of the own CSV template, and which kinds it leaves
 * unknown. */
#include "importers/csv_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static uint32_t bit(enum calc_kind k)
{
    return 1u << k;
}

static struct wire_part *
add_part(struct csv_parts *p, enum calc_kind kind, struct err *err)
{
    struct wire_part *part;

    if (p->n == WIRE_MAX_PARTS) {
        err_set(err, ERR_LIMIT, "more than %d parts", (int)WIRE_MAX_PARTS);
        return NULL;
    }
    part = &p->items[p->n++];
    *part = (struct wire_part){
            .kind = kind,
            .units = 1,
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN};
    return part;
}

static bool add_items(
        struct csv_parts *p, enum calc_kind kind, const struct csv_items *items,
        struct err *err)
{
    for (size_t i = 0; i < items->n; i++) {
        struct wire_part *part = add_part(p, kind, err);

        if (!part)
            return false;
        part->units = items->items[i].units;
        part->capacity = items->items[i].size;
        part->model = items->items[i].model;
    }
    return true;
}

/* hdd, ssd, tape, gpu, screen: no column unknown, empty none, "?" unknown. */
static bool read_list(
        struct csv_line *l, enum csv_col c, enum calc_kind kind,
        enum csv_list what, struct csv_parts *p, struct err *err)
{
    struct csv_items items;
    const char *s = csv_cell_of(l, c);

    if (!csv_has_col(l, c)) {
        p->unknown_kinds |= bit(kind);
        return true;
    }
    if (!s)
        return true;
    if (!csv_list_parse(l, s, what, &items, err))
        return false;
    if (items.unknown)
        p->unknown_kinds |= bit(kind);
    return add_items(p, kind, &items, err);
}

static void warn_modules(
        struct csv_line *l, const struct csv_items *items, double total_gib)
{
    double sum = 0.0;

    for (size_t i = 0; i < items->n; i++) {
        sum += items->items[i].units * items->items[i].size;
        if (!imp_module_plausible(items->items[i].size))
            csv_warn(
                    l,
                    "ram_modules: modules of %g GiB are not sold, the size "
                    "is kept as read",
                    items->items[i].size);
    }
    if (items->n > 0 && !isnan(total_gib) &&
        fabs(sum - total_gib) > 0.05 * total_gib)
        csv_warn(
                l,
                "ram_modules make %g GiB but ram_gib says %g, the modules "
                "are taken",
                sum, total_gib);
}

static bool read_ram(struct csv_line *l, struct csv_parts *p, struct err *err)
{
    struct csv_items items = {.unknown = true};
    double total_gib = NAN;
    struct wire_part *part;
    const char *s;

    if (!csv_number(l, COL_RAM_GIB, &total_gib, err))
        return false;
    if (total_gib <= 0.0)
        return err_set(
                err, ERR_INVALID,
                "0 is not a size, leave it empty when it is "
                "not known");
    s = csv_cell_of(l, COL_RAM_MODULES);
    if (s && !csv_list_parse(l, s, LIST_RAM, &items, err))
        return false;
    if (items.n > 0) {
        warn_modules(l, &items, total_gib);
        return add_items(p, CALC_RAM, &items, err);
    }
    if (isnan(total_gib)) {
        if (items.unknown)
            p->unknown_kinds |= bit(CALC_RAM);
        return true;
    }
    part = add_part(p, CALC_RAM, err);
    if (!part)
        return false;
    part->capacity = total_gib;
    part->total = true;
    return true;
}

/* "8 cores", "2 CPUs": what was counted is no model. */
static bool counted_cpu(const char *what, int n, int *count, int *cores)
{
    static const struct {
        const char *word;
        char of; /* cores, sockets, or what has no column */
    } words[] = {{"core", 'c'},   {"cores", 'c'},       {"coeur", 'c'},
                 {"coeurs", 'c'}, {"cpu", 's'},         {"cpus", 's'},
                 {"socket", 's'}, {"processor", 's'},   {"processeur", 's'},
                 {"vcpu", 't'},   {"sockets", 's'},     {"processors", 's'},
                 {"vcpus", 't'},  {"processeurs", 's'}, {"thread", 't'},
                 {"threads", 't'}};
    char key[40];

    text_key(what, strlen(what), key, sizeof key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i].word) == 0) {
            if (words[i].of == 'c' && *cores < 0)
                *cores = n;
            if (words[i].of == 's' && *count < 0)
                *count = n;
            return true;
        }
    return false;
}

/* "2x Xeon Gold 6130" in cpu_model states the sockets as well. */
static bool
read_cpu_model(struct csv_line *l, const char **model, int *count, int *cores)
{
    struct csv_items items;
    const char *s = csv_cell_of(l, COL_CPU_MODEL);

    if (!s || strcmp(s, "?") == 0)
        return true;
    *model = s;
    if (((s[0] >= '1' && s[0] <= '9') || s[strlen(s) - 1] == ')' ||
         (s[strlen(s) - 1] >= '1' && s[strlen(s) - 1] <= '9')) &&
        csv_list_parse(l, s, LIST_GPU, &items, NULL) && items.n == 1 &&
        items.items[0].model && items.items[0].units <= WIRE_MAX_SOCKETS) {
        *model = items.items[0].model;
        if (counted_cpu(*model, (int)items.items[0].units, count, cores))
            *model = NULL;
        else if (*count < 0 && items.items[0].units > 1)
            *count = (int)items.items[0].units;
    }
    return true;
}

static bool read_cpu(struct csv_line *l, struct csv_parts *p, struct err *err)
{
    const char *model = NULL;
    double die_mm2 = NAN;
    struct wire_part *part;

    p->cpu_count = p->cpu_cores = -1;
    if (!csv_whole(l, COL_CPU_COUNT, &p->cpu_count, err) ||
        !csv_text(l, COL_CPU_MODEL, &model, err) ||
        !csv_number(l, COL_CPU_DIE_MM2, &die_mm2, err) ||
        !csv_whole(l, COL_CPU_CORES, &p->cpu_cores, err))
        return false;
    if (p->cpu_cores == 0 && p->cpu_count != 0)
        return err_set(
                err, ERR_INVALID,
                "0 is not a number of cores, leave it empty "
                "when it is not known");
    model = NULL;
    if (!read_cpu_model(l, &model, &p->cpu_count, &p->cpu_cores))
        return false;
    if (p->cpu_count == 0)
        return true;
    if (p->cpu_count < 0 && !model && isnan(die_mm2)) {
        p->unknown_kinds |= bit(CALC_CPU);
        return true;
    }
    part = add_part(p, CALC_CPU, err);
    if (!part)
        return false;
    part->model = model;
    part->die_mm2 = die_mm2;
    part->units = p->cpu_count > 0 ? (uint32_t)p->cpu_count : 1;
    if (p->cpu_count > 0 && p->cpu_cores > 0) {
        if (p->cpu_cores % p->cpu_count == 0)
            part->cores = p->cpu_cores / p->cpu_count;
        else
            csv_warn(
                    l, "cpu_cores %d is no multiple of cpu_count %d",
                    p->cpu_cores, p->cpu_count);
    }
    return true;
}

static bool read_psu(struct csv_line *l, struct csv_parts *p, struct err *err)
{
    struct wire_part *part;
    double mass_kg = NAN;
    int count = -1;

    if (!csv_whole(l, COL_PSU_COUNT, &count, err) ||
        !csv_number(l, COL_PSU_KG, &mass_kg, err))
        return false;
    if (count < 0) {
        p->unknown_kinds |= bit(CALC_PSU);
        if (!isnan(mass_kg))
            csv_warn(l, "psu_kg without psu_count is not used");
    }
    if (count <= 0)
        return true;
    part = add_part(p, CALC_PSU, err);
    if (!part)
        return false;
    part->units = (uint32_t)count;
    part->mass_kg = mass_kg;
    return true;
}

bool csv_parts_read(struct csv_line *l, struct csv_parts *p, struct err *err)
{
    p->n = 0;
    p->unknown_kinds = 0;
    return read_cpu(l, p, err) && read_ram(l, p, err) &&
           read_list(l, COL_HDD, CALC_HDD, LIST_DISK, p, err) &&
           read_list(l, COL_SSD, CALC_SSD, LIST_DISK, p, err) &&
           read_list(l, COL_TAPE, CALC_TAPE, LIST_DISK, p, err) &&
           read_list(l, COL_GPU, CALC_GPU, LIST_GPU, p, err) &&
           read_list(l, COL_SCREEN, CALC_SCREEN, LIST_SCREEN, p, err) &&
           read_psu(l, p, err);
}

/* The column that describes a loose part beside `model`. */
static enum csv_col lot_col(enum calc_kind kind, enum csv_list *what)
{
    *what = LIST_DISK;
    switch (kind) {
    case CALC_GPU:
        *what = LIST_GPU;
        return COL_GPU;
    case CALC_RAM:
        *what = LIST_RAM;
        return COL_RAM_MODULES;
    case CALC_HDD:
        return COL_HDD;
    case CALC_SSD:
        return COL_SSD;
    case CALC_TAPE:
        return COL_TAPE;
    default:
        return COL_NONE;
    }
}

/* Numbers that only some kinds have. */
static bool
read_lot_numbers(struct csv_line *l, struct wire_part *part, struct err *err)
{
    if (part->kind == CALC_CPU)
        return csv_text(l, COL_CPU_MODEL, &part->model, err) &&
               csv_whole(l, COL_CPU_CORES, &part->cores, err) &&
               csv_number(l, COL_CPU_DIE_MM2, &part->die_mm2, err);
    if (part->kind == CALC_PSU)
        return csv_number(l, COL_PSU_KG, &part->mass_kg, err);
    if (part->kind == CALC_RAM && isnan(part->capacity))
        return csv_number(l, COL_RAM_GIB, &part->capacity, err);
    return true;
}

bool csv_lot_part_read(
        struct csv_line *l, enum calc_kind kind, struct csv_parts *p,
        struct err *err)
{
    struct csv_items items = {.n = 0};
    enum csv_list what;
    enum csv_col c = lot_col(kind, &what);
    struct wire_part *part;
    const char *s = c == COL_NONE ? NULL : csv_cell_of(l, c);

    p->n = 0;
    p->unknown_kinds = 0;
    p->cpu_count = p->cpu_cores = -1;
    part = add_part(p, kind, err);
    if (!part || !csv_text(l, COL_MODEL, &part->model, err))
        return false;
    if (s) {
        l->col = c;
        if (!csv_list_parse(l, s, what, &items, err))
            return false;
        if (items.n > 1 || (items.n == 1 && items.items[0].units != 1))
            return err_set(
                    err, ERR_INVALID,
                    "a lot of %s describes one of them, "
                    "their number goes into quantity",
                    calc_kind_word(kind));
    }
    if (items.n == 1) {
        part->capacity = items.items[0].size;
        if (items.items[0].model)
            part->model = items.items[0].model;
    }
    return read_lot_numbers(l, part, err);
}
