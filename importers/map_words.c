/* SPDX-License-Identifier: Apache-2.0
 * What the words of a column's title say that it holds, where no list of
 * titles knows it. */
#include <string.h>

#include "base/text.h"
#include "importers/map_priv.h"

enum { KEY_SIZE = 96 };

struct word {
    const char *word; /* in the framed key "_nom_de_la_machine_" */
    int field;
};

/* Who uses a machine, and its addresses, are not to be kept. */
static const char *const people[] = {
        "utilisateur", "_user",      "usager",       "mail",
        "login",       "telephone",  "_phone",       "_ip_",
        "_ipv4",       "_ipv6",      "_mac_",        "mot_de_passe",
        "password",    "passwd",     "full_name",    "prenom",
        "employe",     "assigned_t", "attribue_a",   "affecte_a",
        "responsable", "contact",    "beneficiaire", "detenteur",
        "_admins_",    "_agent_",    "_owner_",      "_ntid_",
        "_emp_id_"};

/* Titles that only sound like columns of ours. */
static const char *const others[] = {
        "fournisseur",    "supplier",       "company",
        "societe",        "cost_cent",      "centre_de_cout",
        "purchase_order", "order_number",   "_commande_",
        "facture",        "invoice",        "warranty_start",
        "debut_garantie", "debut_de_gar",   "duree",
        "warranty_month", "warranty_year",  "warranty_per",
        "warranty_type",  "type_de_gar",    "type_garantie",
        "under_warranty", "sous_garantie",  "speed",
        "vitesse",        "frequence",      "_mhz_",
        "_ghz_",          "ram_type",       "type_ram",
        "type_de_ram",    "memory_type",    "type_de_memoire",
        "type_memoire",   "_slot",          "_free_",
        "libre",          "thread",         "logical",
        "logique",        "vcpu",           "per_socket",
        "per_cpu",        "per_processor",  "par_processeur",
        "par_socket",     "par_cpu",        "date_d_inv",
        "date_inv",       "inventory_date", "dernier_inv",
        "last_inv",       "operating_sys",  "systeme_d_exp",
        "_os_",           "software",       "logiciel",
        "licen",          "antivirus",      "created",
        "updated",        "timestamp",      "horodat"};

/* In the order in which they decide. */
static const struct word words[] = {
        {"uuid", COL_UUID},
        {"serie_", COL_SERIAL},
        {"serial", COL_SERIAL},
        {"service_tag", COL_SERIAL},
        {"inventaire", COL_TAG},
        {"inventory", COL_TAG},
        {"asset_tag", COL_TAG},
        {"asset_id", COL_TAG},
        {"asset_n_", COL_TAG},
        {"asset_number", COL_TAG},
        {"asset_code", COL_TAG},
        {"etiquette", COL_TAG},
        {"code_barre", COL_TAG},
        {"immobilisation", COL_TAG},
        {"prix", COL_PRICE_EUR},
        {"price", COL_PRICE_EUR},
        {"cost", COL_PRICE_EUR},
        {"cout", COL_PRICE_EUR},
        {"montant", COL_PRICE_EUR},
        {"valeur_d_a", COL_PRICE_EUR},
        {"garantie", COL_WARRANTY_END},
        {"warranty", COL_WARRANTY_END},
        {"mise_en_service", COL_IN_SERVICE_ON},
        {"in_service", COL_IN_SERVICE_ON},
        {"deployed", COL_IN_SERVICE_ON},
        {"deploiement", COL_IN_SERVICE_ON},
        {"deployment", COL_IN_SERVICE_ON},
        {"reforme", COL_RETIRED_ON},
        {"retrait", COL_RETIRED_ON},
        {"decommission", COL_RETIRED_ON},
        {"disposal", COL_RETIRED_ON},
        {"retired", COL_RETIRED_ON},
        {"date_de_sortie", COL_RETIRED_ON},
        {"achat", COL_ACQUIRED_ON},
        {"purchase", COL_ACQUIRED_ON},
        {"acquisition", COL_ACQUIRED_ON},
        {"acquired", COL_ACQUIRED_ON},
        {"bought", COL_ACQUIRED_ON},
        {"date_de_fabrication", COL_MANUFACTURED_ON},
        {"manufacture_date", COL_MANUFACTURED_ON},
        {"manufactured", COL_MANUFACTURED_ON},
        {"_site_", COL_SITE},
        {"lieu", COL_SITE},
        {"location", COL_SITE},
        {"localisation", COL_SITE},
        {"emplacement", COL_SITE},
        {"batiment", COL_SITE},
        {"building", COL_SITE},
        {"salle", COL_SITE},
        {"_room_", COL_SITE},
        {"projet", COL_PROJECT},
        {"project", COL_PROJECT},
        {"coeurs", COL_CPU_CORES},
        {"cores", COL_CPU_CORES},
        {"processeur", COL_CPU_MODEL},
        {"processor", COL_CPU_MODEL},
        {"_cpu_", COL_CPU_MODEL},
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
        {"stockage", MAP_DISK},
        {"storage", MAP_DISK},
        {"fabri", COL_MANUFACTURER},
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
        {"_role_", COL_CATEGORY},
        {"statut", COL_STATUS},
        {"status", COL_STATUS},
        {"_etat_", COL_STATUS},
        {"pays", COL_COUNTRY},
        {"country", COL_COUNTRY},
        {"puissance", COL_POWER_W},
        {"power_w", COL_POWER_W},
        {"kwh", COL_ENERGY_KWH_YEAR},
        {"virtual", MAP_VIRTUAL},
};

static void framed_key(const char *title, char framed[KEY_SIZE + 3])
{
    char key[KEY_SIZE];

    csv_split_key(title, strlen(title), key, sizeof key);
    snprintf(framed, KEY_SIZE + 3, "_%s_", key);
}

static bool holds_one(const char *framed, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(framed, list[i]))
            return true;
    return false;
}

bool csv_of_people(const char *title)
{
    char framed[KEY_SIZE + 3];

    framed_key(title, framed);
    return holds_one(framed, people, sizeof people / sizeof *people);
}

/* "Nb sockets", "Number of cores", "CPU count": MAP_NOTE for a count of what
 * has no column of its own; -1: no count. */
static int count_of(const char *framed)
{
    static const char *const counts[] = {"_nb_",       "_nbr_",   "nombre_d",
                                         "number_of_", "_no_of_", "_num_",
                                         "_count_"};
    static const struct word of[] = {
            {"coeur", COL_CPU_CORES},
            {"core", COL_CPU_CORES},
            {"socket", COL_CPU_COUNT},
            {"cpu", COL_CPU_COUNT},
            {"_proc", COL_CPU_COUNT},
            {"alimentation", COL_PSU_COUNT},
            {"power_supply", COL_PSU_COUNT},
            {"power_supplies", COL_PSU_COUNT},
            {"psu", COL_PSU_COUNT},
            {"barrette", MAP_NOTE},
            {"dimm", MAP_NOTE},
            {"modul", MAP_NOTE},
            {"disque", MAP_NOTE},
            {"disk", MAP_NOTE},
            {"drive", MAP_NOTE},
            {"gpu", MAP_NOTE},
            {"ecran", MAP_NOTE},
            {"screen", MAP_NOTE},
            {"monitor", MAP_NOTE},
            {"port", MAP_NOTE}};

    if (!holds_one(framed, counts, sizeof counts / sizeof *counts) &&
        !strstr(framed, "_sockets_"))
        return -1;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (strstr(framed, of[i].word))
            return of[i].field;
    return -1;
}

int map_words_field(const char *title)
{
    char framed[KEY_SIZE + 3];
    int count;

    framed_key(title, framed);
    if (holds_one(framed, people, sizeof people / sizeof *people) ||
        strstr(framed, "owner") || strstr(framed, "proprietaire"))
        return MAP_DROP;
    if (holds_one(framed, others, sizeof others / sizeof *others))
        return MAP_NOTE;
    count = count_of(framed);
    if (count >= 0)
        return count;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(framed, words[i].word))
            return words[i].field;
    return -1;
}
