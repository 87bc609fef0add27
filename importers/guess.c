/* SPDX-License-Identifier: Apache-2.0
 * Proposes a map for a CSV file from its titles and first values, for a person
 * to check. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/input_priv.h"
#include "importers/map_priv.h"

enum {
    LOOK_ROWS = 50, /* looked at */
    SHOW = 3,       /* values shown of each column */
};

struct column {
    char title[120];
    char values[SHOW][48];
    int n_values;
    int field;        /* -1: a note */
    bool first_small; /* of dates: all first numbers are 12 or less */
    bool second_large, first_large;
    int uuids, numbers, large_numbers, seen;
};

struct guess {
    struct column *columns;
    size_t n;
    const struct imp_map *preset;
    uint64_t rows;
    bool by_semicolon;
};

/* ---- looking ------------------------------------------------------------ */

static void copy_cut(char *to, size_t size, const char *from)
{
    size_t n = 0;

    /* One line, cut between characters. */
    while (from[n] && n + 5 < size) {
        size_t len = text_utf8_len(from + n, strlen(from + n));

        if (len == 0 || n + len + 4 >= size)
            break;
        for (size_t i = 0; i < len; i++)
            to[n + i] = (unsigned char)from[n + i] < 0x20 ? ' ' : from[n + i];
        n += len;
    }
    to[n] = '\0';
    if (from[n])
        memcpy(to + n, "...", 4);
}

static bool is_uuid(const char *s)
{
    return strlen(s) == 36 && strspn(s, "0123456789abcdefABCDEF-") == 36 &&
           s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-';
}

/* a/b/c with a number of one or two digits in front. */
static bool slashed(const char *s, int *a, int *b)
{
    size_t n = strspn(s, "0123456789"), m;

    if (n == 0 || n > 2 || !s[n] || !strchr("/.-", s[n]))
        return false;
    *a = s[0] - '0';
    if (n == 2)
        *a = *a * 10 + (s[1] - '0');
    s += n + 1;
    m = strspn(s, "0123456789");
    if (m == 0 || m > 2 || !s[m] || !strchr("/.-", s[m]))
        return false;
    *b = s[0] - '0';
    if (m == 2)
        *b = *b * 10 + (s[1] - '0');
    return true;
}

static void look_at(struct column *c, const char *s)
{
    double v;
    int a, b;

    c->seen++;
    if (c->n_values < SHOW) {
        bool known = false;
        char value[48];

        copy_cut(value, sizeof value, s);
        for (int i = 0; i < c->n_values; i++)
            known = known || strcmp(c->values[i], value) == 0;
        if (!known)
            memcpy(c->values[c->n_values++], value, sizeof value);
    }
    c->uuids += is_uuid(s) ? 1 : 0;
    if (slashed(s, &a, &b)) {
        c->first_large = c->first_large || a > 12;
        c->second_large = c->second_large || b > 12;
    }
    if (num_parse(s, strlen(s), NUM_POINT, &v, NULL)) {
        c->numbers++;
        c->large_numbers += v >= 1024 ? 1 : 0;
    }
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct guess *g = ctx;

    (void)dialect;
    if (row->row == 1) {
        g->n = row->n;
        g->columns = xcalloc(g->n, sizeof *g->columns);
        for (size_t i = 0; i < g->n; i++) {
            copy_cut(
                    g->columns[i].title, sizeof g->columns[i].title,
                    row->fields[i].p);
            g->columns[i].field = -1;
        }
        g->preset = map_recognise(row);
        return true;
    }
    g->rows++;
    for (size_t i = 0; i < g->n && i < row->n; i++)
        if (row->fields[i].len > 0)
            look_at(&g->columns[i], csv_unguarded(row->fields[i].p));
    return g->rows < LOOK_ROWS ||
           err_set(err, ERR_LIMIT, "enough rows"); /* stops the reading */
}

/* ---- guessing ----------------------------------------------------------- */

/* Words of a title, in the order in which they decide. */
static int by_words(const char *title)
{
    static const struct {
        const char *word;
        int field;
    } words[] = {
            {"utilisateur", MAP_DROP},
            {"_user", MAP_DROP},
            {"usager", MAP_DROP},
            {"mail", MAP_DROP},
            {"login", MAP_DROP},
            {"telephone", MAP_DROP},
            {"_phone", MAP_DROP},
            {"_ip_", MAP_DROP},
            {"adresse_mac", MAP_DROP},
            {"_mac_", MAP_DROP},
            {"mot_de_passe", MAP_DROP},
            {"password", MAP_DROP},
            {"proprietaire", MAP_DROP},
            {"owner", MAP_DROP},
            {"uuid", COL_UUID},
            {"serie_", COL_SERIAL},
            {"serial", COL_SERIAL},
            {"service_tag", COL_SERIAL},
            {"inventaire", COL_TAG},
            {"asset", COL_TAG},
            {"etiquette", COL_TAG},
            {"garantie", COL_WARRANTY_END},
            {"warranty", COL_WARRANTY_END},
            {"mise_en_service", COL_IN_SERVICE_ON},
            {"in_service", COL_IN_SERVICE_ON},
            {"reforme", COL_RETIRED_ON},
            {"retrait", COL_RETIRED_ON},
            {"decommission", COL_RETIRED_ON},
            {"date_achat", COL_ACQUIRED_ON},
            {"_achat_", COL_ACQUIRED_ON},
            {"purchase_date", COL_ACQUIRED_ON},
            {"acquisition", COL_ACQUIRED_ON},
            {"prix", COL_PRICE_EUR},
            {"price", COL_PRICE_EUR},
            {"cost", COL_PRICE_EUR},
            {"cout", COL_PRICE_EUR},
            {"montant", COL_PRICE_EUR},
            {"processeur", COL_CPU_MODEL},
            {"processor", COL_CPU_MODEL},
            {"_cpu_", COL_CPU_MODEL},
            {"coeurs", COL_CPU_CORES},
            {"_cores_", COL_CPU_CORES},
            {"memoire", COL_RAM_GIB},
            {"memory", COL_RAM_GIB},
            {"_ram_", COL_RAM_GIB},
            {"graphi", COL_GPU},
            {"_gpu", COL_GPU},
            {"_ssd", COL_SSD},
            {"_hdd", COL_HDD},
            {"disque", MAP_DISK},
            {"disk", MAP_DISK},
            {"hard_drive", MAP_DISK},
            {"fabricant", COL_MANUFACTURER},
            {"constructeur", COL_MANUFACTURER},
            {"marque", COL_MANUFACTURER},
            {"manufacturer", COL_MANUFACTURER},
            {"vendor", COL_MANUFACTURER},
            {"brand", COL_MANUFACTURER},
            {"modele", COL_MODEL},
            {"model", COL_MODEL},
            {"quantit", COL_QUANTITY},
            {"_nombre_", COL_QUANTITY},
            {"host", COL_NAME},
            {"_nom_", COL_NAME},
            {"_name_", COL_NAME},
            {"categor", COL_CATEGORY},
            {"_type_", COL_CATEGORY},
            {"statut", COL_STATUS},
            {"status", COL_STATUS},
            {"_etat_", COL_STATUS},
            {"site", COL_SITE},
            {"lieu", COL_SITE},
            {"location", COL_SITE},
            {"localisation", COL_SITE},
            {"batiment", COL_SITE},
            {"building", COL_SITE},
            {"salle", COL_SITE},
            {"_room_", COL_SITE},
            {"pays", COL_COUNTRY},
            {"country", COL_COUNTRY},
            {"projet", COL_PROJECT},
            {"project", COL_PROJECT},
            {"puissance", COL_POWER_W},
            {"power_w", COL_POWER_W},
            {"kwh", COL_ENERGY_KWH_YEAR},
            {"virtual", MAP_VIRTUAL},
    };
    char key[64], framed[66];

    text_key(title, strlen(title), key, sizeof key);
    snprintf(framed, sizeof framed, "_%s_", key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(framed, words[i].word))
            return words[i].field;
    return -1;
}

static int field_of(const struct guess *g, const struct column *c)
{
    const struct map_entry *e;
    const struct imp_map *m;
    enum csv_col own;
    bool canonical;

    if (g->preset)
        return (e = map_find(g->preset, c->title)) ? e->field : -1;
    own = csv_col_find(c->title, strlen(c->title), false, &canonical);
    if (own == COL_NOTE)
        return MAP_NOTE;
    if (own != COL_NONE)
        return (int)own;
    for (size_t i = 0; (m = map_preset_at(i)) != NULL; i++)
        if ((e = map_find(m, c->title)) != NULL && !e->prefix)
            return e->field;
    if (c->uuids > 0 && c->uuids == c->seen)
        return COL_UUID;
    return by_words(c->title);
}

/* The better of two columns for one field: the first, unless it is empty. */
static void one_each(struct guess *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t k = 0; k < i; k++) {
            struct column *a = &g->columns[k], *b = &g->columns[i];

            if (a->field != b->field || a->field < 0 || a->field == MAP_DROP ||
                a->field == MAP_NOTE)
                continue;
            if (a->seen == 0 && b->seen > 0)
                a->field = MAP_NOTE;
            else
                b->field = MAP_NOTE;
        }
}

static const struct column *column_of(const struct guess *g, int field)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->columns[i].field == field)
            return &g->columns[i];
    return NULL;
}

/* ---- writing ------------------------------------------------------------ */

static void write_settings(const struct guess *g, struct buf *out)
{
    const struct column *ram = column_of(g, COL_RAM_GIB);
    bool month_first = false, day_first = false;

    if (g->preset) {
        buf_printf(out, "@format %s\n", imp_map_format(g->preset));
        if (g->preset->counted)
            buf_str(out, "@numbered\n");
        if (g->preset->is_virtual)
            buf_str(out, "@virtual\n");
    }
    for (size_t i = 0; i < g->n; i++) {
        month_first = month_first || g->columns[i].second_large;
        day_first = day_first || g->columns[i].first_large;
    }
    if (month_first && !day_first)
        buf_str(out, "@dates mdy   # 12/31/2024: no day of the file says "
                     "otherwise\n");
    else if (g->preset && g->preset->dates == MAP_DATES_MDY)
        buf_str(out, "@dates mdy\n");
    if (ram && ram->numbers > 0 && ram->large_numbers * 2 >= ram->numbers)
        buf_str(out, "@memory MiB   # numbers of 1024 and more\n");
    if (column_of(g, MAP_DISK_SIZE))
        buf_str(out, "@disks MiB\n");
    if (!column_of(g, COL_TAG) && !column_of(g, COL_NAME) &&
        !column_of(g, COL_SERIAL) && !column_of(g, COL_UUID) &&
        !(g->preset && g->preset->counted))
        buf_str(out, "@numbered   # no column tells two lines apart\n");
}

static void write_column(const struct column *c, bool values, struct buf *out)
{
    const char *name = c->field < 0 ? "note" : map_field_name(c->field);
    bool quote = strpbrk(c->title, "#=\"@*") != NULL;
    size_t from = out->len;

    if (!c->title[0])
        return;
    buf_printf(
            out, "%s%s%s = %s", quote ? "\"" : "", c->title, quote ? "\"" : "",
            name);
    /* Who uses a machine is not to be kept, in a map neither. */
    values = values && c->n_values > 0 && c->field != MAP_DROP;
    while (values && out->len - from < 44)
        buf_char(out, ' ');
    for (int i = 0; values && i < c->n_values; i++)
        buf_printf(out, "%s%s", i ? " | " : " # ", c->values[i]);
    buf_char(out, '\n');
}

static void
write_map(const struct guess *g, const char *file, bool values, struct buf *out)
{
    buf_printf(
            out,
            "# Map of %s, guessed. 'note' keeps a column as a note, '-' drops "
            "it.\n# Check it, then: fleetprint import --map THIS_FILE %s\n",
            file, file);
    if (g->preset)
        buf_printf(
                out, "# The header is that of %s (preset '%s').\n",
                imp_map_about(g->preset), imp_map_name(g->preset));
    write_settings(g, out);
    for (size_t i = 0; i < g->n; i++)
        write_column(&g->columns[i], values, out);
}

bool imp_map_guess(
        const char *path, bool values, struct buf *out, struct err *err)
{
    struct guess g = {0};
    struct imp_input in;
    FILE *file = NULL;
    bool ok = false;

    if (!imp_input_open(path, &in, err))
        return false;
    if (!file_open(in.path, &file, err))
        goto done;
    ok = csv_read_file(file, imp_base_name(in.path), on_row, &g, err) ||
         g.rows >= LOOK_ROWS;
    if (!ok)
        goto done;
    for (size_t i = 0; i < g.n; i++)
        g.columns[i].field = field_of(&g, &g.columns[i]);
    one_each(&g);
    write_map(&g, imp_base_name(in.path), values, out);
    if (out->over)
        ok = err_set(err, ERR_LIMIT, "a header too long for a map");
done:
    if (file && file != stdin)
        fclose(file);
    free(g.columns);
    imp_input_close(&in);
    return ok;
}
