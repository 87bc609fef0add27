/* SPDX-License-Identifier: Apache-2.0
 * The columns of the own CSV template and the titles people give them. */
#include "importers/csv_priv.h"

#include <string.h>

#include "base/text.h"

/* Titles as text_key makes them, parted by blanks. */
static const struct column {
    const char *name, *also;
} columns[COLS] = {
        [COL_TAG] =
                {"tag", "etiquette asset_tag numero_d_inventaire "
                        "numero_inventaire no_inventaire n_inventaire "
                        "inventory_number asset_number code_barres asset "
                        "n_d_inventaire num_inventaire code_inventaire "
                        "asset_id asset_no inventory_no barcode "
                        "n_immobilisation numero_immobilisation"},
        [COL_NAME] =
                {"name", "nom hostname nom_d_hote host nom_machine "
                         "computer_name host_name asset_name nom_ordinateur "
                         "nom_de_l_ordinateur nom_du_poste nom_poste "
                         "nom_du_serveur nom_serveur server_name device_name "
                         "nom_netbios fqdn"},
        [COL_QUANTITY] = {"quantity", "quantite qte nombre qty"},
        [COL_CATEGORY] =
                {"category", "categorie type famille device_type asset_type "
                             "equipment_type type_de_materiel type_materiel "
                             "type_d_equipement"},
        [COL_MANUFACTURER] =
                {"manufacturer",
                 "fabricant constructeur marque vendor brand maker "
                 "make fabriquant manufacturer_name nom_du_fabricant"},
        [COL_MODEL] =
                {"model", "modele produit product reference_modele "
                          "product_name model_name nom_du_modele device_model "
                          "computer_model"},
        [COL_SERIAL] =
                {"serial", "numero_de_serie no_de_serie n_de_serie num_serie "
                           "numero_serie serial_number service_tag n_serie "
                           "no_serie s_n serial_no n_de_serie_constructeur sn "
                           "serial_num num_de_serie n_de_serie_machine"},
        [COL_UUID] = {"uuid", "identifiant_uuid system_uuid"},
        [COL_SITE] = {"site", "lieu localisation location emplacement"},
        [COL_STATUS] = {"status", "statut etat state"},
        [COL_ACQUISITION] =
                {"acquisition", "provenance origine mode_d_acquisition"},
        [COL_DONOR] = {"donor", "donateur donneur"},
        [COL_MANUFACTURED_ON] =
                {"manufactured_on", "fabrique_le date_de_fabrication "
                                    "annee_de_fabrication manufactured"},
        [COL_ACQUIRED_ON] =
                {"acquired_on",
                 "acquis_le date_d_acquisition date_d_achat achete_le "
                 "purchase_date bought_on acquired date_achat "
                 "annee_d_achat date_acquisition acquisition_date "
                 "date_of_purchase purchased purchased_on annee_achat "
                 "date_purchased"},
        [COL_IN_SERVICE_ON] =
                {"in_service_on",
                 "mis_en_service_le date_de_mise_en_service "
                 "mise_en_service en_service_le date_mise_en_service "
                 "in_service_date deployed_on date_deployed "
                 "deployment_date"},
        [COL_WARRANTY_END] =
                {"warranty_end",
                 "fin_de_garantie garantie_jusqu_au warranty_expires "
                 "warranty_until garantie_fin fin_garantie "
                 "date_fin_garantie date_de_fin_de_garantie "
                 "date_fin_de_garantie expiration_garantie "
                 "warranty_end_date warranty_expiry "
                 "warranty_expiration end_of_warranty"},
        [COL_RETIRED_ON] =
                {"retired_on",
                 "retire_le date_de_retrait date_de_sortie sorti_le "
                 "reforme_le date_reforme date_de_reforme date_sortie "
                 "date_retrait disposal_date decommission_date "
                 "retirement_date"},
        [COL_PRICE_EUR] =
                {"price_eur", "prix_eur prix prix_d_achat prix_unitaire price "
                              "prix_ht purchase_price"},
        [COL_MASS_KG] = {"mass_kg", "masse_kg masse poids poids_kg weight_kg"},
        [COL_CHASSIS] = {"chassis", "boitier format form_factor"},
        [COL_CPU_MODEL] =
                {"cpu_model", "modele_cpu modele_de_processeur processeur "
                              "processor cpu modele_processeur type_de_cpu "
                              "processor_name processor_model processor_type "
                              "type_de_processeur type_processeur "
                              "modele_du_processeur nom_du_processeur cpu_type "
                              "cpu_name modele_de_cpu"},
        [COL_CPU_COUNT] =
                {"cpu_count",
                 "nombre_de_cpu nb_cpu nombre_de_processeurs "
                 "nb_processeurs sockets cpu_sockets nombre_cpu cpus "
                 "nb_sockets nombre_de_sockets number_of_sockets "
                 "socket_count nb_de_cpu nb_de_processeurs "
                 "nb_processeur nombre_processeurs "
                 "number_of_processors number_of_cpus processor_count "
                 "nb_proc"},
        [COL_CPU_CORES] =
                {"cpu_cores",
                 "coeurs nombre_de_coeurs nb_coeurs coeurs_cpu cores "
                 "nb_de_coeurs nombre_coeurs nb_cores core_count "
                 "cpu_core_count number_of_cores"},
        [COL_CPU_DIE_MM2] =
                {"cpu_die_mm2", "surface_de_puce_mm2 puce_mm2 die_mm2"},
        [COL_RAM_MODULES] =
                {"ram_modules", "barrettes barrettes_ram modules_ram dimms "
                                "modules_memoire"},
        [COL_RAM_GIB] =
                {"ram_gib",
                 "ram_gio ram_go ram_gb ram memoire_gio memoire_go "
                 "memoire memory_gb memory_gib memory ram_totale "
                 "ram_totale_go memoire_totale memoire_vive "
                 "memoire_vive_go ram_size taille_ram taille_memoire "
                 "taille_de_la_memoire memory_size total_memory "
                 "total_memory_gb total_ram installed_ram "
                 "memoire_installee memoire_ram memoire_ram_go "
                 "taille_ram_go quantite_de_ram"},
        [COL_HDD] = {"hdd", "disques_durs disque_dur hard_disks"},
        [COL_SSD] = {"ssd", "disques_ssd disque_ssd"},
        [COL_TAPE] = {"tape", "bandes cartouches tapes"},
        [COL_GPU] =
                {"gpu", "gpus cartes_graphiques carte_graphique "
                        "accelerateurs"},
        [COL_PSU_COUNT] =
                {"psu_count", "nombre_d_alimentations nb_alimentations "
                              "alimentations"},
        [COL_PSU_KG] = {"psu_kg", "masse_alimentation_kg alimentation_kg"},
        [COL_SCREEN] = {"screen", "ecran ecrans screens monitor moniteur"},
        [COL_POWER_W] =
                {"power_w", "puissance_w puissance puissance_moyenne_w "
                            "mean_power_w consommation_w"},
        [COL_IDLE_W] = {"idle_w", "puissance_au_repos_w repos_w"},
        [COL_MAX_W] = {"max_w", "puissance_max_w puissance_maximale_w"},
        [COL_ENERGY_KWH_YEAR] =
                {"energy_kwh_year", "energie_kwh_an consommation_kwh_an "
                                    "kwh_an energie_annuelle_kwh"},
        [COL_FABRICATION_KG] =
                {"fabrication_kg", "fabrication_kgco2e fabrication_kg_co2e "
                                   "empreinte_fabrication_kg"},
        [COL_FABRICATION_SOURCE] =
                {"fabrication_source", "source_fabrication "
                                       "source_de_fabrication"},
        [COL_PROJECT] = {"project", "projet"},
        [COL_NOTE] =
                {"note", "notes remarque remarques commentaire "
                         "commentaires comment comments"},
        [COL_COUNTRY] = {"country", "pays"},
        [COL_TIMEZONE] = {"timezone", "fuseau fuseau_horaire time_zone"},
        [COL_PUE] = {"pue", "pue_annuel"},
        [COL_WUE] = {"wue", "wue_annuel"},
        [COL_GRID_G] = {"grid_g", "reseau_g mix_g grid_g_per_kwh g_par_kwh"},
        [COL_GRID_KIND] = {"grid_kind", "reseau_genre mix_genre"},
        [COL_GRID_SOURCE] = {"grid_source", "reseau_source mix_source"},
        [COL_GRID_YEAR] = {"grid_year", "reseau_annee mix_annee"},
};

const char *csv_col_name(enum csv_col c)
{
    return c >= 0 && c < COLS ? columns[c].name : "";
}

static bool in_list(const char *list, const char *key)
{
    size_t len = strlen(key);

    while (*list) {
        size_t n = strcspn(list, " ");

        if (n == len && memcmp(list, key, n) == 0)
            return true;
        list += n + (list[n] == ' ' ? 1 : 0);
    }
    return false;
}

static bool site_col(int c)
{
    return c >= COL_COUNTRY || c == COL_NAME || c == COL_NOTE;
}

/* "ProcessorName" as Processor_Name, "TotalRAM_GB" as Total_RAM_GB: scripts
 * title their tables so. */
static void split_words(const char *title, size_t len, char *dst, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len && n + 2 < size; i++) {
        bool upper = title[i] >= 'A' && title[i] <= 'Z';
        bool after_lower = i > 0 && title[i - 1] >= 'a' && title[i - 1] <= 'z';
        bool before_lower = i > 0 && i + 1 < len && title[i - 1] >= 'A' &&
                            title[i - 1] <= 'Z' && title[i + 1] >= 'a' &&
                            title[i + 1] <= 'z';

        if (upper && (after_lower || before_lower))
            dst[n++] = '_';
        dst[n++] = title[i];
    }
    dst[n] = '\0';
}

void csv_split_key(const char *title, size_t len, char *dst, size_t size)
{
    char apart[160];

    split_words(title, len, apart, sizeof apart);
    text_key(apart, strlen(apart), dst, size);
}

static enum csv_col col_of_key(const char *key, bool sites, bool *canonical)
{
    *canonical = false;
    if (!key[0])
        return COL_NONE;
    for (int c = 0; c < COLS; c++) {
        if (sites ? !site_col(c) : c >= COL_COUNTRY)
            continue;
        if (strcmp(key, columns[c].name) == 0) {
            *canonical = true;
            return (enum csv_col)c;
        }
        if (in_list(columns[c].also, key))
            return (enum csv_col)c;
    }
    return COL_NONE;
}

enum csv_col
csv_col_find(const char *title, size_t len, bool sites, bool *canonical)
{
    char key[64];
    enum csv_col c;

    text_key(title, len, key, sizeof key);
    c = col_of_key(key, sites, canonical);
    if (c != COL_NONE)
        return c;
    csv_split_key(title, len, key, sizeof key);
    return col_of_key(key, sites, canonical);
}

const char *imp_csv_column(const char *word)
{
    bool canonical;
    enum csv_col c = csv_col_find(word, strlen(word), false, &canonical);

    return c == COL_NONE ? NULL : csv_col_name(c);
}

/* Figures of products have a name, a maker and their kg CO2e, but nothing that
 * a machine has. */
static bool of_products(const struct csv_row *row, const bool has[COLS])
{
    for (int c = 0; c < COLS; c++)
        if (has[c] && c != COL_NAME && c != COL_MANUFACTURER && c != COL_MODEL)
            return false;
    for (size_t i = 0; i < row->n; i++) {
        char key[64];

        text_key(row->fields[i].p, row->fields[i].len, key, sizeof key);
        if (strstr(key, "kgco2") || strstr(key, "kg_co2"))
            return true;
    }
    return false;
}

static enum csv_sheet sheet_of(const bool has[COLS], bool own_tag)
{
    static const enum csv_col of_machines[] = {
            COL_QUANTITY,
            COL_CATEGORY,
            COL_MANUFACTURER,
            COL_MODEL,
            COL_SITE,
            COL_STATUS,
            COL_ACQUISITION,
            COL_ACQUIRED_ON,
            COL_CPU_MODEL,
            COL_CPU_COUNT,
            COL_CPU_CORES,
            COL_RAM_MODULES,
            COL_RAM_GIB,
            COL_HDD,
            COL_SSD,
            COL_GPU,
            COL_POWER_W,
            COL_CHASSIS,
            COL_MANUFACTURED_ON,
            COL_SERIAL,
    };
    bool key =
            has[COL_TAG] || has[COL_NAME] || has[COL_SERIAL] || has[COL_UUID];
    /* A list of machines may name their country; sites have no maker. */
    bool machine = has[COL_TAG] || has[COL_SERIAL] || has[COL_MANUFACTURER] ||
                   has[COL_CATEGORY] || has[COL_MODEL] || has[COL_CPU_MODEL];
    int known = 0;

    if (has[COL_NAME] && !machine &&
        (has[COL_COUNTRY] || has[COL_TIMEZONE] || has[COL_PUE] ||
         has[COL_GRID_G]))
        return SHEET_SITES;
    for (size_t i = 0; i < sizeof of_machines / sizeof *of_machines; i++)
        known += has[of_machines[i]] ? 1 : 0;
    /* A serial number alone tells nothing of a machine. */
    if (has[COL_SERIAL] && !has[COL_NAME] && !has[COL_UUID] && known == 1)
        known = 0;
    return key && (known >= 1 || own_tag) ? SHEET_MACHINES : SHEET_NEITHER;
}

/* Takes a title for column c. The template's own name wins over another word
 * for the same column; the same title twice is the file's mistake. */
static bool take_title(
        const struct csv_row *row, int field, enum csv_col c, bool canonical,
        int field_of[COLS], bool canon[COLS], int col_of[])
{
    int old = field_of[c];

    if (old >= 0) {
        char a[64], b[64];

        text_key(row->fields[old].p, row->fields[old].len, a, sizeof a);
        text_key(row->fields[field].p, row->fields[field].len, b, sizeof b);
        if (strcmp(a, b) == 0)
            return false;
        if (canon[c] || !canonical)
            return true;
        col_of[old] = COL_NONE;
    }
    field_of[c] = field;
    canon[c] = canonical;
    col_of[field] = c;
    return true;
}

static bool read_titles(
        const struct csv_row *row, bool sites, int field_of[COLS],
        int col_of[CSV_MAX_FIELDS], const char **twice)
{
    bool canon[COLS] = {false};

    for (int c = 0; c < COLS; c++)
        field_of[c] = -1;
    for (size_t i = 0; i < row->n && i < CSV_MAX_FIELDS; i++) {
        bool canonical;
        enum csv_col c = csv_col_find(
                row->fields[i].p, row->fields[i].len, sites, &canonical);

        col_of[i] = COL_NONE;
        if (c != COL_NONE &&
            !take_title(row, (int)i, c, canonical, field_of, canon, col_of)) {
            *twice = csv_col_name(c);
            return false;
        }
    }
    return true;
}

enum csv_sheet csv_header(
        const struct csv_row *row, int field_of[COLS], int col_of[], size_t n,
        const char **twice)
{
    int cols[CSV_MAX_FIELDS];
    bool has[COLS] = {false};
    enum csv_sheet sheet;

    *twice = NULL;
    /* A column such as "pue" is looked for first: only sites have it. */
    for (size_t i = 0; i < row->n; i++) {
        bool canonical;
        enum csv_col c = csv_col_find(
                row->fields[i].p, row->fields[i].len, true, &canonical);

        if (c != COL_NONE)
            has[c] = true;
        c = csv_col_find(
                row->fields[i].p, row->fields[i].len, false, &canonical);
        if (c != COL_NONE)
            has[c] = true;
    }
    sheet = of_products(row, has) ? SHEET_NEITHER
                                  : sheet_of(has, csv_has_own_tag(row));
    if (!read_titles(row, sheet == SHEET_SITES, field_of, cols, twice))
        return sheet;
    for (size_t i = 0; col_of && i < row->n && i < n; i++)
        col_of[i] = cols[i];
    return sheet;
}
