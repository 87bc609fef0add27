/* SPDX-License-Identifier: Apache-2.0
 * The estimate of one server against the published component formulas, and the
 * shape of its answer. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "reports/estimate_priv.h"
#include "unit.h"

static struct fac_pack *pack;

static cJSON *answer_of(const char *body, bool unrounded)
{
    const struct rep_estimate_options options = {.unrounded = unrounded};
    struct err err = {0};
    cJSON *json = NULL;
    struct buf text;
    struct out out;
    bool ok;

    buf_init(&text, 1024 * 1024);
    out_to_buf(&out, &text);
    ok = rep_estimate(pack, body, strlen(body), &options, &out, &err) &&
         out_finish(&out, &err) &&
         json_parse(buf_text(&text), text.len, &json, &err);
    UNIT_CHECK(ok, "%.60s: %s", body, err.msg);
    CU_ASSERT_FATAL(ok);
    buf_clear(&text);
    return json;
}

/* "impacts.gwp.embedded.value" of an answer; NULL: not there. */
static const cJSON *at(const cJSON *json, const char *path)
{
    while (json && *path) {
        size_t n = strcspn(path, ".");
        char key[60];

        snprintf(key, sizeof key, "%.*s", (int)n, path);
        json = cJSON_GetObjectItemCaseSensitive(json, key);
        path += n + (path[n] == '.');
    }
    return json;
}

static double num_at(const cJSON *json, const char *path)
{
    const cJSON *m = at(json, path);

    UNIT_CHECK(m != NULL, "%s is there", path);
    return m && cJSON_IsNumber(m) ? m->valuedouble : NAN;
}

static bool has_text(const cJSON *list, const char *part)
{
    for (const cJSON *m = list ? list->child : NULL; m; m = m->next)
        if (cJSON_IsString(m) && strstr(m->valuestring, part))
            return true;
    return false;
}

static bool text_is(const cJSON *json, const char *path, const char *want)
{
    const cJSON *m = at(json, path);

    return m && cJSON_IsString(m) && strcmp(m->valuestring, want) == 0;
}

/* The server of shared/samples/factors_boaviztapi: 2 CPUs of 24 * 245 mm2, 12
 * modules of 32 GB at 1.79, one SSD of 400 GB at 50.6, two supplies of 2.99 kg,
 * rack. By the coefficients of the method, sections 2.3 and 12. */
#define SERVER                                                                 \
    "{\"model\":{\"manufacturer\":\"Dell\",\"name\":\"R740\",\"type\":"        \
    "\"rack\"},\"configuration\":{\"cpu\":{\"units\":2,\"core_units\":24,"     \
    "\"die_size_per_core\":245%s},\"ram\":[{\"units\":12,\"capacity\":32,"     \
    "\"density\":1.79}],\"disk\":[{\"units\":1,\"type\":\"ssd\",\"capacity\""  \
    ":400,\"density\":50.6}],\"power_supply\":{\"units\":2,\"unit_weight\":"   \
    "2.99}}%s}"

static const char *server(const char *cpu, const char *usage)
{
    static char body[1000];

    snprintf(body, sizeof body, SERVER, cpu, usage);
    return body;
}

static void published(void)
{
    const double cm2 = 12 * 32 / 1.79 + 400 / 50.6, kg = 2 * 2.99;
    cJSON *a = answer_of(server("", ""), true);

    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.value"),
            2 * (9.14 + 0.0197 * 5880) + 12 * 5.22 + 6.34 + 2.20 * cm2 +
                    24.30 * kg + 150 + 66.10 + 6.68,
            1e-12, "gwp");
    UNIT_NEAR(
            num_at(a, "impacts.adp.embedded.value"),
            2 * (2.04e-2 + 5.87e-9 * 5880) + 12 * 1.69e-3 + 5.63e-4 +
                    6.3e-5 * cm2 + 8.30e-3 * kg + 2.02e-2 + 3.69e-3 + 1.41e-6,
            1e-12, "adp");
    UNIT_NEAR(
            num_at(a, "impacts.pe.embedded.value"),
            2 * (156 + 0.265 * 5880) + 12 * 74 + 73.98 + 27.3 * cm2 + 352 * kg +
                    2200 + 836 + 68.6,
            1e-12, "pe");
    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.min"),
            num_at(a, "impacts.gwp.embedded.max"), 1e-12,
            "nothing completed, nothing to bound");
    UNIT_CHECK(text_is(a, "fleetprint.approach", "C"), "by its parts");
    UNIT_CHECK(text_is(a, "impacts.gwp.unit", "kgCO2eq"), "unit");
    cJSON_Delete(a);
}

/* Each component as in BoaviztAPI's own answer, which has four figures. */
static void components(void)
{
    static const struct {
        const char *path;
        double want;
    } cases[] = {
            {"impacts.gwp.embedded.value", 1176},
            {"verbose.CPU-1.impacts.gwp.embedded.value", 250},
            {"verbose.CPU-1.impacts.adp.embedded.value", 0.04087},
            {"verbose.CPU-1.impacts.pe.embedded.value", 3428},
            {"verbose.CPU-1.die_size.value", 5880},
            {"verbose.RAM-1.impacts.gwp.embedded.value", 534.6},
            {"verbose.RAM-1.impacts.adp.embedded.value", 0.0338},
            {"verbose.RAM-1.impacts.pe.embedded.value", 6745},
            {"verbose.SSD-1.impacts.gwp.embedded.value", 23.73},
            {"verbose.SSD-1.impacts.adp.embedded.value", 0.001061},
            {"verbose.POWER_SUPPLY-1.impacts.gwp.embedded.value", 145.3},
            {"verbose.CASE-1.impacts.gwp.embedded.value", 150},
            {"verbose.MOTHERBOARD-1.impacts.gwp.embedded.value", 66.1},
            {"verbose.ASSEMBLY-1.impacts.gwp.embedded.value", 6.68},
            {"verbose.ASSEMBLY-1.impacts.adp.embedded.value", 1.41e-6},
    };
    cJSON *a = answer_of(server("", ""), false);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                num_at(a, cases[i].path), cases[i].want, 1e-12, cases[i].path);
    UNIT_CHECK(text_is(a, "verbose.CPU-1.units.status", "INPUT"), "input");
    UNIT_CHECK(
            text_is(a, "verbose.CPU-1.die_size.status", "COMPLETED"),
            "completed");
    cJSON_Delete(a);
}

/* 125 W at 70 %: 0.75 + 0.27 * 0.4 = 0.858 of TDP each; memory 0.284 W/GB; the
 * rest of the node 0.33 of both, between 0.2 and 0.6. */
static void use(void)
{
    const double parts_w = 2 * 125 * 0.858 + 384 * 0.284;
    cJSON *a = answer_of(
            server(",\"tdp\":125",
                   ",\"usage\":{\"time_workload\":70,\"usage_location\":"
                   "\"FRA\",\"elec_factors\":{\"gwp\":0.38},"
                   "\"hours_life_time\":10000}"),
            true);

    UNIT_NEAR(
            num_at(a, "impacts.gwp.use.value"), parts_w * 1.33 * 10 * 0.38,
            1e-12, "value");
    UNIT_NEAR(
            num_at(a, "impacts.gwp.use.min"), parts_w * 1.2 * 10 * 0.38, 1e-12,
            "min");
    UNIT_NEAR(
            num_at(a, "impacts.gwp.use.max"), parts_w * 1.6 * 10 * 0.38, 1e-12,
            "max");
    UNIT_CHECK(
            cJSON_IsNull(at(a, "impacts.adp.use.value")),
            "adp: no factor, no 0");
    UNIT_CHECK(
            has_text(at(a, "impacts.adp.use.warnings"), "No factor"),
            "and why");
    cJSON_Delete(a);
}

static void use_stated(void)
{
    cJSON *a = answer_of(
            server("", ",\"usage\":{\"avg_power\":200,\"usage_location\":"
                       "\"FRA\",\"hours_use_time\":760,\"days_use_time\":10,"
                       "\"elec_factors\":{\"adp\":1e-8,\"pe\":12}}"),
            true);

    /* the latest life-cycle factor of France on file is 41.44 g (2025) */
    UNIT_NEAR(
            num_at(a, "impacts.gwp.use.value"), 0.2 * 1000 * 0.04144, 1e-9,
            "gwp");
    UNIT_NEAR(num_at(a, "impacts.adp.use.value"), 200 * 1e-8, 1e-12, "adp");
    UNIT_NEAR(num_at(a, "impacts.pe.use.value"), 2400, 1e-12, "pe");
    cJSON_Delete(a);
    a = answer_of(server("", ",\"usage\":{\"avg_power\":200}"), true);
    UNIT_CHECK(
            cJSON_IsNull(at(a, "impacts.gwp.use.value")),
            "no place, no factor");
    cJSON_Delete(a);
    a = answer_of(
            server(",\"tdp\":100",
                   ",\"usage\":{\"elec_factors\":{\"gwp\":1},"
                   "\"hours_life_time\":1000,\"other_consumption_ratio\":0,"
                   "\"time_workload\":[{\"time_percentage\":25,"
                   "\"load_percentage\":100},{\"time_percentage\":75,"
                   "\"load_percentage\":0}]}"),
            true);
    UNIT_NEAR(
            num_at(a, "impacts.gwp.use.value"),
            200 * (0.25 * 1.02 + 0.75 * 0.12) + 384 * 0.284, 1e-12,
            "times and loads");
    cJSON_Delete(a);
}

/* ---- what BoaviztAPI gets wrong ---------------------------------------------
 */

static double gwp_of(const char *body)
{
    struct rep_server_figures figures;
    struct rep_server *s = NULL;
    struct err err = {0};

    UNIT_CHECK(rep_server_read(body, strlen(body), &s, &err), "%s", err.msg);
    CU_ASSERT_FATAL(s != NULL);
    rep_server_assess(pack, s, &figures);
    rep_server_free(s);
    return figures.embedded[CALC_GWP];
}

#define PARTS(cpu, more)                                                       \
    "{\"model\":{\"type\":\"rack\"},\"configuration\":{\"cpu\":" cpu           \
    ",\"ram\":[{\"units\":2,\"capacity\":16,\"density\":1.79}],"               \
    "\"power_supply\":{\"units\":1,\"unit_weight\":2}" more "}}"
#define CPU "{\"units\":1,\"die_size\":100}"

static void no_disks(void)
{
    UNIT_NEAR(
            gwp_of(PARTS(CPU, ",\"disk\":[]")),
            9.14 + 1.97 + 2 * (5.22 + 2.20 * 16 / 1.79) + 48.6 + 150 + 66.1 +
                    6.68,
            1e-12, "an empty list means none");
}

/* The GTX 1080 Ti of TV11 weighs 89.093903 kg. */
static void named_card(void)
{
    double without = gwp_of(PARTS(CPU, ",\"disk\":[]"));
    double with = gwp_of(
            PARTS(CPU, ",\"disk\":[],\"gpu\":{\"units\":2,\"name\":"
                       "\"GeForce GTX 1080 Ti\"}"));

    UNIT_NEAR(with - without, 2 * 89.093903, 1e-7, "two cards");
}

/* A die that no listed card has, 545 mm2: its effective area is the formula's
 * over 1.62, at most the formula's [2.3]. A card that nothing is known of has
 * the range of the study's cards. */
static void card_bounds(void)
{
    const double pi = acos(-1), a_mm2 = pow(sqrt(545) + 0.2, 2),
                 wafer = pi * 150 * 150,
                 n = wafer / a_mm2 - pi * 300 / sqrt(2 * a_mm2),
                 eff = wafer / n / exp(-sqrt(a_mm2 / 100 * 0.1));
    cJSON *a = answer_of(
            PARTS(CPU, ",\"disk\":[],\"gpu\":[{\"units\":3,\"name\":"
                       "\"Tesla T4\"}]"),
            true);

    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.max") -
                    num_at(a, "impacts.gwp.embedded.value"),
            3 * 0.042592 * (eff - eff / 1.62), 1e-6, "to the formula's area");
    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.min"),
            num_at(a, "impacts.gwp.embedded.value"), 1e-12, "from a 1.62th");
    cJSON_Delete(a);
    a = answer_of(PARTS(CPU, ",\"disk\":[],\"gpu\":[{\"units\":2}]"), true);
    UNIT_CHECK(
            num_at(a, "impacts.gwp.embedded.min") <
                            num_at(a, "impacts.gwp.embedded.value") &&
                    num_at(a, "impacts.gwp.embedded.value") <
                            num_at(a, "impacts.gwp.embedded.max"),
            "any card has bounds");
    /* the lightest of the study, GTX 1080 Ti */
    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.min"),
            gwp_of(PARTS(CPU, ",\"disk\":[]")) + 2 * 89.093903, 1e-6,
            "the lightest card");
    cJSON_Delete(a);
}

/* What clients of BoaviztAPI call the memory; and areas that disagree. */
static void other_keys(void)
{
    cJSON *a = answer_of(
            PARTS("{\"units\":1,\"die_size\":500,\"core_units\":10,"
                  "\"die_size_per_core\":20}",
                  ",\"disk\":[],\"gpu\":[{\"units\":1,\"name\":\"A100 "
                  "PCIe\",\"vram_capacity\":40}]"),
            true);

    UNIT_CHECK(
            text_is(a, "verbose.GPU-1.matched.value", "A100-PCIE-40GB"),
            "vram_capacity");
    UNIT_CHECK(
            has_text(at(a, "fleetprint.warnings"), "die_size 500"),
            "two areas of one die");
    cJSON_Delete(a);
}

/* Without an area or a name, more cores are a larger die. */
static void cores_count(void)
{
    double few =
            gwp_of(PARTS("{\"units\":1,\"core_units\":8}", ",\"disk\":[]"));
    double many =
            gwp_of(PARTS("{\"units\":1,\"core_units\":28}", ",\"disk\":[]"));

    UNIT_CHECK(many > few, "28 cores %g, 8 cores %g", many, few);
}

static void completed(void)
{
    cJSON *a = answer_of(
            "{\"configuration\":{\"cpu\":{\"units\":1,\"die_size\":100},"
            "\"ram\":[{\"units\":1,\"capacity\":16}],\"disk\":[]}}",
            true);
    const double known = 9.14 + 1.97 + 5.22 + 66.1 + 6.68;

    /* density 1.2444 of 0.625 to 2.375; two supplies of 2.99 kg, one or two of
     * 1 to 5; a case counted as a rack, 34 to 150 */
    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.value"),
            known + 2.2 * 16 / (13.688 / 11) + 145.314 + 150, 1e-9, "value");
    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.min"),
            known + 2.2 * 16 / 2.375 + 24.3 + 34, 1e-9, "min");
    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.max"),
            known + 2.2 * 16 / 0.625 + 24.3 * 10 + 150, 1e-9, "max");
    UNIT_CHECK(has_text(at(a, "fleetprint.completed"), "ram density"), "named");
    cJSON_Delete(a);
}

/* Nothing known: the average of servers with its interval, and it says so. */
static void nothing(void)
{
    cJSON *a = answer_of("{}", true);

    UNIT_NEAR(
            num_at(a, "impacts.gwp.embedded.value"), 1234.5, 1e-12, "average");
    UNIT_CHECK(num_at(a, "impacts.gwp.embedded.min") < 400, "wide");
    UNIT_CHECK(text_is(a, "fleetprint.approach", "B"), "B");
    UNIT_CHECK(
            cJSON_IsNull(at(a, "impacts.adp.embedded.value")), "adp unknown");
    cJSON_Delete(a);
}

static void warned(void)
{
    cJSON *a = answer_of(
            "{\"speed\":1,\"configuration\":{\"disk\":[{\"type\":\"HDD\","
            "\"layers\":3}],\"cpu\":null},\"usage\":{\"colour\":{}}}",
            true);
    const cJSON *w = at(a, "fleetprint.warnings");

    UNIT_CHECK(has_text(w, "speed is not known"), "at the top");
    UNIT_CHECK(has_text(w, "configuration.disk[0].layers"), "unused");
    UNIT_CHECK(has_text(w, "usage.colour is not known"), "in usage");
    UNIT_CHECK(!has_text(w, "cpu"), "null is as absent");
    cJSON_Delete(a);
}

static void refused(void)
{
    static const struct {
        const char *body, *path;
        enum err_code code;
    } cases[] = {
            {"[]", "object", ERR_INVALID},
            {"", "", ERR_INVALID},
            {"{\"configuration\":{\"cpu\":{\"units\":\"2\"}}}",
             "configuration.cpu.units", ERR_INVALID},
            {"{\"configuration\":{\"cpu\":{\"units\":-1}}}",
             "configuration.cpu.units", ERR_INVALID},
            {"{\"configuration\":{\"cpu\":{\"units\":1.5}}}",
             "configuration.cpu.units", ERR_INVALID},
            {"{\"configuration\":{\"cpu\":[]}}", "configuration.cpu",
             ERR_INVALID},
            {"{\"configuration\":{\"ram\":[{\"capacity\":1e99}]}}",
             "configuration.ram[0].capacity", ERR_INVALID},
            {"{\"configuration\":{\"disk\":[{\"type\":\"ssd\"},{}]}}",
             "configuration.disk[1].type", ERR_INVALID},
            {"{\"usage\":{\"time_workload\":101}}", "usage.time_workload",
             ERR_INVALID},
            {"{\"usage\":{\"elec_factors\":{\"gwp\":-1}}}",
             "usage.elec_factors.gwp", ERR_INVALID},
            {"{\"model\":{\"type\":3}}", "model.type", ERR_INVALID},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rep_server *s = NULL;
        struct err err = {0};

        UNIT_CHECK(
                !rep_server_read(
                        cases[i].body, strlen(cases[i].body), &s, &err),
                "%s", cases[i].body);
        UNIT_CHECK(
                err.code == cases[i].code, "%s: %d", cases[i].body, err.code);
        UNIT_CHECK(
                strstr(err.msg, cases[i].path) != NULL, "%s: '%s'",
                cases[i].body, err.msg);
        rep_server_free(s);
    }
}

/* One list entry too many, by one. */
static void limit(void)
{
    for (int n = EST_MAX_PARTS - 1; n <= EST_MAX_PARTS + 1; n++) {
        struct rep_server *s = NULL;
        struct err err = {0};
        struct buf b;
        bool ok;

        buf_init(&b, 100000);
        buf_str(&b, "{\"configuration\":{\"ram\":[");
        for (int i = 0; i < n; i++)
            buf_str(&b, i ? ",{\"capacity\":8}" : "{\"capacity\":8}");
        buf_str(&b, "]}}");
        ok = rep_server_read(buf_text(&b), b.len, &s, &err);
        UNIT_CHECK(ok == (n <= EST_MAX_PARTS), "%d entries", n);
        UNIT_CHECK(ok || err.code == ERR_LIMIT, "%d entries: code", n);
        rep_server_free(s);
        buf_clear(&b);
    }
}

/* BoaviztAPI's rule on figures of its own published answer. */
static void rounding(void)
{
    static const struct {
        double value, min, max, want;
    } cases[] = {
            {1176.37, 1112.3, 1176.37, 1176},
            {12034.2, 701.8, 34530, 12000},
            {10431, 526.5, 34540, 10000},
            {301234, 297.6, 14290000, 300000},
            {0.00163, 0.0003031, 0.008107, 0.0016},
            {0.040868, 0.040868, 0.040868, 0.04087},
            {6.68, 6.68, 6.68, 6.68},
            {0, 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct est_amount a = {cases[i].value, cases[i].min, cases[i].max};

        UNIT_NEAR(est_round(&a), cases[i].want, 1e-12, "rounded");
    }
    UNIT_CHECK(
            isnan(est_round(&(struct est_amount){NAN, NAN, NAN})), "unknown");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"published", published},
            {"components", components},
            {"use", use},
            {"use stated", use_stated},
            {"no disks", no_disks},
            {"named card", named_card},
            {"card bounds", card_bounds},
            {"other keys", other_keys},
            {"cores count", cores_count},
            {"completed", completed},
            {"nothing", nothing},
            {"warned", warned},
            {"refused", refused},
            {"limit", limit},
            {"rounding", rounding},
            {NULL, NULL},
    };
    struct err err = {0};
    int status = 2;

    if (fac_pack_load(NULL, &pack, &err))
        status = unit_main("reports estimate", tests);
    fac_pack_free(pack);
    return status;
}
