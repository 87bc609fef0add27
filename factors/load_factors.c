/* SPDX-License-Identifier: Apache-2.0
 * Tables of the factor sets: factors, die densities, measured cards and
 * category averages. */
#include "factors/load_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UB 1.05 /* basic uncertainty [11.2] */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const grades[] = {
        "verified", "verified-derived", "partial", "recalled",
        "estimate", "unverified",       "gap",     NULL};
static const char *const units[] = {"kg/unit", "kg/kg", "kg/mm2",     "kg/cm2",
                                    "kg/m2",   "kg/GB", "kg/(kg km)", "kWh/cm2",
                                    "g/kWh",   "1",     NULL};

static const char *const key_text[FAC_KEYS] = {
        [FAC_K_CPU_BASE] = "cpu.base",
        [FAC_K_CPU_DIE] = "cpu.die",
        [FAC_K_RAM_BASE] = "ram.base",
        [FAC_K_RAM_DIE] = "ram.die",
        [FAC_K_SSD_BASE] = "ssd.base",
        [FAC_K_SSD_DIE] = "ssd.die",
        [FAC_K_HDD] = "hdd.unit",
        [FAC_K_BOARD] = "board.unit",
        [FAC_K_ASSEMBLY] = "assembly.unit",
        [FAC_K_PSU] = "psu.mass",
        [FAC_K_RACK] = "case.rack",
        [FAC_K_BLADE] = "case.blade",
        [FAC_K_ENCLOSURE] = "case.enclosure",
        [FAC_K_OPEN] = "case.open",
        [FAC_K_GPU_CASING] = "gpu.casing",
        [FAC_K_GPU_SINK] = "gpu.sink",
        [FAC_K_GPU_BOARD] = "gpu.board",
        [FAC_K_GPU_DIE] = "gpu.die",
        [FAC_K_GPU_VRAM] = "gpu.vram",
        [FAC_K_GPU_UPSTREAM] = "gpu.upstream",
        [FAC_K_GPU_BOAT] = "gpu.boat",
        [FAC_K_GPU_TRUCK] = "gpu.truck",
        [FAC_K_GPU_PLANE] = "gpu.plane",
        [FAC_K_GPU_EOL] = "gpu.end-of-life",
};

const char *fac_key_text(enum fac_key k)
{
    return key_text[k];
}

/* ---- factors.csv -------------------------------------------------------- */

struct factor_row {
    const char *key, *boundary, *source, *note;
    double value, low, high, adp, pe;
    int unit, grade, scores[5];
};
#define AT(field) offsetof(struct factor_row, field)
#define SCORE(name, i)                                                         \
    {                                                                          \
        name, FAC_WHOLE, AT(scores) + (i) * sizeof(int), true, 1, 5, NULL      \
    }
static const struct fac_column factor_columns[] = {
        {"key", FAC_TEXT, AT(key), true, 0, 0, NULL},
        {"unit", FAC_WORD, AT(unit), true, 0, 0, units},
        {"value", FAC_NUMBER, AT(value), true, 0, 1e6, NULL},
        {"low", FAC_NUMBER, AT(low), false, 0, 1e6, NULL},
        {"high", FAC_NUMBER, AT(high), false, 0, 1e6, NULL},
        {"adp_kgsb", FAC_NUMBER, AT(adp), false, -1e3, 1e3, NULL},
        {"pe_mj", FAC_NUMBER, AT(pe), false, -1e7, 1e7, NULL},
        SCORE("reliability", 0),
        SCORE("completeness", 1),
        SCORE("time", 2),
        SCORE("geography", 3),
        SCORE("technology", 4),
        {"boundary", FAC_TEXT, AT(boundary), true, 0, 0, NULL},
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
        {"note", FAC_TEXT, AT(note), false, 0, 0, NULL},
};
#undef SCORE
#undef AT

static bool factor_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct factor_row *r = data;
    struct fac_pack *p = l->pack;
    char key[FAC_MAX_CELL + 200];
    double sum = 0;

    if (!(r->value > 0))
        return fac_row_refuse(
                err, "value", "0", "expected a number above 0, or no row");
    if (r->low > r->value || r->high < r->value)
        return fac_row_refuse(
                err, r->low > r->value ? "low" : "high", r->key,
                "expected low <= value <= high");
    snprintf(key, sizeof key, "%s %s", l->set->id, r->key);
    if (!fac_load_once(l, "factor", key))
        return fac_row_refuse(err, "key", r->key, "expected each key once");
    for (int i = 0; i < 5; i++)
        sum += r->scores[i];
    p->factors = fac_grow(
            p->factors, p->n_factors, &l->cap_factors, sizeof *p->factors);
    p->factors[p->n_factors++] = (struct fac_factor){
            .key = r->key,
            .unit = units[r->unit],
            .value = {r->value, r->adp, r->pe},
            .low = r->low,
            .high = r->high,
            .gsd = calc_pedigree_gsd(r->scores, UB),
            .dqr = sum / 5,
            .boundary = r->boundary,
            .confidence = grades[r->grade],
            .source = r->source,
            .note = r->note,
            .set = l->set};
    return true;
}

const struct fac_table fac_table_factors = {
        "factors.csv", factor_columns, COUNT(factor_columns),
        sizeof(struct factor_row), factor_take};

/* ---- densities.csv ------------------------------------------------------ */

struct density_row {
    const char *maker, *process, *source;
    double gb_per_cm2;
    int kind, grade;
};
#define AT(field) offsetof(struct density_row, field)
static const char *const chips[] = {"ram", "ssd", NULL};
static const struct fac_column density_columns[] = {
        {"kind", FAC_WORD, AT(kind), true, 0, 0, chips},
        {"maker", FAC_TEXT, AT(maker), false, 0, 0, NULL},
        {"process", FAC_TEXT, AT(process), true, 0, 0, NULL},
        {"gb_per_cm2", FAC_NUMBER, AT(gb_per_cm2), true, 0.001, 1e4, NULL},
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
};
#undef AT

static bool density_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct density_row *r = data;
    struct fac_pack *p = l->pack;
    char key[2 * FAC_MAX_CELL + 20];

    snprintf(key, sizeof key, "%d %s|%s", r->kind, r->maker, r->process);
    if (!fac_load_once(l, "density", key))
        return fac_row_refuse(
                err, "process", r->process,
                "expected each maker's process once");
    p->densities = fac_grow(
            p->densities, p->n_densities, &l->cap_densities,
            sizeof *p->densities);
    p->densities[p->n_densities++] = (struct fac_density){
            .kind = r->kind == 0 ? CALC_RAM : CALC_SSD,
            .maker = r->maker,
            .process = r->process,
            .confidence = grades[r->grade],
            .source = r->source,
            .gb_per_cm2 = r->gb_per_cm2};
    return true;
}

const struct fac_table fac_table_densities = {
        "densities.csv", density_columns, COUNT(density_columns),
        sizeof(struct density_row), density_take};

/* ---- cards.csv ---------------------------------------------------------- */

struct card_row {
    const char *gpu, *chip, *source;
    struct calc_gpu_card card;
    int grade;
};
#define AT(field) offsetof(struct card_row, field)
#define SIZE(name, field, low, high)                                           \
    {                                                                          \
        name, FAC_NUMBER, AT(card.field), false, low, high, NULL               \
    }
static const struct fac_column card_columns[] = {
        {"gpu", FAC_TEXT, AT(gpu), true, 0, 0, NULL},
        {"chip", FAC_TEXT, AT(chip), true, 0, 0, NULL},
        {"effective_mm2", FAC_NUMBER, AT(card.die_eff_mm2), true, 1, 1e5, NULL},
        SIZE("board_cm2", board_cm2, 1, 1e4),
        SIZE("casing_kg", casing_kg, 0, 100),
        SIZE("sink_kg", sink_kg, 0, 100),
        SIZE("mass_kg", mass_kg, 0.01, 100),
        SIZE("vram_dies", vram_dies, 1, 1000),
        SIZE("vram_gb", vram_gb, 0.1, 1e4),
        SIZE("boat_km", boat_km, 0, 1e5),
        SIZE("truck_km", truck_km, 0, 1e5),
        SIZE("plane_km", plane_km, 0, 1e5),
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
};
#undef SIZE
#undef AT

static bool card_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct card_row *r = data;
    struct fac_pack *p = l->pack;
    const struct calc_gpu_card *c = &r->card;
    const double rest[] = {c->board_cm2, c->casing_kg, c->sink_kg,
                           c->mass_kg,   c->vram_dies, c->vram_gb,
                           c->boat_km,   c->truck_km,  c->plane_km};
    size_t missing = 0;

    for (size_t i = 0; i < COUNT(rest); i++)
        missing += isnan(rest[i]) ? 1 : 0;
    if (missing != 0 && missing != COUNT(rest))
        return fac_row_refuse(
                err, "board_cm2", r->gpu,
                "expected all measures of the card or the area alone");
    if (!fac_load_once(l, "card", r->gpu))
        return fac_row_refuse(err, "gpu", r->gpu, "expected each card once");
    p->cards = fac_grow(p->cards, p->n_cards, &l->cap_cards, sizeof *p->cards);
    p->cards[p->n_cards++] = (struct fac_card){
            .name = r->gpu,
            .chip = r->chip,
            .card = *c,
            .confidence = grades[r->grade],
            .source = r->source,
            .area_only = missing != 0};
    return true;
}

const struct fac_table fac_table_cards = {
        "cards.csv", card_columns, COUNT(card_columns), sizeof(struct card_row),
        card_take};

/* ---- averages.csv ------------------------------------------------------- */

struct average_row {
    const char *category, *covers, *makers, *boundary, *source, *note;
    double value, model_gsd, set_gsd;
    int sheets, grade;
};
#define AT(field) offsetof(struct average_row, field)
static const struct fac_column average_columns[] = {
        {"category", FAC_TEXT, AT(category), true, 0, 0, NULL},
        {"covers", FAC_TEXT, AT(covers), false, 0, 0, NULL},
        {"value_kg", FAC_NUMBER, AT(value), true, 0.01, 1e6, NULL},
        {"sheets", FAC_WHOLE, AT(sheets), false, 1, 1e6, NULL},
        {"makers", FAC_TEXT, AT(makers), false, 0, 0, NULL},
        {"model_gsd", FAC_NUMBER, AT(model_gsd), true, 1, 10, NULL},
        {"set_gsd", FAC_NUMBER, AT(set_gsd), true, 1, 10, NULL},
        {"boundary", FAC_TEXT, AT(boundary), true, 0, 0, NULL},
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
        {"note", FAC_TEXT, AT(note), false, 0, 0, NULL},
};
#undef AT

static const char *const origin_sets[FAC_ORIGINS] = {
        [FAC_B_MAIN] = "category-boavizta-2023",
        [FAC_B_OTHER] = "category-base-empreinte",
};

/* "server gpu_node": sets *mask to those categories; false on another word. */
static bool covers_read(const char *text, uint32_t *mask)
{
    char word[32];

    *mask = 0;
    while (*text) {
        size_t n = strcspn(text, " ");
        enum calc_category c;

        if (n >= sizeof word)
            return false;
        memcpy(word, text, n);
        word[n] = '\0';
        if (n && !calc_category_from(word, &c))
            return false;
        if (n)
            *mask |= 1u << c;
        text += n + (text[n] == ' ');
    }
    return true;
}

static bool average_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct average_row *r = data;
    struct fac_pack *p = l->pack;
    char key[FAC_MAX_CELL + 200];
    uint32_t mask;

    snprintf(key, sizeof key, "%s %s", l->set->id, r->category);
    if (!fac_load_once(l, "average", key))
        return fac_row_refuse(
                err, "category", r->category, "expected each category once");
    if (!covers_read(r->covers, &mask))
        return fac_row_refuse(
                err, "covers", r->covers,
                "expected categories with blanks between them");
    for (int c = 0; c < CALC_CATEGORIES; c++) {
        snprintf(key, sizeof key, "%s %d", l->set->id, c);
        if (mask & (1u << c) && !fac_load_once(l, "covered", key))
            return fac_row_refuse(
                    err, "covers", r->covers,
                    "expected each category covered once");
    }
    p->averages = fac_grow(
            p->averages, p->n_averages, &l->cap_averages, sizeof *p->averages);
    p->averages[p->n_averages++] = (struct fac_average){
            .key = r->category,
            .covers = mask,
            .kg = {r->value, NAN, NAN},
            .n = r->sheets,
            .model_gsd = r->model_gsd,
            .set_gsd = r->set_gsd,
            .makers = r->makers,
            .boundary = r->boundary,
            .confidence = grades[r->grade],
            .source = r->source,
            .note = r->note,
            .set = l->set,
            .set_id = -1};
    return true;
}

const struct fac_table fac_table_averages = {
        "averages.csv", average_columns, COUNT(average_columns),
        sizeof(struct average_row), average_take};

/* ---- after the rows ----------------------------------------------------- */

static int by_set_and_key(const void *a, const void *b)
{
    const struct fac_factor *x = a, *y = b;
    int order = strcmp(x->set->id, y->set->id);

    return order ? order : strcmp(x->key, y->key);
}

const struct fac_factor *
fac_factor_by_key(const struct fac_pack *p, const char *set, const char *key)
{
    struct fac_set wanted_set = {.id = set};
    struct fac_factor wanted = {.key = key, .set = &wanted_set};

    if (!set || !key)
        return NULL;
    return bsearch(
            &wanted, p->factors, p->n_factors, sizeof *p->factors,
            by_set_and_key);
}

static void averages_place(struct fac_pack *p)
{
    for (size_t i = 0; i < p->n_averages; i++)
        for (int o = 0; o < FAC_ORIGINS; o++)
            for (int c = 0; c < CALC_CATEGORIES; c++)
                if (strcmp(p->averages[i].set->id, origin_sets[o]) == 0 &&
                    p->averages[i].covers & (1u << c))
                    p->average[o][c] = &p->averages[i];
}

bool fac_factors_finish(struct fac_load *l, struct err *err)
{
    struct fac_pack *p = l->pack;

    if (p->n_factors)
        qsort(p->factors, p->n_factors, sizeof *p->factors, by_set_and_key);
    for (int k = 0; k < FAC_KEYS; k++) {
        p->keys[k] = fac_factor_by_key(
                p, FAC_SET_BOTTOM_UP, fac_key_text((enum fac_key)k));
        if (!p->keys[k])
            return err_set(
                    err, ERR_INVALID, "set '%s' lacks the factor '%s'",
                    FAC_SET_BOTTOM_UP, fac_key_text((enum fac_key)k));
    }
    averages_place(p);
    for (size_t i = 0; i < p->n_cards; i++) {
        struct fac_card *c = &p->cards[i];

        for (size_t g = 0; g < p->n_gpus && !c->gpu; g++)
            if (strcmp(p->gpus[g].name, c->name) == 0)
                c->gpu = &p->gpus[g];
        if (!c->gpu || strcmp(c->gpu->chip, c->chip) != 0)
            return err_set(
                    err, ERR_INVALID,
                    "card '%s' is no accelerator of '%s' with the die '%s'",
                    c->name, FAC_SET_GPU, c->chip);
        c->form = c->gpu->form;
    }
    return true;
}

const struct fac_card *
fac_card_of(const struct fac_pack *p, const struct fac_gpu *gpu)
{
    for (size_t i = 0; i < p->n_cards; i++)
        if (p->cards[i].gpu == gpu && !p->cards[i].area_only)
            return &p->cards[i];
    return NULL;
}
