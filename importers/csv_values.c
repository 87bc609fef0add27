/* SPDX-License-Identifier: Apache-2.0
 * Single values of the own CSV template: text and words. */
#include "importers/csv_priv.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "importers/hardware_priv.h"

const struct csv_word csv_categories[] = {
        {"server", CALC_SERVER},
        {"gpu_node", CALC_GPU_NODE},
        {"storage", CALC_STORAGE},
        {"workstation", CALC_WORKSTATION},
        {"desktop", CALC_DESKTOP},
        {"laptop", CALC_LAPTOP},
        {"screen", CALC_SCREEN_UNIT},
        {"switch", CALC_SWITCH_UNIT},
        {"sbc", CALC_SBC},
        {"other", CALC_OTHER_UNIT},
        {"cpu", CSV_KIND + CALC_CPU},
        {"gpu", CSV_KIND + CALC_GPU},
        {"ram", CSV_KIND + CALC_RAM},
        {"hdd", CSV_KIND + CALC_HDD},
        {"ssd", CSV_KIND + CALC_SSD},
        {"tape", CSV_KIND + CALC_TAPE},
        {"board", CSV_KIND + CALC_BOARD},
        {"psu", CSV_KIND + CALC_PSU},
        {"chassis", CSV_KIND + CALC_CHASSIS},
        {"nic", CSV_KIND + CALC_NIC},
        {"serveur", CALC_SERVER},
        {"noeud", CALC_SERVER},
        {"node", CALC_SERVER},
        {"noeud_gpu", CALC_GPU_NODE},
        {"serveur_gpu", CALC_GPU_NODE},
        {"gpu_server", CALC_GPU_NODE},
        {"stockage", CALC_STORAGE},
        {"baie_de_stockage", CALC_STORAGE},
        {"nas", CALC_STORAGE},
        {"station", CALC_WORKSTATION},
        {"station_de_travail", CALC_WORKSTATION},
        {"poste", CALC_DESKTOP},
        {"poste_fixe", CALC_DESKTOP},
        {"poste_de_travail", CALC_DESKTOP},
        {"ordinateur", CALC_DESKTOP},
        {"ordinateur_de_bureau", CALC_DESKTOP},
        {"fixe", CALC_DESKTOP},
        {"pc_fixe", CALC_DESKTOP},
        {"ordinateur_fixe", CALC_DESKTOP},
        {"unite_centrale", CALC_DESKTOP},
        {"pc", CALC_DESKTOP},
        {"computer", CALC_DESKTOP},
        {"mini_pc", CALC_DESKTOP},
        {"all_in_one", CALC_DESKTOP},
        {"client_leger", CALC_DESKTOP},
        {"thin_client", CALC_DESKTOP},
        {"portable", CALC_LAPTOP},
        {"ordinateur_portable", CALC_LAPTOP},
        {"pc_portable", CALC_LAPTOP},
        {"notebook", CALC_LAPTOP},
        {"ecran", CALC_SCREEN_UNIT},
        {"moniteur", CALC_SCREEN_UNIT},
        {"monitor", CALC_SCREEN_UNIT},
        {"commutateur", CALC_SWITCH_UNIT},
        {"access_point", CALC_SWITCH_UNIT},
        {"borne_wifi", CALC_SWITCH_UNIT},
        {"nano_ordinateur", CALC_SBC},
        {"carte_mono", CALC_SBC},
        {"autre", CALC_OTHER_UNIT},
        {"imprimante", CALC_OTHER_UNIT},
        {"printer", CALC_OTHER_UNIT},
        {"onduleur", CALC_OTHER_UNIT},
        {"ups", CALC_OTHER_UNIT},
        {"telephone", CALC_OTHER_UNIT},
        {"phone", CALC_OTHER_UNIT},
        {"mobile", CALC_OTHER_UNIT},
        {"smartphone", CALC_OTHER_UNIT},
        {"docking_station", CALC_OTHER_UNIT},
        {"dock", CALC_OTHER_UNIT},
        {"station_d_accueil", CALC_OTHER_UNIT},
        {"scanner", CALC_OTHER_UNIT},
        {"webcam", CALC_OTHER_UNIT},
        {"camera", CALC_OTHER_UNIT},
        {"clavier", CALC_OTHER_UNIT},
        {"keyboard", CALC_OTHER_UNIT},
        {"souris", CALC_OTHER_UNIT},
        {"mouse", CALC_OTHER_UNIT},
        {"tablette", CALC_OTHER_UNIT},
        {"tablet", CALC_OTHER_UNIT},
        {"videoprojecteur", CALC_OTHER_UNIT},
        {"projector", CALC_OTHER_UNIT},
        {"routeur", CALC_SWITCH_UNIT},
        {"router", CALC_SWITCH_UNIT},
        {"pare_feu", CALC_SWITCH_UNIT},
        {"firewall", CALC_SWITCH_UNIT},
        {"network", CALC_SWITCH_UNIT},
        {"network_device", CALC_SWITCH_UNIT},
        {"network_equipment", CALC_SWITCH_UNIT},
        {"reseau", CALC_SWITCH_UNIT},
        {"equipement_reseau", CALC_SWITCH_UNIT},
        {"materiel_reseau", CALC_SWITCH_UNIT},
        {"processeur", CSV_KIND + CALC_CPU},
        {"processor", CSV_KIND + CALC_CPU},
        {"carte_graphique", CSV_KIND + CALC_GPU},
        {"accelerateur", CSV_KIND + CALC_GPU},
        {"memoire", CSV_KIND + CALC_RAM},
        {"barrette", CSV_KIND + CALC_RAM},
        {"memory", CSV_KIND + CALC_RAM},
        {"disque_dur", CSV_KIND + CALC_HDD},
        {"disque", CSV_KIND + CALC_HDD},
        {"disk", CSV_KIND + CALC_HDD},
        {"disque_ssd", CSV_KIND + CALC_SSD},
        {"bande", CSV_KIND + CALC_TAPE},
        {"cartouche", CSV_KIND + CALC_TAPE},
        {"carte_mere", CSV_KIND + CALC_BOARD},
        {"motherboard", CSV_KIND + CALC_BOARD},
        {"alimentation", CSV_KIND + CALC_PSU},
        {"power_supply", CSV_KIND + CALC_PSU},
        {"boitier", CSV_KIND + CALC_CHASSIS},
        {"carte_reseau", CSV_KIND + CALC_NIC},
        {NULL, 0},
};

const struct csv_word csv_statuses[] = {
        {"received", CALC_RECEIVED},
        {"untested", CALC_UNTESTED},
        {"in_service", CALC_IN_SERVICE},
        {"stock", CALC_STOCK},
        {"spare", CALC_SPARE},
        {"loaned", CALC_LOANED},
        {"heritage", CALC_HERITAGE},
        {"retired", CALC_RETIRED},
        {"given", CALC_GIVEN},
        {"recycled", CALC_RECYCLED},
        {"refused", CALC_REFUSED},
        {"recu", CALC_RECEIVED},
        {"recue", CALC_RECEIVED},
        {"non_teste", CALC_UNTESTED},
        {"a_tester", CALC_UNTESTED},
        {"en_service", CALC_IN_SERVICE},
        {"en_production", CALC_IN_SERVICE},
        {"production", CALC_IN_SERVICE},
        {"running", CALC_IN_SERVICE},
        {"active", CALC_IN_SERVICE},
        {"actif", CALC_IN_SERVICE},
        {"actifs", CALC_IN_SERVICE},
        {"in_use", CALC_IN_SERVICE},
        {"deployed", CALC_IN_SERVICE},
        {"utilise", CALC_IN_SERVICE},
        {"en_utilisation", CALC_IN_SERVICE},
        {"affecte", CALC_IN_SERVICE},
        {"repair", CALC_IN_SERVICE}, /* it comes back */
        {"in_repair", CALC_IN_SERVICE},
        {"en_reparation", CALC_IN_SERVICE},
        {"maintenance", CALC_IN_SERVICE},
        {"in_maintenance", CALC_IN_SERVICE},
        {"under_maintenance", CALC_IN_SERVICE},
        {"en_maintenance", CALC_IN_SERVICE},
        {"en_panne", CALC_IN_SERVICE},
        {"panne", CALC_IN_SERVICE},
        {"down", CALC_IN_SERVICE}, /* what watches machines says so */
        {"up", CALC_IN_SERVICE},
        {"unreachable", CALC_IN_SERVICE},
        {"injoignable", CALC_IN_SERVICE},
        {"en_stock", CALC_STOCK},
        {"in_stock", CALC_STOCK},
        {"available", CALC_STOCK},
        {"returned", CALC_STOCK},
        {"rendu", CALC_STOCK},
        {"disponible", CALC_STOCK},
        {"ready_to_deploy", CALC_STOCK},
        {"non_utilise", CALC_STOCK},
        {"reserve", CALC_SPARE},
        {"en_reserve", CALC_SPARE},
        {"rechange", CALC_SPARE},
        {"secours", CALC_SPARE},
        {"prete", CALC_LOANED},
        {"pretee", CALC_LOANED},
        {"en_pret", CALC_LOANED},
        {"on_loan", CALC_LOANED},
        {"patrimoine", CALC_HERITAGE},
        {"musee", CALC_HERITAGE},
        {"retire", CALC_RETIRED},
        {"retiree", CALC_RETIRED},
        {"reforme", CALC_RETIRED},
        {"reformee", CALC_RETIRED},
        {"hors_service", CALC_RETIRED},
        {"hs", CALC_RETIRED},
        {"rebut", CALC_RETIRED},
        {"mis_au_rebut", CALC_RETIRED},
        {"decommissioned", CALC_RETIRED},
        {"disposed", CALC_RETIRED},
        {"archived", CALC_RETIRED},
        {"perdu", CALC_RETIRED},
        {"lost", CALC_RETIRED},
        {"vole", CALC_RETIRED},
        {"stolen", CALC_RETIRED},
        {"donne", CALC_GIVEN},
        {"donnee", CALC_GIVEN},
        {"given_away", CALC_GIVEN},
        {"recycle", CALC_RECYCLED},
        {"recyclee", CALC_RECYCLED},
        {"refuse", CALC_REFUSED},
        {"refusee", CALC_REFUSED},
        {NULL, 0},
};

const struct csv_word csv_acquisitions[] = {
        {"new", CALC_NEW},
        {"second_hand", CALC_SECOND_HAND},
        {"donated", CALC_DONATED},
        {"neuf", CALC_NEW},
        {"neuve", CALC_NEW},
        {"achat_neuf", CALC_NEW},
        {"achat", CALC_NEW}, /* what is second-hand says so */
        {"achete", CALC_NEW},
        {"purchase", CALC_NEW},
        {"purchased", CALC_NEW},
        {"bought", CALC_NEW},
        {"occasion", CALC_SECOND_HAND},
        {"d_occasion", CALC_SECOND_HAND},
        {"seconde_main", CALC_SECOND_HAND},
        {"secondhand", CALC_SECOND_HAND},
        {"used", CALC_SECOND_HAND},
        {"reconditionne", CALC_SECOND_HAND},
        {"refurbished", CALC_SECOND_HAND},
        {"don", CALC_DONATED},
        {"donne", CALC_DONATED},
        {"donation", CALC_DONATED},
        {"gift", CALC_DONATED},
        {NULL, 0},
};

const struct csv_word csv_chasses[] = {
        {"rack", CALC_RACK},
        {"blade", CALC_BLADE},
        {"tower", CALC_TOWER},
        {"desktop", CALC_DESKTOP_CASE},
        {"laptop", CALC_LAPTOP_CASE},
        {"open", CALC_OPEN},
        {"none", CALC_NO_CHASSIS},
        {"baie", CALC_RACK},
        {"lame", CALC_BLADE},
        {"tour", CALC_TOWER},
        {"bureau", CALC_DESKTOP_CASE},
        {"portable", CALC_LAPTOP_CASE},
        {"ouvert", CALC_OPEN},
        {"chassis_ouvert", CALC_OPEN},
        {"aucun", CALC_NO_CHASSIS},
        {"sans", CALC_NO_CHASSIS},
        {NULL, 0},
};

const struct csv_word csv_grid_kinds[] = {
        {"life_cycle", CALC_LIFE_CYCLE},   {"direct", CALC_DIRECT},
        {"unstated", CALC_UNSTATED},       {"lifecycle", CALC_LIFE_CYCLE},
        {"cycle_de_vie", CALC_LIFE_CYCLE}, {"acv", CALC_LIFE_CYCLE},
        {"directe", CALC_DIRECT},          {"non_precise", CALC_UNSTATED},
        {"inconnu", CALC_UNSTATED},        {NULL, 0},
};

size_t imp_text_chars(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80 ? 1 : 0;
    return n;
}

bool imp_has_control(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F)
            return true;
    return false;
}

bool imp_module_plausible(double gib)
{
    static const int sizes[] = {1,  2,  3,  4,  6,  8,   12, 16,
                                24, 32, 48, 64, 96, 128, 256};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (fabs(gib - sizes[i]) < 1e-9)
            return true;
    return gib <= 0.5;
}

bool csv_has_col(const struct csv_line *l, enum csv_col c)
{
    return l->field_of[c] >= 0;
}

const char *csv_unguarded(const char *cell)
{
    return cell[0] == '\'' && cell[1] && strchr("=+-@", cell[1]) ? cell + 1
                                                                 : cell;
}

const char *csv_cell_of(struct csv_line *l, enum csv_col c)
{
    int f = l->field_of[c];

    l->col = c;
    if (f < 0 || (size_t)f >= l->row->n || l->row->fields[f].len == 0)
        return NULL;
    return csv_unguarded(l->row->fields[f].p);
}

void csv_warn(struct csv_line *l, const char *fmt, ...)
{
    char text[400];
    va_list ap;

    if (!l->sink->warn)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    l->sink->warn(l->sink->ctx, l->place, text);
}

/* ="0012345" is how spreadsheets keep leading zeros. */
static const char *without_formula(struct csv_line *l, const char *s)
{
    size_t len = strlen(s);

    if (len < 4 || memcmp(s, "=\"", 2) != 0 || s[len - 1] != '"' ||
        memchr(s + 2, '"', len - 3))
        return s;
    return arena_strn(l->arena, s + 2, len - 3);
}

bool csv_says_unknown(const char *s)
{
    static const char *const words[] = {
            "n_a", "na", "nc", "nd", "?", "unknown", "inconnu", "inconnue"};
    char key[16] = "";

    if (strspn(s, "?- ") == strlen(s))
        return true;
    if (strlen(s) >= sizeof key)
        return false;
    text_key(s, strlen(s), key, sizeof key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i]) == 0)
            return true;
    return false;
}

bool csv_text(
        struct csv_line *l, enum csv_col c, const char **out, struct err *err)
{
    const char *s = csv_cell_of(l, c);
    size_t max = c == COL_NOTE ? WIRE_MAX_NOTE : WIRE_MAX_TEXT;

    if (!s)
        return true;
    s = without_formula(l, s);
    if (strlen(s) > max && imp_text_chars(s) > max)
        return err_set(err, ERR_INVALID, "longer than %zu characters", max);
    if (c != COL_NOTE && imp_has_control(s))
        return err_set(
                err, ERR_INVALID, "holds a line end or control character");
    *out = s;
    return true;
}

enum { WORD_MAX = 40 };

/* Levenshtein distance of two short words. */
static int distance(const char *a, const char *b)
{
    int row[WORD_MAX + 1];
    int n = (int)strlen(b);

    if (n > WORD_MAX)
        return WORD_MAX;
    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];

        row[0] = i;
        for (int j = 1; j <= n; j++) {
            int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

            diagonal = row[j];
            row[j] = row[j] + 1 < change ? row[j] + 1 : change;
            if (row[j - 1] + 1 < row[j])
                row[j] = row[j - 1] + 1;
        }
    }
    return row[n];
}

/* The words of the template are the first of each value: the nearest of all
 * is suggested, or they are listed. */
static bool
unknown_word(const struct csv_word *words, const char *key, struct err *err)
{
    char list[300] = "";
    const struct csv_word *best = NULL;
    int nearest = 3;
    size_t len = 0;

    for (const struct csv_word *w = words; w->key; w++) {
        bool first = true;
        int d = distance(key, w->key);

        for (const struct csv_word *v = words; v < w; v++)
            first = first && v->value != w->value;
        if (d < nearest && d < (int)strlen(w->key)) {
            nearest = d;
            best = w;
        }
        if (first && len < sizeof list)
            len += (size_t)snprintf(
                    list + len, sizeof list - len, "%s%s", len ? ", " : "",
                    w->key);
    }
    if (best)
        return err_set(
                err, ERR_INVALID,
                "not a word of this column, did you mean "
                "'%s'?",
                best->key);
    return err_set(
            err, ERR_INVALID, "not a word of this column, expected one of %s",
            list);
}

bool csv_word(
        struct csv_line *l, enum csv_col c, const struct csv_word *words,
        int *out, struct err *err)
{
    const char *s = csv_cell_of(l, c);
    char key[WORD_MAX];

    if (!s || strcmp(s, "?") == 0)
        return true;
    text_key(s, strlen(s), key, sizeof key);
    for (const struct csv_word *w = words; w->key; w++) {
        if (strcmp(w->key, key) == 0) {
            *out = w->value;
            return true;
        }
    }
    return unknown_word(words, key, err);
}

int csv_computer(const char *word, const char *product)
{
    static const char *const any[] = {"ordinateur", "ordinateurs", "computer",
                                      "computers",  "pc",          "poste"};
    enum calc_category c;
    char key[20];

    if (!word || !product || strlen(word) >= sizeof key)
        return -1;
    text_key(word, strlen(word), key, sizeof key);
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (strcmp(key, any[i]) == 0) {
            c = imp_category(CALC_CHASSIS_UNKNOWN, product, false);
            return c == CALC_OTHER_UNIT ? -1 : (int)c;
        }
    return -1;
}
