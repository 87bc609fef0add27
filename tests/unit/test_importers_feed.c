/* SPDX-License-Identifier: Apache-2.0
 * Bodies of the energy feed: amounts exact, bad rows refused alone, bad bodies
 * refused whole with their place, limits at their edges. Expected amounts are
 * worked out by hand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/buf.h"
#include "importers/feed.h"
#include "unit.h"

#define HEAD "{\"run\":\"r1\",\"meters\":["
#define COUNTER                                                                \
    "{\"id\":\"c\",\"scope\":\"package\",\"kind\":\"counter\",\"unit\":"       \
    "\"uJ\"}"
#define GAUGE                                                                  \
    "{\"id\":\"g\",\"scope\":\"node\",\"kind\":\"gauge\",\"unit\":\"W\"}"
#define INTERVAL                                                               \
    "{\"id\":\"i\",\"scope\":\"outlet\",\"kind\":\"interval\",\"unit\":"       \
    "\"kWh\"}"
#define ALL HEAD COUNTER "," GAUGE "," INTERVAL "],\"samples\":["

static struct imp_feed feed;

static bool parse(const char *text, struct err *err)
{
    *err = (struct err){0};
    return imp_feed_json(text, strlen(text), &feed, err);
}

/* ---- amounts ---------------------------------------------------------------
 */

static const struct {
    const char *text;
    int64_t micro;
    int64_t want; /* -1: refused */
    const char *why;
} amounts[] = {
        {"0", 1, 0, NULL},
        {"-0", 1000000, 0, NULL},
        {"0e999", 1, 0, NULL},
        {"1", 1, 1, NULL},
        {"231.5", 1000000, 231500000, NULL},
        {"1.25e3", 1000000, 1250000000, NULL},
        {"125E-2", 1000, 1250, NULL},
        {"0.1", 1000000, 100000, NULL},
        {"0.0000005", 1000000, 0, NULL}, /* half to even: 0 */
        {"0.0000015", 1000000, 2, NULL}, /* 1.5 */
        {"0.0000025", 1000000, 2, NULL}, /* 2.5 */
        {"0.00000250000000001", 1000000, 3, NULL},
        {"9007199254740992", 1, 9007199254740992, NULL}, /* 2^53 */
        {"9007199254740993", 1, 9007199254740993, NULL}, /* no double */
        {"9223372036854775807", 1, INT64_MAX, NULL},     /* 2^63 - 1 */
        {"9223372036854775808", 1, -1, "the value is too large"},
        {"9223372036854.775807", 1000000, INT64_MAX, NULL},
        {"9223372036854.7758074", 1000000, INT64_MAX, NULL},
        {"9223372036854.7758075", 1000000, -1, "the value is too large"},
        {"2562047.788015215", 3600000000000, 9223372036854774000, NULL},
        {"2562047.788015216", 3600000000000, -1, "the value is too large"},
        {"1234567890.123456789012345", 1000000, 1234567890123457, NULL},
        {"1234567890.1234567890123456", 1000000, -1, "more than 25 digits"},
        {"0.00000000000000000000000000000000000000000000000001", 1000000, 0,
         NULL},
        {"1e-400", 1000000, 0, NULL},
        {"1e400", 1, -1, "the value is too large"},
        {"1e99999999999999999999", 1, -1, "the value is too large"},
        {"0.00000000000000000001e20", 1, 1, NULL},
        {"-1", 1, -1, "the value is negative"},
        {"-0.0000001", 1000000, -1, "the value is negative"},
        {"", 1, -1, "the value is not a number"},
        {"NaN", 1, -1, "the value is not a number"},
        {"+1", 1, -1, "the value is not a number"},
        {"01", 1, -1, "the value is not a number"},
        {".5", 1, -1, "the value is not a number"},
        {"5.", 1, -1, "the value is not a number"},
        {"1e", 1, -1, "the value is not a number"},
        {"0x10", 1, -1, "the value is not a number"},
        {"1 ", 1, -1, "the value is not a number"},
        {"1,5", 1, -1, "the value is not a number"},
};

static void test_amounts(void)
{
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        int64_t got = -1;
        const char *why = imp_feed_amount(
                amounts[i].text, strlen(amounts[i].text), amounts[i].micro,
                &got);

        if (amounts[i].why)
            UNIT_CHECK(
                    why && !strcmp(why, amounts[i].why), "'%s': %s",
                    amounts[i].text, why ? why : "taken");
        else
            UNIT_CHECK(
                    !why && got == amounts[i].want, "'%s': %lld %s",
                    amounts[i].text, (long long)got, why ? why : "");
    }
}

/* ---- a whole batch ----------------------------------------------------------
 */

static void test_batch(void)
{
    static const char text[] =
            " {\"samples\" : [ [1, 1795233600000000000, 0, "
            "\"81234567890123\"],\n[2,\"1795233600000000001\",1,231.5],"
            "[3,1795233600000000002,2,0.058,1795232700000000000] ], \"boot\":"
            " \"b\\u00e9\", \"agent\":\"a/1\", \"new\":{\"x\":[[1,{}]]},"
            "\"run\":\"samples\",\"node\":\"n1\",\"missing\":[{\"id\":\"d\","
            "\"reason\":\"no permission\"}],\"meters\":["
            "{\"id\":\"c\",\"scope\":\"package\",\"kind\":\"counter\","
            "\"unit\":\"mJ\",\"range\":\"262143328850\",\"max_w\":null},"
            "{\"modelled\":true,\"id\":\"g\",\"scope\":\"estimate\",\"kind\":"
            "\"gauge\",\"unit\":\"W\",\"max_w\":800.5}," INTERVAL "]}";
    const struct wire_batch *b;
    struct err err;

    UNIT_CHECK(parse(text, &err), "%s: %s", err.where, err.msg);
    CU_ASSERT_EQUAL_FATAL(feed.n_batches, 1);
    b = feed.batches;
    CU_ASSERT_STRING_EQUAL(b->run, "samples");
    CU_ASSERT_STRING_EQUAL(b->boot, "b\xc3\xa9");
    CU_ASSERT_STRING_EQUAL(b->agent, "a/1");
    CU_ASSERT_STRING_EQUAL(feed.node, "n1");
    CU_ASSERT_EQUAL_FATAL(b->n_meters, 3);
    CU_ASSERT_EQUAL(b->meters[0].range_uj, 262143328850000);
    CU_ASSERT(isnan(b->meters[0].max_w) && !b->meters[0].modelled);
    CU_ASSERT_EQUAL(b->meters[1].range_uj, -1);
    CU_ASSERT(b->meters[1].modelled && b->meters[1].scope == WIRE_ESTIMATE);
    UNIT_NEAR(b->meters[1].max_w, 800.5, 0, "max_w");
    CU_ASSERT_EQUAL_FATAL(b->n_samples, 3);
    CU_ASSERT_EQUAL(b->samples[0].value, 81234567890123000);
    CU_ASSERT_EQUAL(b->samples[0].t_ns, 1795233600000000000);
    CU_ASSERT_EQUAL(b->samples[1].t_ns, 1795233600000000001);
    CU_ASSERT_EQUAL(b->samples[1].value, 231500000);
    CU_ASSERT_EQUAL(b->samples[2].value, 208800000000); /* 0.058 * 3.6e12 */
    CU_ASSERT_EQUAL(b->samples[2].from_ns, 1795232700000000000);
    CU_ASSERT_EQUAL(b->samples[2].seq, 3);
    CU_ASSERT_EQUAL(b->samples[2].meter, 2);
    CU_ASSERT_EQUAL_FATAL(b->n_missing, 1);
    CU_ASSERT_STRING_EQUAL(b->missing[0].reason, "no permission");
    CU_ASSERT_EQUAL(feed.refused, 0);
}

/* Each bad row stands between two good ones, which are taken. */
static void test_bad_rows(void)
{
    static const struct {
        const char *row;
        uint64_t seq;
        const char *why;
    } cases[] = {
            {"[7,1,0,NaN]", 7, "the value is not a number"},
            {"[7,1,0,-Infinity]", 7, "the value is not a number"},
            {"[7,1,0,null]", 7, "the value is not a number"},
            {"[7,1,0,true]", 7, "the value is not a number"},
            {"[7,1,0,\"\"]", 7, "the value is not a number"},
            {"[7,1,0,\"NaN\"]", 7, "the value is not a number"},
            {"[7,1,0,\"1 J\"]", 7, "the value is not a number"},
            {"[7,1,0,-1]", 7, "the value is negative"},
            {"[7,1,0,9223372036854775808]", 7, "the value is too large"},
            {"[7,1,0,1e30]", 7, "the value is too large"},
            {"[7,1,3,1]", 7, "no meter of that number"},
            {"[7,1,-1,1]", 7, "no meter of that number"},
            {"[7,1,0.5,1]", 7, "no meter of that number"},
            {"[7,1,null,1]", 7, "no meter of that number"},
            {"[7,0,0,1]", 7, "the time is out of range"},
            {"[7,-5,0,1]", 7, "the time is out of range"},
            {"[7,1.5,0,1]", 7, "the time is out of range"},
            {"[7,9223372036854775807,0,1]", 7, "the time is out of range"},
            {"[0,1,0,1]", 0, "no sequence number from 1"},
            {"[-7,1,0,1]", 0, "no sequence number from 1"},
            {"[7.5,1,0,1]", 0, "no sequence number from 1"},
            {"[\"x\",1,0,1]", 0, "no sequence number from 1"},
            {"[9223372036854775808,1,0,1]", 0, "no sequence number from 1"},
            {"[7,10,0,1,5]", 7, "only an interval has a start"},
            {"[7,10,2,1]", 7, "an interval needs its start before its end"},
            {"[7,10,2,1,10]", 7, "an interval needs its start before its end"},
            {"[7,10,2,1,null]", 7,
             "an interval needs its start before its end"},
    };
    char text[1000];
    struct err err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(
                text, sizeof text, ALL "[1,1,0,1],%s,[2,2,0,2]]}",
                cases[i].row);
        UNIT_CHECK(
                parse(text, &err), "%s: %s: %s", cases[i].row, err.where,
                err.msg);
        UNIT_CHECK(
                feed.refused == 1 && feed.n_told == 1 &&
                        feed.batches->n_samples == 2 &&
                        feed.batches->samples[1].seq == 2 &&
                        feed.told[0].seq == cases[i].seq &&
                        !strcmp(feed.told[0].reason, cases[i].why),
                "%s: %s", cases[i].row,
                feed.n_told ? feed.told[0].reason : "taken");
    }
    /* The edges that are good. */
    CU_ASSERT(
            parse(ALL "[9223372036854775807,7289654400000000000,0,"
                      "9223372036854775807],[1e2,1,2,\"1\",\"0.1e1\"]]}",
                  &err));
    CU_ASSERT_EQUAL(feed.refused, 1); /* 1 is not before 1 */
    CU_ASSERT_EQUAL(feed.batches->samples[0].seq, INT64_MAX);
    CU_ASSERT_EQUAL(feed.batches->samples[0].value, INT64_MAX);
    CU_ASSERT_EQUAL(feed.told[0].seq, 100);
}

static void test_bad_bodies(void)
{
    static const struct {
        const char *text, *where, *msg;
    } cases[] = {
            {"", "line 1, column 1", "the text ends early"},
            {"[]", "", "no object"},
            {"{}", "", "no 'samples'"},
            {"{\"samples\":[]}", "", "no 'run'"},
            {"{\"samples\":{}}", "", "no 'samples'"},
            {"{\"samples\":[],\"run\":\"\"}", "", "1 to 64"},
            {"{\"samples\":[],\"run\":5}", "", "run"},
            {"{\"samples\":[],\"run\":\"r\"}", "", "no 'meters'"},
            {"{\"samples\":[],\"samples\":[],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 15", "samples"},
            {ALL "[1,1,0,1]", "line 1, column", "ends early"},
            {ALL "[1,1,0,1", "line 1, column", "ends early"},
            {ALL "[1,1,0,\"1", "line 1, column", "ends early"},
            {ALL "[1,1,0,1]]", "line 1, column", ""},
            {"{\"samples\":[\n[1,1,0,1],\n 5],\"run\":\"r\",\"meters\":[]}",
             "line 3, column 2", "expected a sample"},
            {"{\"samples\":[\n[1,1,0]],\"run\":\"r\",\"meters\":[]}",
             "line 2, column 7", "fewer than 4"},
            {"{\"samples\":[[1,1,0,1,1,1]],\"run\":\"r\",\"meters\":[]}",
             "line 1, column", "more than 5"},
            {"{\"samples\":[[1,1,0,1],],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 23", "expected a sample"},
            {"{\"samples\":[[1,1,0,1}],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 21", "no ','"},
            {"{\"samples\":[[1,1,0,01]],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 20", "no number"},
            {"{\"samples\":[[1,1,0,[1]]],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 20", "no number"},
            {"{\"samples\":[[1,1,0,\"a\\nb\"]],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 22", "no number"},
            {"{\"samples\":[[1,1,0,1] [2,1,0,1]],\"run\":\"r\",\"meters\":[]}",
             "line 1, column 23", "after a sample"},
            {"{\"samples\":[\n],\n\"run\":\"r\",,\"meters\":[]}",
             "line 3, column 11", "no key"},
            {"{\"samples\":[],\"run\":\"\xff\",\"meters\":[]}",
             "line 1, column 22", "UTF-8"},
            {"{\"samples\":[],\"run\":\"a\\u0000\",\"meters\":[]}",
             "line 1, column", "NUL"},
            {"{\"samples\":[],\"run\":\"a\\u0001\",\"meters\":[]}", "",
             "control"},
            {HEAD "5],\"samples\":[]}", "meters[0]", "no object"},
            {HEAD COUNTER "," COUNTER "],\"samples\":[]}", "meters[1]",
             "meters[0]"},
            {HEAD "{\"id\":\"c\",\"scope\":\"rack\",\"kind\":\"counter\","
                  "\"unit\":\"uJ\"}],\"samples\":[]}",
             "meters[0]", "no scope 'rack'"},
            {HEAD "{\"id\":\"c\",\"scope\":\"node\",\"kind\":\"counter\","
                  "\"unit\":\"W\"}],\"samples\":[]}",
             "meters[0]", "a counter in 'W'"},
            {HEAD "{\"id\":\"c\",\"scope\":\"node\",\"kind\":\"gauge\","
                  "\"unit\":\"J\"}],\"samples\":[]}",
             "meters[0]", "a gauge in 'J'"},
            {HEAD "{\"id\":\"c\",\"scope\":\"node\",\"kind\":\"gauge\"}],"
                  "\"samples\":[]}",
             "meters[0]", "no 'unit'"},
            {HEAD "{\"id\":\"c\",\"scope\":\"node\",\"kind\":\"gauge\","
                  "\"unit\":\"W\",\"max_w\":0}],\"samples\":[]}",
             "meters[0]", "max_w"},
            {HEAD "{\"id\":\"c\",\"scope\":\"node\",\"kind\":\"counter\","
                  "\"unit\":\"J\",\"range\":9007199254740992}],\"samples\":[]}",
             "meters[0]", "written as text"},
            {HEAD "{\"id\":\"c\",\"scope\":\"node\",\"kind\":\"counter\","
                  "\"unit\":\"J\",\"range\":\"0\"}],\"samples\":[]}",
             "meters[0]", "range"},
            {HEAD "],\"samples\":[],\"missing\":[{\"id\":\"x\"}]}",
             "missing[0]", "no 'reason'"},
    };
    struct err err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        UNIT_CHECK(!parse(cases[i].text, &err), "taken: %s", cases[i].text);
        UNIT_CHECK(
                err.code == ERR_INVALID && strstr(err.msg, cases[i].msg) &&
                        !strncmp(
                                err.where, cases[i].where,
                                strlen(cases[i].where)),
                "%s: code %d, '%s: %s'", cases[i].text, err.code, err.where,
                err.msg);
        CU_ASSERT_EQUAL(feed.n_batches, 0);
    }
    /* A NUL inside. */
    err = (struct err){0};
    CU_ASSERT(!imp_feed_json("{\"samples\":[\0]}", 15, &feed, &err));
    CU_ASSERT_EQUAL(err.code, ERR_INVALID);
}

/* ---- limits at limit - 1, limit, limit + 1 ----------------------------------
 */

static void rows(struct buf *b, size_t n, const char *value)
{
    for (size_t i = 1; i <= n; i++)
        buf_printf(b, "%s[%zu,%zu,0,%s]", i > 1 ? "," : "", i, i, value);
}

static void test_sample_limit(void)
{
    struct err err;
    struct buf b;

    for (int bad = 0; bad < 2; bad++)
        for (size_t n = WIRE_MAX_SAMPLES - 1; n <= WIRE_MAX_SAMPLES + 1; n++) {
            bool ok;

            buf_init(&b, 4 << 20);
            buf_str(&b, ALL);
            rows(&b, n, bad ? "-1" : "1");
            buf_str(&b, "]}");
            ok = parse(buf_text(&b), &err);
            UNIT_CHECK(
                    ok == (n <= WIRE_MAX_SAMPLES) &&
                            (ok || err.code == ERR_LIMIT),
                    "%zu samples", n);
            if (ok && bad)
                CU_ASSERT(feed.refused == n && feed.n_told == IMP_FEED_TOLD);
            if (ok && !bad)
                CU_ASSERT_EQUAL(feed.batches->n_samples, n);
            buf_clear(&b);
        }
}

static void test_meter_limit(void)
{
    struct err err;
    struct buf b;

    for (size_t n = WIRE_MAX_METERS - 1; n <= WIRE_MAX_METERS + 1; n++) {
        bool ok;

        buf_init(&b, 1 << 20);
        buf_str(&b, HEAD);
        for (size_t i = 0; i < n; i++)
            buf_printf(
                    &b,
                    "%s{\"id\":\"m%zu\",\"scope\":\"gpu\",\"kind\":\"gauge\","
                    "\"unit\":\"mW\"}",
                    i ? "," : "", i);
        buf_str(&b, "],\"samples\":[[1,1,255,1]]}");
        ok = parse(buf_text(&b), &err);
        UNIT_CHECK(
                ok == (n <= WIRE_MAX_METERS) && (ok || err.code == ERR_LIMIT),
                "%zu meters: %s", n, err.msg);
        if (ok)
            CU_ASSERT_EQUAL(feed.refused, n == WIRE_MAX_METERS ? 0 : 1);
        buf_clear(&b);
    }
}

/* Lengths of texts, of the whole, and of what is not samples. */
static void test_length_limits(void)
{
    char text[600], run[80];
    struct err err;
    struct buf b;

    for (int n = WIRE_MAX_RUN - 1; n <= WIRE_MAX_RUN + 1; n++) {
        memset(run, 'x', (size_t)n);
        run[n] = '\0';
        snprintf(
                text, sizeof text,
                "{\"run\":\"%s\",\"meters\":[],\"samples\":[]}", run);
        UNIT_CHECK(parse(text, &err) == (n <= WIRE_MAX_RUN), "run of %d", n);
    }
    for (int more = -1; more <= 1; more++) {
        buf_init(&b, IMP_FEED_BYTES + 2);
        buf_str(&b, ALL "[1,1,0,1]");
        while (b.len + 2 < (size_t)(IMP_FEED_BYTES + more))
            buf_char(&b, ' ');
        buf_str(&b, "]}");
        UNIT_CHECK(
                parse(buf_text(&b), &err) == (more <= 0) &&
                        (more <= 0 || err.code == ERR_LIMIT),
                "%zu bytes", b.len);
        buf_clear(&b);
    }
    for (int more = -1; more <= 1; more++) {
        buf_init(&b, IMP_FEED_BYTES);
        buf_str(&b, ALL); /* its last byte is the array's */
        buf_str(&b, "[1,1,0,1]]");
        while (b.len - 11 + 1 < (size_t)(IMP_FEED_REST + more))
            buf_char(&b, ' ');
        buf_str(&b, "}");
        UNIT_CHECK(
                parse(buf_text(&b), &err) == (more <= 0) &&
                        (more <= 0 || err.code == ERR_LIMIT),
                "%d bytes over", more);
        buf_clear(&b);
    }
}

/* ---- gzip
 * -------------------------------------------------------------------- */

static size_t
gzip(const void *bytes, size_t len, unsigned char *out, size_t max)
{
    z_stream z = {0};
    size_t n;

    CU_ASSERT_FATAL(
            deflateInit2(
                    &z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) ==
            Z_OK);
    z.next_in = (z_const Bytef *)bytes;
    z.avail_in = (uInt)len;
    z.next_out = out;
    z.avail_out = (uInt)max;
    CU_ASSERT_EQUAL(deflate(&z, Z_FINISH), Z_STREAM_END);
    n = max - z.avail_out;
    deflateEnd(&z);
    return n;
}

static void test_gzip(void)
{
    size_t big = (size_t)64 << 20;
    unsigned char *packed = malloc(1 << 20);
    char *zeros = calloc(1, big);
    struct err err = {0};
    struct buf out;
    size_t n;

    n = gzip("hello", 5, packed, 1 << 20);
    buf_init(&out, 5);
    CU_ASSERT(imp_feed_gunzip(packed, n, &out, &err) && out.len == 5);
    CU_ASSERT_STRING_EQUAL(buf_text(&out), "hello");
    buf_clear(&out);
    for (size_t cut = 0; cut < n; cut++) {
        buf_init(&out, 100);
        UNIT_CHECK(
                !imp_feed_gunzip(packed, cut, &out, &err) &&
                        err.code == ERR_INVALID,
                "cut at %zu", cut);
        buf_clear(&out);
    }
    packed[n - 8] ^= 1; /* the checksum */
    buf_init(&out, 100);
    CU_ASSERT(!imp_feed_gunzip(packed, n, &out, &err));
    packed[n - 8] ^= 1;
    packed[n] = 0; /* bytes behind */
    CU_ASSERT(!imp_feed_gunzip(packed, n + 1, &out, &err));
    buf_clear(&out);
    for (int more = -1; more <= 1; more++) {
        n = gzip(zeros, 1000000 + (size_t)more, packed, 1 << 20);
        buf_init(&out, 1000000);
        UNIT_CHECK(
                imp_feed_gunzip(packed, n, &out, &err) == (more <= 0) &&
                        (more <= 0 || err.code == ERR_LIMIT),
                "%d over the limit", more);
        buf_clear(&out);
    }
    /* A bomb stops at the limit: nothing more is unpacked. */
    n = gzip(zeros, big, packed, 1 << 20);
    buf_init(&out, IMP_FEED_BYTES);
    CU_ASSERT(n < 100000 && !imp_feed_gunzip(packed, n, &out, &err));
    CU_ASSERT(err.code == ERR_LIMIT && out.cap <= (size_t)2 * IMP_FEED_BYTES);
    buf_clear(&out);
    free(zeros);
    free(packed);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"amounts", test_amounts},
            {"a batch", test_batch},
            {"bad rows are refused alone", test_bad_rows},
            {"bad bodies are refused whole", test_bad_bodies},
            {"20000 samples", test_sample_limit},
            {"256 meters", test_meter_limit},
            {"lengths", test_length_limits},
            {"gzip", test_gzip},
            {NULL, NULL},
    };
    int status = unit_main("importers: feed", tests);

    imp_feed_clear(&feed);
    return status;
}
