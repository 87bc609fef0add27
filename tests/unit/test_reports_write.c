/* SPDX-License-Identifier: Apache-2.0
 * Writers of reports: the fixed keys of the JSON document, unknown as null, the
 * same figures in JSON, XML and CSV, schemas, hashes, hostile texts. */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "base/csv.h"
#include "base/text.h"
#include "reports/write_priv.h"
#include "reports_fixture.h"
#include "unit.h"

enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

static void write_year(
        const struct rep_year *y, enum rep_format format, const char *language,
        struct buf *text)
{
    struct rep_writing w = {.format = format, .language = language};
    struct err err = {0};
    struct out out;

    buf_init(text, DOCUMENT_MAX);
    out_to_buf(&out, text);
    UNIT_CHECK(rep_year_write(y, &w, &out, &err), "writing: %s", err.msg);
}

static void write_machine(
        const struct rep_machine *m, enum rep_format format, struct buf *text)
{
    struct rep_writing w = {.format = format, .language = "en"};
    struct err err = {0};
    struct out out;

    buf_init(text, DOCUMENT_MAX);
    out_to_buf(&out, text);
    UNIT_CHECK(rep_machine_write(m, &w, &out, &err), "writing: %s", err.msg);
}

static cJSON *parsed(const struct buf *text)
{
    struct err err = {0};
    cJSON *doc = NULL;

    UNIT_CHECK(
            json_parse(text->p, text->len, &doc, &err), "parsing: %s %s",
            err.where, err.msg);
    return doc;
}

/* Steps "fabrication.gross_kg.value", "rules.2.own_kg"; NULL when absent. */
static const cJSON *at(const cJSON *node, const char *path)
{
    char key[64];

    while (node && *path) {
        size_t n = strcspn(path, ".");

        if (n >= sizeof key)
            return NULL;
        memcpy(key, path, n);
        key[n] = '\0';
        node = cJSON_IsArray(node)
                       ? cJSON_GetArrayItem(node, atoi(key))
                       : cJSON_GetObjectItemCaseSensitive(node, key);
        path += n + (path[n] == '.');
    }
    return node;
}

/* The members of DESIGN section 6 come first and in their order. */
static void
check_keys(const cJSON *doc, const char *path, const char *const *keys)
{
    const cJSON *member = at(doc, path);

    UNIT_CHECK(member != NULL, "%s is there", path);
    member = member ? member->child : NULL;
    for (size_t i = 0; keys[i]; i++) {
        UNIT_CHECK(
                member && member->string && !strcmp(member->string, keys[i]),
                "%s: member %zu is '%s'", path, i, keys[i]);
        member = member ? member->next : NULL;
    }
}

static void test_json_keys(void)
{
#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})
    struct rep_year *y = fixture_year();
    struct buf text;
    cJSON *doc;

    write_year(y, REP_JSON, "en", &text);
    doc = parsed(&text);
    check_keys(
            doc, "",
            KEYS("schema", "year", "period", "method", "factor_sets", "rule",
                 "fleet", "fabrication", "operation", "ratios", "total",
                 "rules", "approaches", "outside", "advice", "quality",
                 "identities"));
    check_keys(doc, "period", KEYS("start", "end"));
    check_keys(doc, "factor_sets.0", KEYS("id", "version", "sha256"));
    check_keys(
            doc, "fleet",
            KEYS("machines", "running", "new", "second_hand", "donated",
                 "under_warranty", "cpu_sockets", "cpu_cores", "gpus",
                 "ram_gib", "hdd", "hdd_tb", "ssd", "ssd_tb", "screens"));
    check_keys(
            doc, "fabrication",
            KEYS("gross_kg", "own_kg", "charge_kg", "acquisition_kg", "by_kind",
                 "by_category"));
    check_keys(doc, "fabrication.gross_kg", KEYS("value", "low", "high"));
    check_keys(doc, "fabrication.by_kind.0", KEYS("kind", "kg", "share"));
    check_keys(
            doc, "fabrication.by_category.0",
            KEYS("category", "machines", "kg", "share"));
    check_keys(
            doc, "operation",
            KEYS("it_kwh", "site_kwh", "location_kg", "hourly_kg", "market_kg",
                 "coverage", "by_tier"));
    check_keys(doc, "operation.by_tier.0", KEYS("tier", "kwh"));
    check_keys(
            doc, "ratios",
            KEYS("gross_years", "own_years", "fabrication_share",
                 "years_beyond_life", "grid_kind"));
    check_keys(doc, "total", KEYS("amortised_kg", "acquisition_kg"));
    check_keys(doc, "rules.0", KEYS("rule", "own_kg"));
    check_keys(doc, "approaches.0", KEYS("approach", "gross_kg", "machines"));
    check_keys(doc, "quality", KEYS("grade", "coverage"));
    check_keys(doc, "identities.0", KEYS("id", "holds"));
    cJSON_Delete(doc);
    buf_clear(&text);
    fixture_free(y);
#undef KEYS
}

static const struct {
    const char *path;
    double want;
} json_numbers[] = {
        {"year", 2025},
        {"fleet.machines", 337},
        {"fleet.ram_gib", 73728},
        {"fleet.unknown.cpu_cores", 7},
        {"fabrication.gross_kg.value", 352000},
        {"fabrication.gross_kg.low", 352000 * 0.6},
        {"fabrication.by_kind.0.kg", 154402.9},
        {"fabrication.by_kind.0.high", 154402.9 * 1.6},
        {"fabrication.by_category.1.machines", 129},
        {"operation.it_kwh.value", 433620},
        {"operation.by_tier.0.kwh", 433620},
        {"operation.by_month.11.location_kg", 831.105},
        {"ratios.gross_years.value", 35.294377164},
        {"ratios.life_cycle_g_per_kwh", 40.48},
        {"ratios.used_share", 236.0 / 337.0},
        {"ratios.out_of_warranty_share", 303.0 / 337.0},
        {"ratios.pue", 498663.0 / 433620.0},
        {"total.amortised_kg.value", 6666.25 + 700.125 + 9973.26},
        {"rules.1.own_kg", 322000},
        {"net_stock.transferred_kg", 45.125},
        {"stock.out_given.units", 1},
        {"completions.0.kg", 130344.5},
};

static void test_json_values(void)
{
    static const char *const nulls[] = {
            "operation.hourly_kg",
            "operation.market_kg",
            "fabrication.by_kind.3.adp_kg_sb",
            "fabrication.category_other_origin_kg",
            "rules.7.own_kg",
            "approaches.4.gross_kg",
            "quality.excluded_kg",
            "exclusions.0.estimate_kg",
            "sites.1.grid_g_per_kwh",
            "sites.1.country",
            "factors.1.value",
            "outside.avoided_kg",
            "ages.2.age_y"};
    struct rep_year *y = fixture_year();
    struct buf text;
    cJSON *doc;

    write_year(y, REP_JSON, "en", &text);
    doc = parsed(&text);
    for (size_t i = 0; i < sizeof json_numbers / sizeof *json_numbers; i++) {
        const cJSON *n = at(doc, json_numbers[i].path);

        UNIT_CHECK(cJSON_IsNumber(n), "%s is a number", json_numbers[i].path);
        if (n) /* all digits: not only close */
            UNIT_CHECK(
                    memcmp(&n->valuedouble, &json_numbers[i].want,
                           sizeof(double)) == 0,
                    "%s: %.17g, not %.17g", json_numbers[i].path,
                    n->valuedouble, json_numbers[i].want);
    }
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        UNIT_CHECK(cJSON_IsNull(at(doc, nulls[i])), "%s is null", nulls[i]);
    cJSON_Delete(doc);
    buf_clear(&text);
    fixture_free(y);
}

static void test_json_fleet(void)
{
    struct rep_year *y = fixture_year();
    struct buf text;
    cJSON *doc;

    y->year = 0;
    y->gross_kg = CALC_Q_UNKNOWN;
    y->grade = '-';
    write_year(y, REP_JSON, "en", &text);
    doc = parsed(&text);
    CU_ASSERT_TRUE(cJSON_IsNull(at(doc, "year")));
    CU_ASSERT_TRUE(cJSON_IsNull(at(doc, "fabrication.gross_kg.value")));
    CU_ASSERT_TRUE(cJSON_IsNull(at(doc, "quality.grade")));
    cJSON_Delete(doc);
    buf_clear(&text);
    fixture_free(y);
}

static bool has_flag(const cJSON *doc, const char *flag, const char *value)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, at(doc, "flags"))
    {
        const cJSON *v = at(item, "value");

        if (!strcmp(at(item, "flag")->valuestring, flag))
            return value ? cJSON_IsString(v) && !strcmp(v->valuestring, value)
                         : cJSON_IsNull(v);
    }
    return false;
}

static void test_flags(void)
{
    struct rep_year *y = fixture_year();
    struct buf text;
    cJSON *doc;

    y->excluded_share = 0.06;
    y->excluded_kg = 22000;
    y->complete = false;
    write_year(y, REP_JSON, "en", &text);
    doc = parsed(&text);
    CU_ASSERT_TRUE(has_flag(doc, "ratio_basis", "unstated"));
    CU_ASSERT_TRUE(has_flag(doc, "not_complete", NULL));
    CU_ASSERT_TRUE(has_flag(doc, "period_running", NULL));
    CU_ASSERT_TRUE(has_flag(doc, "unknown_models", NULL));
    CU_ASSERT_TRUE(has_flag(doc, "calibrated", NULL));
    CU_ASSERT_FALSE(has_flag(doc, "energy_coverage", NULL));
    cJSON_Delete(doc);
    buf_clear(&text);

    y->grid_kind = CALC_LIFE_CYCLE;
    y->sites[0].note = "instruments calibrated in May";
    y->excluded_share = 0.05; /* the limit itself is within it */
    y->energy_coverage = 0.79;
    write_year(y, REP_JSON, "en", &text);
    doc = parsed(&text);
    CU_ASSERT_FALSE(has_flag(doc, "ratio_basis", "life_cycle"));
    CU_ASSERT_FALSE(has_flag(doc, "not_complete", NULL));
    CU_ASSERT_FALSE(has_flag(doc, "calibrated", NULL));
    CU_ASSERT_TRUE(has_flag(doc, "energy_coverage", NULL));
    cJSON_Delete(doc);
    buf_clear(&text);
    fixture_free(y);
}

/* The hash is that of the document without its own line. */
static void test_seal(void)
{
    struct rep_year *y = fixture_year();
    struct buf text, rest;
    struct err err = {0};
    const char *line, *next;
    char hash[65];

    CU_ASSERT_TRUE(rep_year_seal(y, &err));
    write_year(y, REP_JSON, "en", &text);
    line = strstr(text.p, "\n  \"sha256\": ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    next = strchr(line + 1, '\n');
    buf_init(&rest, DOCUMENT_MAX);
    buf_add(&rest, text.p, (size_t)(line - text.p));
    buf_str(&rest, next);
    text_sha256(rest.p, rest.len, hash);
    CU_ASSERT_STRING_EQUAL(hash, y->sha256);
    buf_clear(&rest);
    buf_clear(&text);
    fixture_free(y);
}

/* ---- machines ---------------------------------------------------------------
 */

static struct rep_machine_row fixture_row(const char *tag)
{
    struct rep_machine_row row = {
            .tag = tag,
            .category = CALC_SERVER,
            .units = 1,
            .status = CALC_IN_SERVICE,
            .approach = CALC_C,
            .gross_kg = fixture_q(742.5),
            .operation_kg = CALC_Q_UNKNOWN,
            .own_kg = 361.9,
            .charge_kg = 86.17,
            .kwh = NAN,
            .tier = CALC_NO_ENERGY};

    row.kind_kg[CALC_CPU] = 30.1;
    row.kind_kg[CALC_RAM] = 712.4;
    return row;
}

static void write_with_machines(enum rep_format format, struct buf *text)
{
    struct rep_year *y = fixture_year();
    struct rep_machine_row one = fixture_row("n1"),
                           two = fixture_row(FIXTURE_HOSTILE);
    struct err err = {0};
    struct out out;
    struct doc d;

    buf_init(text, DOCUMENT_MAX);
    out_to_buf(&out, text);
    doc_begin(&d, format, &out, "report", "urn:fleetprint:year:1");
    walk_year(&d, y, true);
    doc_list(&d, "machines");
    walk_machine_row(&d, &one);
    walk_machine_row(&d, &two);
    doc_list_end(&d);
    CU_ASSERT_TRUE(doc_end(&d, &err));
    fixture_free(y);
}

static void test_json_machines(void)
{
    struct buf text;
    const cJSON *m;
    cJSON *doc;

    write_with_machines(REP_JSON, &text);
    CU_ASSERT_PTR_NOT_NULL(
            strstr(text.p, "\n    {\"tag\":\"n1\",\"approach\""));
    doc = parsed(&text);
    m = at(doc, "machines.1");
    CU_ASSERT_STRING_EQUAL(at(m, "tag")->valuestring, FIXTURE_HOSTILE);
    CU_ASSERT_TRUE(cJSON_IsNull(at(m, "kwh")));
    CU_ASSERT_TRUE(cJSON_IsNull(at(m, "operation_kg.value")));
    UNIT_NEAR(at(m, "gross_kg.value")->valuedouble, 742.5, 0, "gross");
    UNIT_NEAR(at(m, "by_kind.1.kg")->valuedouble, 712.4, 0, "ram");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(at(m, "by_kind")), 2);
    cJSON_Delete(doc);
    buf_clear(&text);
}

/* ---- XML
 * ---------------------------------------------------------------------- */

static void no_words(void *ctx, const char *fmt, ...)
{
    (void)ctx;
    (void)fmt;
}

static int schema_errors(const char *schema, const struct buf *text)
{
    const struct embed_file *f = embed_find(rep_schemas, schema);
    xmlSchemaParserCtxtPtr parser;
    xmlSchemaValidCtxtPtr valid;
    xmlSchemaPtr s;
    xmlDocPtr doc;
    int rc;

    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    parser = xmlSchemaNewMemParserCtxt((const char *)f->bytes, (int)f->size);
    s = xmlSchemaParse(parser);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    valid = xmlSchemaNewValidCtxt(s);
    xmlSchemaSetValidErrors(valid, no_words, no_words, NULL);
    doc = xmlReadMemory(
            text->p, (int)text->len, "document.xml", NULL, XML_PARSE_NONET);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    rc = xmlSchemaValidateDoc(valid, doc);
    xmlFreeDoc(doc);
    xmlSchemaFreeValidCtxt(valid);
    xmlSchemaFree(s);
    xmlSchemaFreeParserCtxt(parser);
    return rc;
}

static void test_xml(void)
{
    struct rep_year *y = fixture_year();
    struct rep_machine m;
    struct buf text;
    char *cut;

    write_year(y, REP_XML, "en", &text);
    CU_ASSERT_EQUAL(schema_errors("year.xsd", &text), 0);
    CU_ASSERT_PTR_NOT_NULL(
            strstr(text.p, "<gross_kg low=\"211200\" high=\"563200\">352000<"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.p, "<hourly_kg xsi:nil=\"true\"/>"));
    /* The schema does look: a figure made a word is refused. */
    cut = strstr(text.p, ">352000<");
    CU_ASSERT_PTR_NOT_NULL_FATAL(cut);
    memcpy(cut, ">abcdef<", 8);
    CU_ASSERT_NOT_EQUAL(schema_errors("year.xsd", &text), 0);
    buf_clear(&text);

    write_with_machines(REP_XML, &text);
    CU_ASSERT_EQUAL(schema_errors("year.xsd", &text), 0);
    buf_clear(&text);

    fixture_machine(y, &m);
    write_machine(&m, REP_XML, &text);
    CU_ASSERT_EQUAL(schema_errors("machine.xsd", &text), 0);
    buf_clear(&text);
    fixture_free(y);
}

/* ---- CSV
 * ------------------------------------------------------------------------ */

struct wanted {
    const char *table, *row, *column, *value, *unit, *low;
    int seen;
};

static bool
csv_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    (void)dialect;
    (void)err;
    if (row->row == 1) {
        CU_ASSERT_STRING_EQUAL(row->fields[0].p, "table");
        CU_ASSERT_STRING_EQUAL(row->fields[6].p, "high");
    }
    UNIT_CHECK(
            row->n == 7, "line %llu has seven cells",
            (unsigned long long)row->line);
    for (struct wanted *w = ctx; w->table; w++)
        if (!strcmp(row->fields[0].p, w->table) &&
            !strcmp(row->fields[1].p, w->row) &&
            !strcmp(row->fields[2].p, w->column)) {
            w->seen++;
            CU_ASSERT_STRING_EQUAL(row->fields[3].p, w->value);
            CU_ASSERT_STRING_EQUAL(row->fields[4].p, w->unit);
            CU_ASSERT_STRING_EQUAL(row->fields[5].p, w->low);
        }
    return true;
}

static void test_csv(void)
{
    struct wanted wanted[] = {
            {"document", "", "schema", "fleetprint/year/1", "", "", 0},
            {"fabrication", "", "gross_kg", "352000", "kg CO2e", "211200", 0},
            {"operation", "", "hourly_kg", "", "", "", 0},
            {"by_kind", "ram", "kg", "154402.9", "kg CO2e", "", 0},
            {"by_month", "03 M5", "it_kwh", "36135", "kWh", "", 0},
            {"stock", "in_used", "units", "8", "count", "", 0},
            {"sites", "'" FIXTURE_HOSTILE, "pue", "1.15", "1", "", 0},
            {"rules", "PHYS", "own_kg", "", "kg CO2e", "", 0},
            {"exclusions", "tape", "units", "12", "count", "", 0},
            {0},
    };
    struct rep_year *y = fixture_year();
    struct err err = {0};
    struct buf text;

    write_year(y, REP_CSV, "en", &text);
    UNIT_CHECK(
            csv_read_mem(text.p, text.len, "year.csv", csv_row, wanted, &err),
            "reading: %s", err.msg);
    for (const struct wanted *w = wanted; w->table; w++)
        UNIT_CHECK(
                w->seen == 1, "%s %s %s seen %d times", w->table, w->row,
                w->column, w->seen);
    buf_clear(&text);
    fixture_free(y);
}

static void test_formats(void)
{
    enum rep_format f = REP_TEXT;

    CU_ASSERT_TRUE(rep_format_from("json", &f) && f == REP_JSON);
    CU_ASSERT_TRUE(rep_format_from("html", &f) && f == REP_HTML);
    CU_ASSERT_TRUE(rep_format_from("xml", &f) && f == REP_XML);
    CU_ASSERT_TRUE(rep_format_from("csv", &f) && f == REP_CSV);
    CU_ASSERT_TRUE(rep_format_from("text", &f) && f == REP_TEXT);
    CU_ASSERT_FALSE(rep_format_from("JSON", &f));
    CU_ASSERT_FALSE(rep_format_from(NULL, &f));
    CU_ASSERT_EQUAL(f, REP_TEXT);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"json: fixed keys in order", test_json_keys},
            {"json: values, unknown as null", test_json_values},
            {"json: fleet as of today", test_json_fleet},
            {"json: machines", test_json_machines},
            {"flags", test_flags},
            {"hash of the document", test_seal},
            {"xml against its schemas", test_xml},
            {"csv", test_csv},
            {"formats", test_formats},
            {0},
    };

    return unit_main("reports/write", tests);
}
