/* SPDX-License-Identifier: Apache-2.0
 * The agent's parts that need no machine: counters and gauges over time, the
 * BMC's answer, waits, settings, tokens, batches. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/json.h"
#include "unit.h"

#define S INT64_C(1000000000)

static void test_counter(void)
{
    static const struct {
        const char *name;
        int64_t range, first, second, want;
        unsigned wraps, resets;
    } cases[] = {
            {"rises", 1000, 100, 400, 300, 0, 0},
            {"stands", 1000, 100, 100, 0, 0, 0},
            {"TV51", 262143328850, 262143000000, 500000000, 500328850, 1, 0},
            {"to 0", 1000, 999, 0, 1, 1, 0},
            {"no range: reset", -1, 1000, 10, 0, 0, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ag_sensor s = {
                .kind = WIRE_COUNTER, .range_uj = cases[i].range, .max_w = NAN};
        struct ag_meter m = {0};

        ag_meter_take(&m, &s, 10 * S, cases[i].first);
        ag_meter_take(&m, &s, 12 * S, cases[i].second);
        UNIT_CHECK(
                m.energy_uj == cases[i].want && m.wraps == cases[i].wraps &&
                        m.resets == cases[i].resets,
                "%s: %lld", cases[i].name, (long long)m.energy_uj);
        if (cases[i].resets)
            UNIT_CHECK(isnan(m.power_w), "%s: no power", cases[i].name);
        else
            UNIT_NEAR(
                    m.power_w, (double)cases[i].want / 2e6, 1e-12,
                    cases[i].name);
    }
}

/* METHOD TV55: 0 s 100 W, 10 s 120 W, 25 s 80 W, 40 s 80 W: 3800 J. */
static void test_gauge(void)
{
    static const int64_t samples[][2] = {
            {0, 100}, {10, 120}, {25, 80}, {40, 80}};
    struct ag_sensor s = {.kind = WIRE_GAUGE, .range_uj = -1, .max_w = NAN};
    struct ag_meter m = {0};

    for (size_t i = 0; i < 4; i++)
        ag_meter_take(
                &m, &s, 5 * S + samples[i][0] * S, samples[i][1] * 1000000);
    UNIT_CHECK(
            m.energy_uj == INT64_C(3800000000), "TV55: %lld",
            (long long)m.energy_uj);
    UNIT_NEAR(m.power_w, 80, 1e-12, "the last power");
    /* Half to even: 1 uW and 2 uW over 1 s are 1.5 uJ, 2; 2 and 3: 2.5, 2. */
    m = (struct ag_meter){0};
    ag_meter_take(&m, &s, 0, 1);
    ag_meter_take(&m, &s, S, 2);
    UNIT_CHECK(m.energy_uj == 2, "1.5 is 2");
    m = (struct ag_meter){0};
    ag_meter_take(&m, &s, 0, 2);
    ag_meter_take(&m, &s, S, 3);
    UNIT_CHECK(m.energy_uj == 2, "2.5 is 2");
}

static void test_guard(void)
{
    struct ag_sensor s = {
            .kind = WIRE_COUNTER, .range_uj = INT64_C(262143300000)};

    /* 262143.3 J: half of the time of a wrap at 1.5 x 300 W is 291.27 s. */
    s.max_w = 300;
    UNIT_NEAR(
            (double)ag_sensor_guard_ns(&s) / 1e9, 262143.3 / 450 / 2, 1e-6,
            "300 W");
    s.max_w = NAN; /* 1000 W where no limit is stated */
    UNIT_NEAR(
            (double)ag_sensor_guard_ns(&s) / 1e9, 262143.3 / 1000 / 2, 1e-6,
            "unknown");
    s.range_uj = -1;
    UNIT_CHECK(ag_sensor_guard_ns(&s) == INT64_MAX, "does not wrap");
    s = (struct ag_sensor){.kind = WIRE_GAUGE, .range_uj = -1};
    UNIT_CHECK(ag_sensor_guard_ns(&s) == INT64_MAX, "a gauge");
}

static void test_rota(void)
{
    struct ag_sensor sensors[] = {
            {.kind = WIRE_GAUGE, .range_uj = -1, .max_w = NAN},
            {.kind = WIRE_GAUGE,
             .range_uj = -1,
             .max_w = NAN,
             .least_ns = 5 * S},
            {.kind = WIRE_COUNTER, .range_uj = 6000000, .max_w = 1}};
    struct ag_set set = {.sensors = sensors, .n = 3};
    struct ag_rota r;

    /* Interval 3 s: the second likes 5 s, the third wraps in 4 s at 1.5 W: 2 s.
     */
    ag_rota_open(&r, &set, 3 * S, 100 * S);
    UNIT_CHECK(ag_rota_turn(&r, &set, 100 * S) == 102 * S, "first turn");
    UNIT_CHECK(r.due[0] && r.due[1] && r.due[2], "all at the start");
    UNIT_CHECK(ag_rota_turn(&r, &set, 102 * S) == 103 * S, "second");
    UNIT_CHECK(!r.due[0] && !r.due[1] && r.due[2], "the counter alone");
    UNIT_CHECK(ag_rota_turn(&r, &set, 103 * S) == 104 * S, "third");
    UNIT_CHECK(r.due[0] && !r.due[1] && !r.due[2], "the first alone");
    /* After an hour of sleep each is read once, and goes on in its step. */
    UNIT_CHECK(ag_rota_turn(&r, &set, 3703 * S) == 3704 * S, "after a sleep");
    UNIT_CHECK(r.due[0] && r.due[1] && r.due[2], "all are due");
    ag_rota_close(&r);
}

static void test_dcmi(void)
{
    /* 0x00E7 = 231 W now, 200, 300, 225; time stamp, period, state 0x40. */
    static const uint8_t good[19] = {0, 0xDC, 0xE7, 0, 200,  0, 0x2C, 1, 225, 0,
                                     1, 2,    3,    4, 0xE8, 3, 0,    0, 0x40};
    struct err err = {0};
    uint8_t bytes[19];
    int64_t uw = -1;

    UNIT_CHECK(
            ag_dcmi_decode(good, sizeof good, &uw, &err) && uw == 231000000,
            "231 W: %lld", (long long)uw);
    memcpy(bytes, good, sizeof bytes);
    bytes[2] = 0x12;
    bytes[3] = 0x0A; /* 0x0A12 = 2578 */
    UNIT_CHECK(
            ag_dcmi_decode(bytes, sizeof bytes, &uw, &err) &&
                    uw == INT64_C(2578000000),
            "two bytes");
    for (size_t n = 0; n < sizeof good; n++)
        UNIT_CHECK(
                !ag_dcmi_decode(good, n, &uw, &err) && err.code == ERR_INVALID,
                "cut to %zu", n);
    bytes[18] = 0;
    UNIT_CHECK(
            !ag_dcmi_decode(bytes, sizeof bytes, &uw, &err) &&
                    strstr(err.msg, "no power at this time"),
            "not active");
    bytes[18] = 0x40;
    bytes[2] = bytes[3] = 0;
    UNIT_CHECK(
            !ag_dcmi_decode(bytes, sizeof bytes, &uw, &err) &&
                    strstr(err.msg, "0 W"),
            "0 W of a running node is no reading");
    UNIT_CHECK(
            !ag_dcmi_decode((const uint8_t[]){0xC1}, 1, &uw, &err) &&
                    strstr(err.msg, "does not know DCMI"),
            "unknown command");
    UNIT_CHECK(
            !ag_dcmi_decode((const uint8_t[]){0xD4}, 1, &uw, &err) &&
                    strstr(err.msg, "0xd4"),
            "refused");
}

static void test_waits(void)
{
    static const struct {
        unsigned n;
        int64_t asked_s;
        double frac, want_s;
    } cases[] = {
            {1, -1, 0.5, 1},    {2, -1, 0.5, 2},       {9, -1, 0.5, 256},
            {10, -1, 0.5, 300}, {99, -1, 0.5, 300},    {1, -1, 0, 0.75},
            {10, -1, 1, 375},   {1, 30, 0, 30},        {1, 30, 1, 37.5},
            {10, 30, 0.5, 300}, {1, 1000000, 0, 3600},
    };
    static const struct {
        int status;
        enum ag_verdict want;
    } verdicts[] = {
            {200, AG_TAKEN},   {202, AG_TAKEN},  {301, AG_LATER},
            {400, AG_REFUSED}, {401, AG_LOCKED}, {403, AG_LOCKED},
            {404, AG_REFUSED}, {408, AG_LATER},  {413, AG_REFUSED},
            {415, AG_REFUSED}, {429, AG_LATER},  {500, AG_LATER},
            {503, AG_LATER},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                (double)ag_backoff_ns(
                        cases[i].n, cases[i].asked_s, cases[i].frac) /
                        1e9,
                cases[i].want_s, 1e-9, "wait");
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        UNIT_CHECK(
                ag_verdict_of(verdicts[i].status) == verdicts[i].want, "%d",
                verdicts[i].status);
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        int64_t want; /* ms; -1 refused */
    } cases[] = {
            {"1ms", 1},       {"10s", 10000}, {"10", 10000},   {"1.5s", 1500},
            {"5min", 300000}, {"5m", 300000}, {"1h", 3600000}, {"1 h", 3600000},
            {"0.5ms", -1},    {"2h", -1},     {"", -1},        {"s", -1},
            {"-1s", -1},      {"1d", -1},     {"1e3s", -1},    {"61min", -1},
            {"1.5.5s", -1},   {"nan", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        int64_t ns = -1;
        bool ok = ag_duration(cases[i].text, &ns, &err);

        UNIT_CHECK(
                ok ? ns == cases[i].want * 1000000 : cases[i].want == -1,
                "'%s': %lld", cases[i].text, (long long)ns);
    }
}

static void test_settings(void)
{
    static const struct {
        const char *text, *want; /* part of the message; NULL: taken */
    } cases[] = {
            {"", NULL},
            {"# a comment\n\n  interval = 5s  \n", NULL},
            {"server=https://a:1\r\nnode = n1\n", NULL},
            {"spool_max = 1.5M\npue = 1.3\nipmi = no", NULL},
            {"interval\n", "line 1: expected 'key = value'"},
            {"\ncolour = blue", "line 2: no setting 'colour'"},
            {"sysroot = /x", "no setting 'sysroot'"},
            {"interval = 2h", "interval: '2h' is no time"},
            {"spool_max = 1K", "no size from 64K"},
            {"spool_max = -1", "no size"},
            {"pue = 0.9", "no number from 1 to 10"},
            {"grid_g = nan", "no number from 0 to 2000"},
            {"ipmi = maybe", "neither yes nor no"},
            {"node =", "expected a value"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ag_config c;
        struct err err = {0};
        char text[1100];
        bool ok;

        ag_config_init(&c);
        ok = ag_config_read(
                &c, cases[i].text, strlen(cases[i].text), "f", &err);
        err_text(&err, text, sizeof text);
        UNIT_CHECK(
                cases[i].want ? !ok && strstr(text, cases[i].want) : ok,
                "'%s': %s", cases[i].text, text);
        if (i == 3)
            UNIT_CHECK(
                    c.spool_max == 1572864 && fabs(c.pue - 1.3) < 1e-12 &&
                            !c.ipmi,
                    "values");
        ag_config_clear(&c);
    }
}

static char folder[] = "/tmp/test_agent_XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static int turn;
    char *p = path[turn++ % 4];

    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static void put(const char *name, const char *text)
{
    struct file_out f;
    struct err err = {0};

    UNIT_CHECK(
            file_make_parents(in_folder(name), &err) &&
                    file_out_open(&f, in_folder(name), &err),
            "%s", err.msg);
    fputs(text, f.file);
    UNIT_CHECK(file_out_commit(&f, &err), "%s", err.msg);
}

static void test_tokens(void)
{
    char token[AG_TOKEN], again[AG_TOKEN];
    struct err err = {0};

    UNIT_CHECK(
            !ag_token_read(in_folder("none"), token, &err) &&
                    err.code == ERR_NOT_FOUND,
            "none");
    put("short", "abc\n");
    UNIT_CHECK(
            !ag_token_read(in_folder("short"), token, &err) &&
                    err.code == ERR_INVALID && !strstr(err.msg, "abc"),
            "too short, and not told: %s", err.msg);
    put("blank", "0123456789 0123456789\n");
    UNIT_CHECK(!ag_token_read(in_folder("blank"), token, &err), "a blank");
    UNIT_CHECK(
            ag_token_draw(in_folder("deep/token"), token, &err), "%s", err.msg);
    UNIT_CHECK(strncmp(token, "fpn_", 4) == 0 && strlen(token) == 47, "shape");
    UNIT_CHECK(
            ag_token_read(in_folder("deep/token"), again, &err) &&
                    strcmp(token, again) == 0,
            "read again");
    UNIT_CHECK(
            !ag_token_draw(in_folder("deep/token"), again, &err),
            "never over another");

    /* Python: hashlib.blake2b(b"fleetprint node token\0" b"uuid-1\0" b"\0"
     * b"node12\0", key=b"k" * 47, digest_size=32), base64url. */
    put("root/sys/class/dmi/id/product_uuid", "UUID-1\n");
    UNIT_CHECK(
            ag_token_derive(
                    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
                    in_folder("root"), "node12", token, &err),
            "%s", err.msg);
    UNIT_CHECK(
            strcmp(token, "fpn_aKv__my5-4h6tTC_nXU-0xHQClEiLs44zbKivufIV_c") ==
                    0,
            "derived: %s", token);
    UNIT_CHECK(
            !ag_token_derive("short", in_folder("root"), "n", token, &err) &&
                    err.code == ERR_INVALID,
            "a short key");
    UNIT_CHECK(
            !ag_token_derive(
                    "kkkkkkkkkkkkkkkkkkkkk", in_folder("nowhere"), "n", token,
                    &err) &&
                    err.code == ERR_NOT_FOUND,
            "a machine without a name of its own");
}

static bool
read_fixed(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    if (s->index == 9)
        return err_set(
                err, ERR_IO,
                "it is\xff"
                "broken");
    *value = INT64_C(9007199254740991) + s->index;
    return true;
}

static void test_batch(void)
{
    struct ag_sensor sensors[] = {
            {.id = "core", .scope = WIRE_CORE, .inside = true},
            {.id = "a",
             .scope = WIRE_PACKAGE,
             .kind = WIRE_COUNTER,
             .range_uj = INT64_C(9007199254740992),
             .max_w = 12.5,
             .read = read_fixed},
            {.id = "b",
             .scope = WIRE_RAM,
             .kind = WIRE_GAUGE,
             .range_uj = -1,
             .max_w = NAN,
             .modelled = true,
             .index = 1,
             .read = read_fixed},
            {.id = "c",
             .scope = WIRE_GPU,
             .kind = WIRE_GAUGE,
             .range_uj = -1,
             .max_w = NAN,
             .index = 9,
             .read = read_fixed}};
    struct ag_missing missing = {.id = "d", .reason = "not there"};
    struct ag_set set = {
            .root = "/nowhere",
            .sensors = sensors,
            .n = 4,
            .missing = &missing,
            .n_missing = 1};
    struct ag_clock clock;
    struct ag_batch b;
    struct buf json;
    struct err err = {0};
    char want[600], *p;

    ag_clock_open(&clock, "/nowhere", NULL);
    ag_batch_open(&b, &set, &clock);
    UNIT_CHECK(strlen(b.run) == 32 && clock.boot[0] == '\0', "run and boot");
    ag_batch_sample(&b, NULL);
    UNIT_CHECK(b.n == 2 && b.seq == 2, "two samples");
    for (size_t i = 0; i < b.n; i++)
        b.samples[i].t_ns = INT64_C(1795233600000000000);
    buf_init(&json, 1 << 16);
    UNIT_CHECK(ag_batch_seal(&b, &json, &err), "%s", err.msg);
    snprintf(
            want, sizeof want,
            "\"run\":\"%s\",\"boot\":null,\"meters\":["
            "{\"id\":\"a\",\"scope\":\"package\",\"kind\":\"counter\","
            "\"unit\":\"uJ\",\"range\":\"9007199254740992\",\"max_w\":12.5},"
            "{\"id\":\"b\",\"scope\":\"ram\",\"kind\":\"gauge\","
            "\"unit\":\"uW\",\"modelled\":true},"
            "{\"id\":\"c\",\"scope\":\"gpu\",\"kind\":\"gauge\","
            "\"unit\":\"uW\"}],\"samples\":["
            "[1,\"1795233600000000000\",0,9007199254740991],"
            "[2,\"1795233600000000000\",1,\"9007199254740992\"]],"
            "\"missing\":[{\"id\":\"c\",\"reason\":\"it is?broken\"},"
            "{\"id\":\"d\",\"reason\":\"not there\"}]}",
            b.run);
    p = strstr(buf_text(&json), "\"run\"");
    UNIT_CHECK(p && strcmp(p, want) == 0, "%s", buf_text(&json));
    ag_batch_sample(&b, (const bool[]){true, true, false, false});
    UNIT_CHECK(
            b.n == 1 && b.samples[0].seq == 3 && b.samples[0].meter == 1,
            "numbers go on");
    buf_clear(&json);
    ag_batch_close(&b);
}

static void test_gzip(void)
{
    char *text = xmalloc(100000), *back = xcalloc(1, 100001);
    struct buf packed;
    struct err err = {0};
    z_stream z = {0};

    for (size_t i = 0; i < 100000; i++)
        text[i] = (char)('a' + i % 7 + i / 9000);
    buf_init(&packed, 1 << 20);
    UNIT_CHECK(ag_gzip(text, 100000, &packed, &err), "%s", err.msg);
    UNIT_CHECK(
            inflateInit2(&z, 15 + 16) == Z_OK && packed.len < 5000, "packed");
    z.next_in = (Bytef *)packed.p;
    z.avail_in = (uInt)packed.len;
    z.next_out = (Bytef *)back;
    z.avail_out = 100001;
    UNIT_CHECK(
            inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == 100000 &&
                    memcmp(text, back, 100000) == 0,
            "as it was");
    inflateEnd(&z);
    buf_clear(&packed);
    free(text);
    free(back);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"counter", test_counter},     {"gauge", test_gauge},
            {"guard", test_guard},         {"rota", test_rota},
            {"dcmi", test_dcmi},           {"waits", test_waits},
            {"durations", test_durations}, {"settings", test_settings},
            {"tokens", test_tokens},       {"batch", test_batch},
            {"gzip", test_gzip},           {NULL, NULL}};
    char command[300];
    int status;

    if (!mkdtemp(folder))
        return 1;
    status = unit_main("agent", tests);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return status || system(command) != 0;
}
