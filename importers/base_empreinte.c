/* SPDX-License-Identifier: Apache-2.0
 * ADEME Base Empreinte (Base Carbone): the elements of its CSV, as factors. The
 * lines that break an element down, and what is archived, are passed over. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum {
    C_LINE,
    C_ID,
    C_STATUS,
    C_NAME,
    C_ATTRIBUTE,
    C_FRONTIER,
    C_CATEGORY,
    C_UNIT,
    C_REGION,
    C_UNCERTAINTY,
    C_TOTAL,
    COLS
};

static const struct imp_sheet_col cols[COLS] = {
        {"Type Ligne", "=type_ligne", false},
        {"Identifiant de l'élément", "=identifiant_de_l_element", true},
        {"Statut de l'élément", "=statut_de_l_element", false},
        {"Nom base français", "=nom_base_francais", true},
        {"Nom attribut français", "=nom_attribut_francais", false},
        {"Nom frontière français", "=nom_frontiere_francais", false},
        {"Code de la catégorie", "=code_de_la_categorie", false},
        {"Unité français", "=unite_francais", true},
        {"Localisation géographique", "=localisation_geographique", false},
        {"Incertitude", "=incertitude", false},
        {"Total poste non décomposé", "=total_poste_non_decompose", true},
};

struct ademe {
    struct wire_origin origin;
    uint64_t posts, archived, other_units, without;
    char odd_unit[60];
};

/* "Elément" and "Poste"; "Archivé", "Refusé", "Valide générique". */
static bool begins(const char *cell, const char *word)
{
    char key[40];

    text_key(cell ? cell : "", cell ? strlen(cell) : 0, key, sizeof key);
    return text_starts(key, word);
}

/* "kgCO2e/unité": what one of the unit is in kg, and what follows the '/'. 0
 * when it is no mass of CO2. */
static double unit_scale(const char *unit, const char **per)
{
    static const struct {
        const char *key;
        double kg;
    } masses[] = {
            {"kgco2e", 1},    {"kg_co2e", 1},    {"kgco2eq", 1},
            {"kg_co2eq", 1},  {"kg_eq_co2", 1},  {"kgco2", 1},
            {"gco2e", 0.001}, {"g_co2e", 0.001}, {"gco2eq", 0.001},
            {"tco2e", 1000},  {"t_co2e", 1000},  {"tco2eq", 1000},
    };
    const char *slash = strchr(unit, '/');
    char key[40];

    if (!slash)
        return 0;
    *per = slash + 1 + text_blank_start(slash + 1, strlen(slash + 1));
    text_key(unit, (size_t)(slash - unit), key, sizeof key);
    for (size_t i = 0; i < sizeof masses / sizeof *masses; i++)
        if (strcmp(masses[i].key, key) == 0)
            return **per ? masses[i].kg : 0;
    return 0;
}

/* The first WIRE_MAX_TEXT characters. */
static const char *clip(char *text)
{
    size_t chars = 0;
    char *s = text;

    while (*s && chars++ < WIRE_MAX_TEXT) {
        size_t n = text_utf8_len(s, strlen(s));

        s += n ? n : 1;
    }
    *s = '\0';
    return text;
}

static const char *name_of(struct imp_sheet *s)
{
    static const int parts[] = {C_NAME, C_ATTRIBUTE, C_FRONTIER};
    char *name = arena_str(&s->line, "");

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *cell = imp_sheet_cell(s, parts[i]);

        if (cell)
            name = arena_printf(
                    &s->line, "%s%s%s", name, *name ? ", " : "",
                    imp_cut(&s->line, cell, 400));
    }
    for (char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = ' ';
    return clip(name);
}

/* [D] "Incertitude" in percent is read as the half width of the range. */
static bool range(struct imp_sheet *s, struct wire_factor *f, struct err *why)
{
    const char *cell = imp_sheet_cell(s, C_UNCERTAINTY);
    double v = f->value[CALC_GWP], percent, half;
    size_t n = cell ? strlen(cell) : 0;
    char number[40];

    if (!n)
        return true;
    if (n < sizeof number && cell[n - 1] == '%') {
        memcpy(number, cell, n - 1);
        number[n - 1] = '\0';
        if (!num_parse(number, n - 1, NUM_POINT, &percent, NULL) &&
            !num_parse(number, n - 1, NUM_COMMA, &percent, why))
            return false;
    } else if (!imp_sheet_number(s, C_UNCERTAINTY, &percent, why)) {
        return false;
    }
    if (!(percent > 0 && percent <= 1000))
        return true;
    half = fabs(v) * percent / 100;
    f->low[CALC_GWP] = v > 0 ? fmax(0, v - half) : v - half;
    f->high[CALC_GWP] = v < 0 ? fmin(0, v + half) : v + half;
    return true;
}

static bool read_row(
        struct imp_sheet *s, struct wire_factor *f, double scale,
        const char *per, struct err *why)
{
    const char *category;

    if (!imp_sheet_text(s, C_ID, &f->key, why) ||
        !imp_sheet_text(s, C_REGION, &f->region, why))
        return false;
    if (!f->key) {
        s->col = C_ID;
        return err_set(why, ERR_INVALID, "expected the number of the element");
    }
    if (!imp_sheet_number(s, C_TOTAL, &f->value[CALC_GWP], why))
        return false;
    f->value[CALC_GWP] *= scale;
    if (!range(s, f, why))
        return false;
    category = imp_sheet_cell(s, C_CATEGORY);
    f->name = name_of(s);
    f->unit = arena_printf(&s->line, "kg/%s", imp_cut(&s->line, per, 150));
    f->source = arena_printf(
            &s->line, "ADEME Base Empreinte, element %s",
            imp_cut(&s->line, f->key, 60));
    if (category)
        f->note = clip(arena_str(&s->line, category));
    return true;
}

static bool passed_over(struct imp_sheet *s, struct ademe *a)
{
    const char *line = imp_sheet_cell(s, C_LINE);
    const char *status = imp_sheet_cell(s, C_STATUS);

    if (line && !begins(line, "element")) {
        a->posts++;
        return true;
    }
    if (begins(status, "archive") || begins(status, "refuse")) {
        a->archived++;
        return true;
    }
    if (!imp_sheet_cell(s, C_TOTAL)) {
        a->without++;
        return true;
    }
    return false;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct ademe *a = s->ctx;
    struct wire_factor f = imp_factor_of(&a->origin);
    const char *unit, *per = "";
    double scale;
    struct err why = {0};

    if (passed_over(s, a))
        return true;
    unit = imp_sheet_cell(s, C_UNIT);
    scale = unit ? unit_scale(unit, &per) : 0;
    if (!(scale > 0)) {
        if (!a->other_units++)
            snprintf(
                    a->odd_unit, sizeof a->odd_unit, "%s",
                    imp_cut(&s->line, unit ? unit : "", 50));
        return true;
    }
    f.place = s->place;
    if (!read_row(s, &f, scale, per, &why))
        return imp_sheet_refuse(s, &why, err);
    return imp_factor(s->sink, &f, err);
}

/* The edition stands in the file's name alone: "Base_Carbone_V23.6.csv". */
static const char *edition_of(const char *file, char dst[WIRE_MAX_SET])
{
    for (const char *s = file; *s; s++) {
        size_t n = strspn(s + 1, "0123456789.");

        if ((*s != 'V' && *s != 'v') || n == 0 ||
            (s > file && s[-1] != '_' && s[-1] != '-' && s[-1] != ' '))
            continue;
        while (n > 0 && s[n] == '.')
            n--;
        if (n == 0 || n >= WIRE_MAX_SET || s[1] == '.')
            continue;
        memcpy(dst, s + 1, n);
        dst[n] = '\0';
        return dst;
    }
    return NULL;
}

static void
tell(const struct wire_sink *sink, const char *file, struct ademe *a)
{
    if (a->posts || a->archived || a->without)
        imp_say(sink, file,
                "passed over: %llu lines that break elements down, %llu "
                "archived or refused elements, %llu without a total",
                (unsigned long long)a->posts, (unsigned long long)a->archived,
                (unsigned long long)a->without);
    if (a->other_units)
        imp_say(sink, file,
                "%llu elements in units that hold no mass of CO2e are left "
                "out, the first is '%s'",
                (unsigned long long)a->other_units, a->odd_unit);
}

static bool
ademe_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    char edition[WIRE_MAX_SET];
    const char *file = imp_base_name(path);
    struct ademe a = {
            .origin = {
                    .set = "base-empreinte",
                    .title = "ADEME Base Empreinte",
                    .version = edition_of(file, edition),
                    .source = "ADEME, Base Empreinte",
                    .licence = "terms of the ADEME Base Empreinte"}};
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &a};

    if (!imp_sheet_read(&s, path, err))
        return false;
    tell(sink, file, &a);
    return true;
}

static int ademe_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 97 : 0;
}

const struct imp_format imp_base_empreinte = {
        .name = "base-empreinte",
        .what = "ADEME Base Empreinte (Base Carbone), CSV",
        .recognise = ademe_recognise,
        .read = ademe_read,
};
