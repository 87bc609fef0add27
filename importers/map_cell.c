/* SPDX-License-Identifier: Apache-2.0
 * Cells of foreign tables as the own template writes them. */
#include "importers/map_priv.h"

#include <string.h>

#include "base/text.h"
#include "importers/hardware_priv.h"

/* ---- dates -------------------------------------------------------------- */

/* Reads up to three numbers parted by '/', '.' or '-'. */
static int
numbers(const char *s, int out[3], size_t digits[3], const char **end)
{
    int n = 0;

    for (;;) {
        size_t len = strspn(s, "0123456789");

        if (len == 0 || len > 4)
            return 0;
        out[n] = 0;
        for (size_t i = 0; i < len; i++)
            out[n] = out[n] * 10 + (s[i] - '0');
        digits[n++] = len;
        s += len;
        *end = s;
        if (n == 3 || !strchr("/.-", *s) || !*s)
            return n;
        s++;
    }
}

/* What may follow a date: nothing, or a time. */
static bool only_time(const char *s)
{
    return !*s || ((*s == ' ' || *s == 'T') && s[1] >= '0' && s[1] <= '9' &&
                   strspn(s + 1, "0123456789:.+-ZAPMapm ") == strlen(s + 1));
}

/* 23 is 2023; 98 is 1998: computers are younger than 1970. */
static int century(int year, size_t digits)
{
    if (digits > 2)
        return year;
    return year < 70 ? 2000 + year : 1900 + year;
}

const char *map_date(struct arena *a, const char *cell, enum map_dates dates)
{
    const char *end = cell;
    size_t digits[3];
    int v[3], n = numbers(cell, v, digits, &end);
    int day, month;

    if (n == 0 || !only_time(end))
        return cell;
    if (digits[0] == 4) /* ISO, perhaps with a time */
        return arena_strn(a, cell, (size_t)(end - cell));
    if (n != 3)
        return cell;
    day = dates == MAP_DATES_MDY ? v[1] : v[0];
    month = dates == MAP_DATES_MDY ? v[0] : v[1];
    if (month > 12 && day <= 12) { /* the other order, plainly */
        int swap = day;

        day = month;
        month = swap;
    }
    return arena_printf(
            a, "%04d-%02d-%02d", century(v[2], digits[2]), month, day);
}

/* ---- prices ------------------------------------------------------------- */

const char *map_price(struct arena *a, const char *cell)
{
    char room[64];
    size_t n = 0, last = 0;
    int marks = 0;

    for (const char *s = cell; *s; s++) {
        if (*s >= '0' && *s <= '9') {
            if (n == sizeof room - 1)
                return cell;
            room[n++] = *s;
        } else if (*s == '.' || *s == ',') {
            if (n == sizeof room - 1)
                return cell;
            marks++;
            last = n;
            room[n++] = *s;
        } else if (*s == '-') {
            return cell;
        }
        /* signs and names of currencies, and blanks, go */
    }
    room[n] = '\0';
    /* The last mark is the decimal one, unless three digits and another mark
     * or a comma alone say that it groups thousands. */
    if (marks > 0) {
        bool groups = n - last == 4 &&
                      (marks > 1 ? room[last] == room[strcspn(room, ".,")]
                                 : room[last] == ',');
        size_t to = 0;

        for (size_t i = 0; i < n; i++) {
            if (room[i] != '.' && room[i] != ',')
                room[to++] = room[i];
            else if (i == last && !groups)
                room[to++] = '.';
        }
        room[to] = '\0';
    }
    return room[0] ? arena_str(a, room) : cell;
}

/* ---- words -------------------------------------------------------------- */

struct words {
    const char *word; /* what a folded cell holds */
    const char *ours;
};

/* The first that the cell holds decides. */
static const char *holds(const char *cell, const struct words *list)
{
    char key[200], framed[202];

    text_key(cell, strlen(cell), key, sizeof key);
    snprintf(framed, sizeof framed, "_%s_", key);
    for (; list->word; list++)
        if (strstr(framed, list->word))
            return list->ours;
    return NULL;
}

const char *map_category(const char *cell, bool *is_virtual)
{
    static const struct words guests[] = {{"_vm_", "server"},
                                          {"_vms_", "server"},
                                          {"virtual", "server"},
                                          {"virtuel", "server"},
                                          {"vmware", "server"},
                                          {"qemu", "server"},
                                          {"kvm_guest", "server"},
                                          {"hyper_v", "server"},
                                          {NULL, NULL}};
    static const struct words machines[] = {
            {"_dock", "other"},
            {"accueil", "other"},
            {"imprimante", "other"},
            {"printer", "other"},
            {"phone", "other"},
            {"tablet", "other"},
            {"onduleur", "other"},
            {"_ups_", "other"},
            {"_pdu", "other"},
            {"patch", "other"},
            {"project", "other"},
            {"camera", "other"},
            {"clavier", "other"},
            {"keyboard", "other"},
            {"souris", "other"},
            {"mouse", "other"},
            {"copieur", "other"},
            {"scanner", "other"},
            {"gpu", "gpu_node"},
            {"blade", "server"},
            {"_lame_", "server"},
            {"serveur", "server"},
            {"server", "server"},
            {"hypervis", "server"},
            {"rack_mount", "server"},
            {"rackmount", "server"},
            {"compute_node", "server"},
            {"noeud", "server"},
            {"_node", "server"},
            {"main_system", "server"},
            {"stockage", "storage"},
            {"storage", "storage"},
            {"_nas_", "storage"},
            {"_san_", "storage"},
            {"disk_array", "storage"},
            {"_jbod", "storage"},
            {"workstation", "workstation"},
            {"station_de_travail", "workstation"},
            {"_station_", "workstation"},
            {"laptop", "laptop"},
            {"notebook", "laptop"},
            {"portable", "laptop"},
            {"ultrabook", "laptop"},
            {"convertible", "laptop"},
            {"macbook", "laptop"},
            {"chromebook", "laptop"},
            {"ecran", "screen"},
            {"screen", "screen"},
            {"monitor", "screen"},
            {"moniteur", "screen"},
            {"display", "screen"},
            {"switch", "switch"},
            {"commutateur", "switch"},
            {"router", "switch"},
            {"routeur", "switch"},
            {"firewall", "switch"},
            {"pare_feu", "switch"},
            {"network", "switch"},
            {"reseau", "switch"},
            {"access_point", "switch"},
            {"borne", "switch"},
            {"raspberry", "sbc"},
            {"_sbc_", "sbc"},
            {"nano_ordinateur", "sbc"},
            {"desktop", "desktop"},
            {"bureau", "desktop"},
            {"_fixe", "desktop"},
            {"tower", "desktop"},
            {"_tour_", "desktop"},
            {"mini_pc", "desktop"},
            {"all_in_one", "desktop"},
            {"tout_en_un", "desktop"},
            {"low_profile", "desktop"},
            {"space_saving", "desktop"},
            {"small_form", "desktop"},
            {"client_leger", "desktop"},
            {"thin_client", "desktop"},
            {"_imac", "desktop"},
            {"mac_mini", "desktop"},
            {"ordinateur", "desktop"},
            {"computer", "desktop"},
            {"_poste", "desktop"},
            {"_pc", "desktop"},
            {NULL, NULL}};
    const char *ours = holds(cell, guests);

    *is_virtual = ours != NULL;
    return ours ? ours : holds(cell, machines);
}

const char *map_category_of_product(const char *product)
{
    enum calc_category c = imp_category(CALC_CHASSIS_UNKNOWN, product, false);

    return c == CALC_OTHER_UNIT ? NULL : calc_category_word(c);
}

const char *map_status(const char *cell)
{
    static const struct words list[] = {
            {"not_used", "stock"},
            {"unused", "stock"},
            {"non_utilis", "stock"},
            {"inutilis", "stock"},
            {"decommission", "retired"},
            {"hors_service", "retired"},
            {"reform", "retired"},
            {"retir", "retired"},
            {"rebut", "retired"},
            {"dispos", "retired"},
            {"archiv", "retired"},
            {"lost", "retired"},
            {"stolen", "retired"},
            {"vole", "retired"},
            {"perdu", "retired"},
            {"sorti", "retired"},
            {"recycl", "recycled"},
            {"given", "given"},
            {"donne", "given"},
            {"donated_to", "given"},
            {"en_stock", "stock"},
            {"in_stock", "stock"},
            {"inventory", "stock"},
            {"stock", "stock"},
            {"storage", "stock"},
            {"ready_to_deploy", "stock"},
            {"deployable", "stock"},
            {"disponible", "stock"},
            {"available", "stock"},
            {"spare", "spare"},
            {"rechange", "spare"},
            {"reserve", "spare"},
            {"loan", "loaned"},
            {"_pret_", "loaned"},
            {"prete", "loaned"},
            {"pending", "received"},
            {"planned", "received"},
            {"staged", "received"},
            {"commande", "received"},
            {"recu", "received"},
            {"received", "received"},
            {"a_tester", "untested"},
            {"untested", "untested"},
            {"non_teste", "untested"},
            {"deployed", "in_service"},
            {"in_use", "in_service"},
            {"in_service", "in_service"},
            {"en_service", "in_service"},
            {"_production", "in_service"},
            {"_prod_", "in_service"},
            {"_active_", "in_service"},
            {"_actif", "in_service"},
            {"utilis", "in_service"},
            {"_used_", "in_service"},
            {"affect", "in_service"},
            {"running", "in_service"},
            {"_online_", "in_service"},
            {"maintenance", "in_service"},
            {"repar", "in_service"},
            {"repair", "in_service"},
            {"panne", "in_service"},
            {"_down_", "in_service"},
            {"_up_", "in_service"},
            {"unreachable", "in_service"},
            {"injoignable", "in_service"},
            {"_returned_", "stock"},
            {"_rendu_", "stock"},
            {NULL, NULL}};

    return holds(cell, list);
}

const char *map_acquisition(const char *cell)
{
    static const struct words list[] = {
            {"second", "second_hand"},
            {"occasion", "second_hand"},
            {"refurb", "second_hand"},
            {"recondition", "second_hand"},
            {"_used_", "second_hand"},
            {"_don_", "donated"},
            {"donat", "donated"},
            {"donne", "donated"},
            {"gift", "donated"},
            {"_new_", "new"},
            {"neuf", "new"},
            {"neuve", "new"},
            {"achat", "new"},
            {"purchase", "new"},
            {NULL, NULL}};

    return holds(cell, list);
}

const char *map_chassis(const char *cell)
{
    enum calc_chassis c = imp_chassis(cell);

    return c == CALC_CHASSIS_UNKNOWN ? NULL : calc_chassis_word(c);
}

/* ---- several values in one cell ----------------------------------------- */

size_t
map_lines(struct arena *a, const char *cell, const char *lines[MAP_MAX_LINES])
{
    size_t n = 0;

    while (*cell && n < MAP_MAX_LINES) {
        size_t len = strcspn(cell, "\r\n"), from, to;

        from = text_blank_start(cell, len);
        to = text_blank_end(cell, len);
        if (from < to)
            lines[n++] = arena_strn(a, cell + from, to - from);
        cell += len;
        cell += strspn(cell, "\r\n");
    }
    return n;
}

static size_t
count_of(const char *const *lines, size_t n, size_t at, bool *first)
{
    size_t count = 0;

    *first = true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(lines[i], lines[at]) == 0) {
            count++;
            if (i < at)
                *first = false;
        }
    return count;
}

const char *map_list(struct arena *a, const char *const *lines, size_t n)
{
    struct buf b;
    const char *out;

    buf_init(&b, CSV_MAX_FIELD);
    for (size_t i = 0; i < n; i++) {
        bool first;
        size_t count = count_of(lines, n, i, &first);

        if (first)
            buf_printf(&b, "%s%zux %s", b.len ? " + " : "", count, lines[i]);
    }
    out = arena_str(a, buf_text(&b));
    buf_clear(&b);
    return out;
}

const char *map_joined(struct arena *a, const char *const *lines, size_t n)
{
    struct buf b;
    const char *out;

    buf_init(&b, CSV_MAX_FIELD);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", lines[i]);
    out = arena_str(a, buf_text(&b));
    buf_clear(&b);
    return out;
}
