/* SPDX-License-Identifier: Apache-2.0
 * OTLP/HTTP in JSON: which metrics count, in which unit and scope, and that the
 * same point has the same run and number however it is sent again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importers/feed.h"
#include "unit.h"

#define HOST                                                                   \
    "\"resource\":{\"attributes\":[{\"key\":\"host.name\",\"value\":{"         \
    "\"stringValue\":\"n1\"}},{\"key\":\"os\",\"value\":{\"intValue\":\"5\"}}" \
    "]}"
#define BODY(metrics)                                                          \
    "{\"resourceMetrics\":[{" HOST ",\"scopeMetrics\":[{\"metrics\":[" metrics \
    "]}]}]}"
#define POINT(time, value)                                                     \
    "{\"timeUnixNano\":\"" time "\",\"startTimeUnixNano\":"                    \
    "\"1795233000000000000\"," value "}"
#define OF(type, id)                                                           \
    "\"attributes\":[{\"key\":\"hw.type\",\"value\":{\"stringValue\":\"" type  \
    "\"}},{\"key\":\"hw.id\",\"value\":{\"stringValue\":\"" id "\"}}]"
#define SUM(name, unit, order, points)                                         \
    "{\"name\":\"" name "\",\"unit\":\"" unit "\",\"sum\":{"                   \
    "\"isMonotonic\":true,\"aggregationTemporality\":" order                   \
    ",\"dataPoints\":[" points "]}}"
#define GAUGE(name, unit, points)                                              \
    "{\"name\":\"" name "\",\"unit\":\"" unit                                  \
    "\",\"gauge\":{\"dataPoints\":[" points "]}}"
#define T1 "1795233600000000000"
#define T2 "1795233610000000000"

static struct imp_feed feed;

static bool parse(const char *text, struct err *err)
{
    *err = (struct err){0};
    return imp_feed_otlp(text, strlen(text), &feed, err);
}

static size_t samples(void)
{
    size_t n = 0;

    for (size_t i = 0; i < feed.n_batches; i++)
        n += feed.batches[i].n_samples;
    return n;
}

static void test_values(void)
{
    const struct wire_batch *b;
    struct err err;

    CU_ASSERT_FATAL(parse(
            BODY(SUM(
                    "hw.energy", "J", "2",
                    POINT(T1, "\"asInt\":\"9007199254741\"," OF("cpu", "0")) "," POINT(
                            T2,
                            "\"asDouble\":0.1," OF(
                                    "gpu",
                                    "a"))) "," SUM("other", "1", "2", POINT(T1, "\"asInt\":\"1\""))),
            &err));
    CU_ASSERT_STRING_EQUAL(feed.node, "n1");
    CU_ASSERT_EQUAL_FATAL(feed.n_batches, 1); /* of one process */
    b = feed.batches;
    CU_ASSERT_EQUAL_FATAL(b->n_meters, 2);
    CU_ASSERT_STRING_EQUAL(b->meters[0].id, "hw.energy/cpu/0");
    CU_ASSERT_EQUAL(b->meters[0].scope, WIRE_PACKAGE);
    CU_ASSERT_EQUAL(b->meters[0].kind, WIRE_COUNTER);
    CU_ASSERT_STRING_EQUAL(b->meters[1].id, "hw.energy/gpu/a");
    CU_ASSERT_EQUAL(b->meters[1].scope, WIRE_GPU);
    CU_ASSERT_STRING_EQUAL(b->boot, "1795233000000000000");
    CU_ASSERT_EQUAL_FATAL(b->n_samples, 2);
    CU_ASSERT_EQUAL(b->samples[0].value, 9007199254741000000);
    CU_ASSERT_EQUAL(b->samples[1].value, 100000);
    CU_ASSERT_EQUAL(b->samples[1].t_ns, 1795233610000000000);
    CU_ASSERT(b->samples[0].seq < b->samples[1].seq); /* as time goes */
    CU_ASSERT_EQUAL(b->samples[1].meter, 1);
    CU_ASSERT_EQUAL(feed.refused, 0);
}

/* A host wins over its parts; energy over power of the same. */
static void test_host_wins(void)
{
    static const struct {
        const char *body, *id;
        enum wire_scope scope;
        enum wire_meter_kind kind;
    } cases[] = {
            {BODY(SUM("hw.energy", "J", "2", POINT(T1, "\"asInt\":\"1\"," OF("cpu", "0"))) "," GAUGE(
                     "hw.host.power", "W", POINT(T1, "\"asDouble\":5"))),
             "hw.host.power", WIRE_NODE, WIRE_GAUGE},
            {BODY(GAUGE("hw.host.power", "W", POINT(T1, "\"asDouble\":5")) "," SUM(
                     "hw.host.energy", "J", "2", POINT(T1, "\"asInt\":5"))),
             "hw.host.energy", WIRE_NODE, WIRE_COUNTER},
            {BODY(GAUGE("hw.power", "W", POINT(T1, "\"asDouble\":5," OF("gpu", "0"))) "," SUM(
                     "hw.energy", "J", "1",
                     POINT(T1, "\"asInt\":5," OF("memory", "0")))),
             "hw.energy/memory/0", WIRE_DRAM, WIRE_INTERVAL},
    };
    struct err err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct wire_meter *m;

        CU_ASSERT_FATAL(parse(cases[i].body, &err));
        CU_ASSERT_EQUAL_FATAL(samples(), 1);
        m = feed.batches->meters;
        UNIT_CHECK(
                !strcmp(m->id, cases[i].id) && m->scope == cases[i].scope &&
                        m->kind == cases[i].kind,
                "%s instead of %s", m->id, cases[i].id);
    }
    /* The interval is the point's own. */
    CU_ASSERT_EQUAL(feed.batches->samples->from_ns, 1795233000000000000);
    CU_ASSERT_EQUAL(feed.batches->samples->value, 5000000);
}

/* The same point alone, in another order of attributes, and with others. */
static void test_redelivery(void)
{
    static const char *const bodies[] = {
            BODY(
                    SUM("hw.energy", "J", "2",
                        POINT(T1, "\"asInt\":\"7\"," OF("cpu", "0")))),
            BODY(
                    SUM("hw.energy", "J", "2",
                        POINT(T2, "\"asInt\":\"9\"," OF("cpu", "1")) "," POINT(
                                T1, "\"asInt\":\"7\"," OF("cpu", "0")))),
            "{\"resourceMetrics\":[{\"resource\":{\"attributes\":["
            "{\"key\":\"os\",\"value\":{\"intValue\":\"5\"}},"
            "{\"key\":\"host.name\",\"value\":{\"stringValue\":\"n1\"}}]},"
            "\"scopeMetrics\":[{\"metrics\":[" SUM(
                    "hw.energy", "J", "2",
                    POINT(T1, "\"asInt\":\"7\"," OF("cpu", "0"))) "]}]}]}",
    };
    char run[40] = "";
    uint64_t seq = 0;
    struct err err;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct wire_batch *b;
        const struct wire_sample *s;

        CU_ASSERT_FATAL(parse(bodies[i], &err));
        b = feed.batches;
        s = &b->samples[b->n_samples - 1];
        if (i == 0) {
            snprintf(run, sizeof run, "%s", b->run);
            seq = s->seq;
        }
        UNIT_CHECK(
                !strcmp(run, b->run) && s->seq == seq && s->value == 7000000,
                "body %zu: run %s number %llu", i, b->run,
                (unsigned long long)s->seq);
    }
    /* Another start is another run and another boot. */
    CU_ASSERT_FATAL(parse(
            BODY(SUM(
                    "hw.energy", "J", "2",
                    "{\"timeUnixNano\":\"" T1 "\",\"startTimeUnixNano\":\"" T1
                    "\",\"asInt\":\"7\"," OF("cpu", "0") "}")),
            &err));
    CU_ASSERT(strcmp(run, feed.batches->run) != 0);
    CU_ASSERT_STRING_EQUAL(feed.batches->boot, T1);
}

static void test_refused(void)
{
    static const char *const bodies[] = {
            BODY(SUM("hw.energy", "BTU", "2", POINT(T1, "\"asInt\":\"1\""))),
            BODY(SUM("hw.energy", "W", "2", POINT(T1, "\"asInt\":\"1\""))),
            BODY(SUM("hw.energy", "J", "0", POINT(T1, "\"asInt\":\"1\""))),
            BODY(GAUGE("hw.energy", "J", POINT(T1, "\"asInt\":\"1\""))),
            BODY(SUM("hw.power", "W", "2", POINT(T1, "\"asInt\":\"1\""))),
            BODY(SUM("hw.energy", "J", "2", POINT(T1, "\"asInt\":\"-1\""))),
            BODY(SUM("hw.energy", "J", "2", POINT(T1, "\"asDouble\":\"NaN\""))),
            BODY(
                    SUM("hw.energy", "J", "2",
                        POINT(T1, "\"asInt\":9007199254740993"))),
            BODY(SUM("hw.energy", "J", "2", POINT("x", "\"asInt\":\"1\""))),
            BODY(
                    SUM("hw.energy", "J", "1",
                        POINT("1795233000000000000", "\"asInt\":\"1\""))),
            BODY(SUM("hw.energy", "J", "2", "5")),
    };
    struct err err;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CU_ASSERT_FATAL(parse(bodies[i], &err));
        UNIT_CHECK(
                samples() == 0 && feed.refused == 1 && feed.n_told == 1,
                "%s: %zu taken", bodies[i], samples());
    }
    CU_ASSERT(!parse("[]", &err) && err.code == ERR_INVALID);
    CU_ASSERT(!parse("{\"resourceMetrics\":5}", &err));
    CU_ASSERT(!parse("{\"resourceMetrics\":[", &err));
    CU_ASSERT(parse("{}", &err) && feed.n_batches == 0);
    CU_ASSERT(!parse(
            "{\"resourceMetrics\":[{" HOST
            "},{\"resource\":{\"attributes\":[{\"key\":\"host.name\",\"value\":"
            "{\"stringValue\":\"n2\"}}]}}]}",
            &err));
    CU_ASSERT_EQUAL(err.code, ERR_DENIED);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"values", test_values},
            {"a host wins over its parts", test_host_wins},
            {"sent again", test_redelivery},
            {"refused", test_refused},
            {NULL, NULL},
    };
    int status = unit_main("importers: otlp", tests);

    imp_feed_clear(&feed);
    return status;
}
