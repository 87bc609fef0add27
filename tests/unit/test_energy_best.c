/* SPDX-License-Identifier: Apache-2.0
 * Which series stand for the meters of one source [docs/formats.md]. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "energy/pull_priv.h"
#include "unit.h"

enum { MOST = 12 };

struct seen {
    struct imp_metric_map *map;
    struct ep_candidate items[MOST];
    char ids[MOST][WIRE_MAX_METER_ID + 1];
    char by[MOST][WIRE_MAX_METER_ID + 1];
    size_t n;
};

static bool on_sample(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct seen *s = ctx;
    const struct imp_rule *r = imp_metric_rule(s->map, m);
    int64_t micro;

    (void)err;
    CU_ASSERT_FATAL(s->n < MOST);
    if (!r || !imp_metric_micro(r, m->value, &micro))
        return true;
    imp_metric_id(r, m, s->ids[s->n]);
    imp_metric_by(r, m, s->by[s->n]);
    s->items[s->n].rule = r;
    s->items[s->n].by = s->by[s->n];
    s->n++;
    return true;
}

/* What is left of an exposition, one id a line. */
static void left(const char *text, char *dst, size_t size)
{
    struct seen *s = xcalloc(1, sizeof *s);
    struct err err = {0};
    size_t at = 0;

    dst[0] = '\0';
    CU_ASSERT_FATAL(imp_metric_map_open(&s->map, &err));
    CU_ASSERT_FATAL(imp_exposition(text, strlen(text), on_sample, s, &err));
    ep_best(s->items, s->n);
    for (size_t i = 0; i < s->n; i++)
        if (!s->items[i].out)
            at += (size_t)snprintf(dst + at, size - at, "%s\n", s->ids[i]);
    imp_metric_map_free(s->map);
    free(s);
}

#define ENERGY "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"
#define POWER "DCGM_FI_DEV_POWER_USAGE"
#define BLANK "9223372036854775794"
#define POWERS POWER "{UUID=\"GPU-a\"} 100\n" POWER "{UUID=\"GPU-b\"} 90\n"

static void test_best(void)
{
    static const struct {
        const char *what, *text, *want;
    } cases[] = {
            {"a card without a counter by its power",
             ENERGY "{UUID=\"GPU-a\"} 5\n" ENERGY "{UUID=\"GPU-b\"} " BLANK
                    "\n" POWERS,
             ENERGY "/GPU-a\n" POWER "/GPU-b\n"},
            {"two counters",
             ENERGY "{UUID=\"GPU-a\"} 5\n" ENERGY "{UUID=\"GPU-b\"} 6\n" POWERS,
             ENERGY "/GPU-a\n" ENERGY "/GPU-b\n"},
            {"no counter", POWERS, POWER "/GPU-a\n" POWER "/GPU-b\n"},
            {"DCGM's counters before Kepler's of the same cards",
             ENERGY "{UUID=\"GPU-a\"} 5\n"
                    "kepler_node_gpu_joules_total{gpu_uuid=\"GPU-a\"} 1\n"
                    "kepler_node_gpu_joules_total{gpu_uuid=\"GPU-b\"} 1\n",
             ENERGY "/GPU-a\n"},
            {"Kepler's cards and their powers by DCGM",
             POWERS "kepler_node_gpu_joules_total{gpu_uuid=\"GPU-a\"} 1\n",
             "kepler_node_gpu_joules_total/GPU-a\n"},
            {"the whole node's cards of an older Kepler and DCGM's",
             POWERS "kepler_node_gpu_joules_total{mode=\"idle\"} 1\n"
                    "kepler_node_gpu_joules_total{mode=\"dynamic\"} 2\n",
             POWER "/GPU-a\n" POWER "/GPU-b\n"},
            {"sockets by two programs",
             "node_rapl_package_joules_total{index=\"0\",path=\"/s/r:0\"} 1\n"
             "ceems_rapl_package_joules_total{index=\"0\",path=\"/s/r:0\"} 1\n"
             "kepler_node_cpu_joules_total{zone=\"package\",path=\"/s/r:0\"} "
             "1\n",
             "node_rapl_package_joules_total/0/r:0\n"},
            {"sockets by two more",
             "scaph_socket_power_microwatts{socket_id=\"0\"} 1\n"
             "kepler_node_package_joules_total{package=\"0\"} 1\n",
             "kepler_node_package_joules_total/0\n"},
            {"scopes are each for themselves",
             "node_rapl_package_joules_total{index=\"0\",path=\"r:0\"} 1\n"
             "kepler_node_cpu_joules_total{zone=\"dram\",path=\"r:0:0\"} 1\n",
             "node_rapl_package_joules_total/0/r:0\n"
             "kepler_node_cpu_joules_total/r:0:0\n"},
            {"DCMI before the supplies",
             "ipmi_dcmi_power_consumption_watts 200\n"
             "ipmi_power_watts{name=\"PS1\"} 100\n",
             "ipmi_dcmi_power_consumption_watts\n"},
            {"a total before the supplies",
             "ipmi_power_watts{name=\"PS1\"} 100\n"
             "ipmi_power_watts{name=\"Total Power\"} 100\n",
             "ipmi_power_watts/Total Power\n"},
    };
    char got[2000];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        left(cases[i].text, got, sizeof got);
        UNIT_CHECK(
                strcmp(got, cases[i].want) == 0, "%s:\n%s", cases[i].what, got);
    }
}

/* Ids that are too long to be told apart are compared by a hash; it must not
 * hold the metric's name. */
static void test_long(void)
{
    char uuid[400], text[1000], got[2000];

    memset(uuid, 'u', sizeof uuid - 1);
    uuid[sizeof uuid - 1] = '\0';
    snprintf(
            text, sizeof text,
            ENERGY "{UUID=\"%s\"} 5\n" POWER "{UUID=\"%s\"} 90\n", uuid, uuid);
    left(text, got, sizeof got);
    UNIT_CHECK(
            strstr(got, ENERGY) != NULL && strstr(got, POWER) == NULL, "%s",
            got);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"each meter by its best series", test_best},
            {"long labels", test_long},
            {NULL, NULL},
    };

    return unit_main("energy: the best of several series", tests);
}
