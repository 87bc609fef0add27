/* SPDX-License-Identifier: Apache-2.0
 * Metrics in text, answers of the HTTP API in pieces, and the map of metrics.
 */
#include "importers/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "unit.h"

#define SAMPLES "../shared/samples/"

struct seen {
    struct imp_metric_map *map;
    int samples, mapped;
    double value;
    int64_t t_ms, micro;
    bool timed;
    char name[100], label[200], id[WIRE_MAX_METER_ID + 1], ids[2000];
    int series, points;
    double sum;
    int64_t last_ms;
};

static bool on_sample(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct seen *s = ctx;
    const struct imp_rule *r = s->map ? imp_metric_rule(s->map, m) : NULL;
    const char *a = imp_metric_label(m, "a");

    (void)err;
    s->samples++;
    s->value = m->value;
    s->timed = m->timed;
    s->t_ms = m->t_ms;
    snprintf(s->name, sizeof s->name, "%s", m->name);
    snprintf(s->label, sizeof s->label, "%s", a ? a : "(none)");
    if (r && imp_metric_micro(r, m->value, &s->micro)) {
        size_t n = strlen(s->ids);

        s->mapped++;
        imp_metric_id(r, m, s->id);
        snprintf(
                s->ids + n, sizeof s->ids - n, "%s %s=%lld\n",
                wire_scope_word(r->scope), s->id, (long long)s->micro);
    }
    return true;
}

static bool text_ok(struct seen *s, const char *text)
{
    struct err err = {0};
    bool ok;

    memset(s, 0, sizeof *s);
    ok = imp_exposition(text, strlen(text), on_sample, s, &err);
    UNIT_CHECK(ok, "%.60s: %s: %s", text, err.where, err.msg);
    return ok;
}

static void test_text(void)
{
    struct seen s;

    text_ok(&s, "# HELP x y\n# TYPE x counter\nx 1.5e3\n");
    CU_ASSERT_EQUAL(s.samples, 1);
    CU_ASSERT_EQUAL(s.value, 1500);
    CU_ASSERT_FALSE(s.timed);
    text_ok(&s,
            "a:b_c { a = \"q\\\"\\\\ \\n{}\" , b=\"\",} +Inf 1700000000123");
    CU_ASSERT_STRING_EQUAL(s.name, "a:b_c");
    CU_ASSERT_STRING_EQUAL(s.label, "q\"\\ \n{}");
    CU_ASSERT(isinf(s.value));
    CU_ASSERT_EQUAL(s.t_ms, 1700000000123);
    text_ok(&s, "x NaN\r\nx{a=\"1\"} -2 5\n\n   \n#nothing");
    CU_ASSERT_EQUAL(s.samples, 2);
    CU_ASSERT_EQUAL(s.value, -2);
    text_ok(&s, "x_total 17 1700000000.5 # {t=\"1\"} 0.67\n# EOF\n");
    CU_ASSERT_EQUAL(s.t_ms, 1700000000500);
    CU_ASSERT(s.timed);
}

static void test_text_refused(void)
{
    static const char *const bad[] = {
            "1x 5",        "x",
            "x{a=1} 5",    "x{a=\"1} 5",
            "x{a=\"1\"",   "x five",
            "x 1 2 3",     "x{a=\"1\" b=\"2\"} 1",
            "x 0x10",      "x 1 soon",
            "x{=\"1\"} 1", "{\"x\"} 1",
            "x 1e400",     "x{a=\"\xff\"} 1",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct seen s = {0};
        struct err err = {0};

        UNIT_CHECK(
                !imp_exposition(bad[i], strlen(bad[i]), on_sample, &s, &err) &&
                        strcmp(err.where, "line 1") == 0,
                "%s: %s", bad[i], err.msg);
    }
}

/* Read by hand in the file: two sockets, two memories, DCMI, two chassis. */
static void test_map_ceems(void)
{
    struct err err = {0};
    struct seen s = {0};
    struct buf b;

    buf_init(&b, IMP_MAX_EXPOSITION);
    CU_ASSERT_FATAL(imp_metric_map_open(&s.map, &err));
    CU_ASSERT_FATAL(file_read(
            SAMPLES "energy_prometheus/ceems_rapl_ipmi.prom",
            IMP_MAX_EXPOSITION, &b, &err));
    CU_ASSERT(imp_exposition(b.p, b.len, on_sample, &s, &err));
    CU_ASSERT_EQUAL(s.mapped, 7);
    UNIT_CHECK(
            strstr(s.ids, "package ceems_rapl_package_joules_total/0/"
                          "intel-rapl:0=258218293244\n") != NULL &&
                    strstr(s.ids, "dram ceems_rapl_dram_joules_total/1/"
                                  "intel-rapl:1:0=64930394974\n") != NULL &&
                    strstr(s.ids, "node ceems_ipmi_dcmi_current_watts="
                                  "49000000\n") != NULL &&
                    strstr(s.ids, "node ceems_redfish_current_watts/Chassis_2="
                                  "1696000000\n") != NULL,
            "%s", s.ids);
    imp_metric_map_free(s.map);
    buf_clear(&b);
}

static void test_map(void)
{
    static const struct {
        const char *line, *want; /* "": no energy */
    } cases[] = {
            {"kepler_node_cpu_joules_total{zone=\"dram\",path=\"/a/b:0\"} 2",
             "dram kepler_node_cpu_joules_total/b:0=2000000\n"},
            {"kepler_node_cpu_active_joules_total{zone=\"dram\"} 2", ""},
            {"kepler_node_package_joules_total{package=\"1\",mode=\"idle\","
             "source=\"rapl-sysfs\"} 2",
             "package kepler_node_package_joules_total/1=2000000\n"},
            {"kepler_node_dram_joules_total{package=\"0\",mode=\"idle\"} 3",
             "dram kepler_node_dram_joules_total/0=3000000\n"},
            {"kepler_node_platform_joules_total{mode=\"idle\","
             "source=\"acpi\"} 2",
             "node kepler_node_platform_joules_total=2000000\n"},
            {"kepler_node_platform_joules_total{mode=\"idle\","
             "source=\"none\"} 2",
             "estimate kepler_node_platform_joules_total=2000000\n"},
            {"kepler_node_gpu_joules_total{index=\"1\",mode=\"dynamic\"} 2",
             "gpu kepler_node_gpu_joules_total/1=2000000\n"},
            {"kepler_node_gpu_joules_total{gpu=\"0\",uuid=\"GPU-1\"} 2",
             "gpu kepler_node_gpu_joules_total/GPU-1/0=2000000\n"},
            {"scaph_host_energy_microjoules 7",
             "psys scaph_host_energy_microjoules=7\n"},
            {"scaph_domain_power_microwatts{domain_name=\"core\"} 7", ""},
            {"DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu=\"0\",UUID=\"GPU-1\","
             "pod=\"x\"} 5",
             "gpu DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION/GPU-1=5000\n"},
            {"DCGM_FI_DEV_POWER_USAGE{UUID=\"GPU-1\"} 9223372036854775794", ""},
            {"ipmi_power_watts{name=\"PSU1 Power In\"} 101",
             "node ipmi_power_watts=101000000\n"},
            {"ipmi_power_watts{name=\"Disk Power\"} 101", ""},
            {"outletActivePower{outletIndex=\"3\",outletLabel=\"a\"} 1475",
             "outlet outletActivePower/3=1475000000\n"},
            {"outletPower{towerIndex=\"1\",infeedIndex=\"2\",outletIndex=\"3\"}"
             " "
             "690",
             "outlet outletPower/1/2/3=690000000\n"},
            {"st4OutletEnergy{st4UnitName=\"Master\",st4OutletName=\"A7\"} 2",
             "outlet st4OutletEnergy/Master/A7=7200000000\n"},
            {"st4OutletActivePower{st4UnitIndex=\"1\",st4InputCordIndex=\"1\","
             "st4OutletIndex=\"7\"} 40",
             "outlet st4OutletActivePower/1/1/7=40000000\n"},
            {"outletWh{strappingIndex=\"0\",outletIndex=\"2\"} 21931",
             "outlet outletWh/0/2=78951600000000\n"},
            {"outletWh{strappingIndex=\"0\",outletIndex=\"2\"} -1", ""},
            {"outletWatts{strappingIndex=\"0\",outletIndex=\"2\"} 177",
             "outlet outletWatts/0/2=177000000\n"},
            {"lgpPduRcpEntryPwrOut{lgpPduEntryIndex=\"1\","
             "lgpPduRbEntryIndex=\"2\",lgpPduRcpEntryIndex=\"3\"} 60",
             "outlet lgpPduRcpEntryPwrOut/1/2/3=60000000\n"},
            {"tasmota_energy_power_kilowatts_total 1.5",
             "outlet tasmota_energy_power_kilowatts_total=5400000000000\n"},
            {"energy_power_kilowatts_total 1.5",
             "outlet energy_power_kilowatts_total=5400000000000\n"},
            {"shelly_meter_power_current_watts{address=\"192.168.1.2\","
             "channel=\"0\",mac=\"AABBCCDDEEFF\",name=\"x\"} 49.49",
             "outlet shelly_meter_power_current_watts/AABBCCDDEEFF/"
             "0=49490000\n"},
            {"ipmi_power_watts{name=\"Power Meter\"} 101",
             "node ipmi_power_watts/Power Meter=101000000\n"},
            {"node_hwmon_power_average_watt{chip=\"acpi0\",sensor=\"p1\"} 3",
             "node node_hwmon_power_average_watt/acpi0/p1=3000000\n"},
            {"node_hwmon_power_average_watt{chip=\"amdgpu\"} 3", ""},
            {"scaph_host_energy_microjoules NaN", ""},
            {"scaph_host_energy_microjoules -1", ""},
    };
    struct imp_metric_map *map;
    struct err err = {0};

    CU_ASSERT_FATAL(imp_metric_map_open(&map, &err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen s = {.map = map};

        CU_ASSERT(imp_exposition(
                cases[i].line, strlen(cases[i].line), on_sample, &s, &err));
        UNIT_CHECK(
                strcmp(s.ids, cases[i].want) == 0, "%s: %s", cases[i].line,
                s.ids);
    }
    imp_metric_map_free(map);
}

static void test_map_edit(void)
{
    static const char *const bad[] = {
            "",
            "wall counter J",
            "node",
            "node counter W",
            "gpu gauge",
            "node gauge W x",
            "node gauge W by",
            "dram counter J rank 0",
            "node gauge W where a"};
    struct seen s = {0};
    struct err err = {0};
    const char *line = "my_power{x=\"a\",y=\"7\"} 2";
    bool own = false;

    CU_ASSERT_FATAL(imp_metric_map_open(&s.map, &err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        UNIT_CHECK(
                !imp_metric_map_set(s.map, "my_power", bad[i], true, &err),
                "'%s' was taken", bad[i]);
    CU_ASSERT(!imp_metric_map_set(s.map, "5", "node gauge W", true, &err));
    CU_ASSERT(imp_metric_map_set(
            s.map, "my_power",
            "outlet gauge mW by y where x=b; node gauge W by y where x=a|c "
            "rank 2",
            true, &err));
    CU_ASSERT(imp_exposition(line, strlen(line), on_sample, &s, &err));
    CU_ASSERT_STRING_EQUAL(s.ids, "node my_power/7=2000000\n");
    CU_ASSERT(imp_metric_map_set(s.map, "my_power", "off", true, &err));
    CU_ASSERT(imp_exposition(line, strlen(line), on_sample, &s, &err));
    CU_ASSERT_EQUAL(s.mapped, 1);
    CU_ASSERT_STRING_EQUAL(
            imp_metric_map_at(s.map, 0, &own)->metric,
            "DCGM_FI_DEV_POWER_USAGE");
    imp_metric_map_free(s.map);
}

/* ---- answers ------------------------------------------------------------- */

static bool on_series(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct seen *s = ctx;
    const char *a = imp_metric_label(m, "a");

    (void)err;
    s->series++;
    snprintf(s->name, sizeof s->name, "%s", m->name);
    snprintf(s->label, sizeof s->label, "%s", a ? a : "(none)");
    return true;
}

static bool on_point(void *ctx, int64_t t_ms, double value, struct err *err)
{
    struct seen *s = ctx;

    (void)err;
    s->points++;
    s->last_ms = t_ms;
    if (!isnan(value) && !isinf(value))
        s->sum += value;
    return true;
}

/* In pieces of n bytes: what comes out does not depend on them. */
static bool
matrix(struct seen *s, const char *text, size_t len, size_t n, struct err *err)
{
    const struct imp_matrix_to to = {on_series, on_point, s};
    struct imp_matrix *m = imp_matrix_begin(&to);
    bool ok = true;

    memset(s, 0, sizeof *s);
    for (size_t at = 0; ok && at < len; at += n)
        ok = imp_matrix_feed(m, text + at, len - at < n ? len - at : n, err);
    ok = ok && imp_matrix_end(m, err);
    imp_matrix_free(m);
    return ok;
}

static const char answer[] =
        "{\"status\":\"success\",\"warnings\":[\"a]}\"],\"data\":{"
        "\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"x\","
        "\"a\":\"caf\\u00e9 \\ud83d\\ude00\"},\"values\":[[1700000000,\"1.5\"],"
        "[1700000000.123,\"NaN\"],[1700000060,\"2e3\"]]},{\"metric\":{},"
        "\"values\":[]},{\"metric\":{\"a\":\"\"},\"value\":[1,\"+Inf\"]}]}}\n";

static void test_matrix(void)
{
    struct err err = {0};
    struct seen s;
    struct buf b;

    for (size_t n = 1; n < 40; n += 3) {
        UNIT_CHECK(
                matrix(&s, answer, strlen(answer), n, &err), "%zu: %s", n,
                err.msg);
        CU_ASSERT_EQUAL(s.series, 3);
        CU_ASSERT_EQUAL(s.points, 4);
        CU_ASSERT_EQUAL(s.sum, 2001.5);
        CU_ASSERT_EQUAL(s.last_ms, 1000);
    }
    /* The file is a log engine's answer of the same shape: three of one. */
    buf_init(&b, 100000);
    CU_ASSERT_FATAL(file_read(
            SAMPLES "energy_prom_http/query_range_matrix.json", 100000, &b,
            &err));
    UNIT_CHECK(matrix(&s, b.p, b.len, 7, &err), "%s", err.msg);
    CU_ASSERT_EQUAL(s.series, 3);
    CU_ASSERT_EQUAL(s.points, 3);
    CU_ASSERT_EQUAL(s.last_ms, 1762943400000);
    buf_clear(&b);
}

static void test_matrix_refused(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
            {"", "cut short"},
            {"{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\","
             "\"result\":[",
             "cut short"},
            {"{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":"
             "\"exceeded maximum resolution of 11,000 points\"}",
             "bad_data: exceeded maximum"},
            {"{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\","
             "\"result\":[1,\"2\"]}}",
             "type 'scalar'"},
            {"{\"status\":\"success\"}", "data.result"},
            {"[1,2]", "success"},
            {"<html>", "not JSON"},
            {"{\"status\":\"success\",}", "out of place"},
            {"{\"data\":{\"result\":[{\"metric\":{},\"values\":[[1]]}]}}",
             "without its time"},
            {"{\"data\":{\"result\":[{\"metric\":{},\"values\":[[1,\"x\"]]}]}}",
             "no number"},
            {"{\"data\":{\"result\":[{\"values\":[[1,\"1\"]],\"metric\":"
             "{\"a\":\"b\"}}]}}",
             "labels after values"},
            {"{\"a\":\"\\ud800x\"}", "half a character"},
            {"{\"a\"]", "out of place"},
            {"{\"a\":1]", "do not match"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct seen s;

        UNIT_CHECK(
                !matrix(&s, cases[i].text, strlen(cases[i].text), 5, &err) &&
                        strstr(err.msg, cases[i].words),
                "%s: %s", cases[i].text, err.msg);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"text", test_text},
            {"bad text", test_text_refused},
            {"map: a file of CEEMS", test_map_ceems},
            {"map: series by series", test_map},
            {"map: edits", test_map_edit},
            {"answers in pieces", test_matrix},
            {"bad answers", test_matrix_refused},
            {NULL, NULL},
    };

    return unit_main("importers: metrics", tests);
}
