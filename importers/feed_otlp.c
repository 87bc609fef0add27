/* SPDX-License-Identifier: Apache-2.0
 * OTLP/HTTP in JSON: hw.energy, hw.power and their sums of a host, as batches
 * of runs [opentelemetry.io semantic conventions "hw"; opentelemetry-
 * proto metrics.proto]. */
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/feed_priv.h"

enum {
    CUMULATIVE = 2,
    DELTA = 1, /* enum AggregationTemporality */
    RUN_BYTES = 16,
    MAX_KEY = 512,
};
/* Six hours of points at 10 s of 40 meters are below the ranges that one run
 * may have. */
static const int64_t window_ns = INT64_C(6) * 3600 * 1000000000;

static const char too_many[] = "more than 256 meters in one body";
static const char two_kinds[] = "one meter of two kinds or units";
static const char no_unit[] = "a unit other than of energy or power";
static const char no_kind[] = "no monotonic sum and no gauge";
static const char no_id[] = "the meter's id is longer than 120 characters";
static const char wrong_unit[] = "energy as a gauge, or power as a sum";

struct otlp {
    struct imp_feed *f;
    struct wire_batch *batches;
    struct wire_meter **meters; /* of each batch */
    size_t n_samples; /* of all batches; a meter there is its batch << 16 and
                         its place in it, until all are read */
    char *resource;   /* its attributes, sorted: part of a run's name */
};

/* ---- values
 * ------------------------------------------------------------------ */

/* A 64-bit integer: a text, or a number that a double holds exactly. */
static bool int64_of(const cJSON *v, int64_t *out)
{
    struct feed_number n;
    const char *end;
    bool exact;

    if (cJSON_IsString(v)) {
        end = feed_number(v->valuestring, &n);
        return end && !*end && !feed_scale(&n, 1, out, &exact) && exact;
    }
    if (!cJSON_IsNumber(v) || !(v->valuedouble >= 0) ||
        v->valuedouble >= 9007199254740992.0)
        return false;
    *out = (int64_t)v->valuedouble;
    return true;
}

/* NULL, or why the point's value is none. */
static const char *value_of(const cJSON *point, int64_t micro, int64_t *out)
{
    const cJSON *whole = cJSON_GetObjectItemCaseSensitive(point, "asInt");
    const cJSON *real = cJSON_GetObjectItemCaseSensitive(point, "asDouble");
    char room[NUM_TEXT];

    if (cJSON_IsString(whole))
        return imp_feed_amount(
                whole->valuestring, strlen(whole->valuestring), micro, out);
    if (cJSON_IsNumber(whole) && fabs(whole->valuedouble) >= 9007199254740992.0)
        return "an integer of 2^53 and above is written as text";
    if (!cJSON_IsNumber(whole))
        whole = real;
    if (!cJSON_IsNumber(whole) || !isfinite(whole->valuedouble))
        return feed_not_number;
    /* The shortest text of a double is what was measured. */
    num_print(whole->valuedouble, room);
    return imp_feed_amount(room, strlen(room), micro, out);
}

/* The text of an attribute's value; NULL for one that is no plain value. */
static const char *attribute_text(struct imp_feed *f, const cJSON *attribute)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(attribute, "value");
    const cJSON *s = cJSON_GetObjectItemCaseSensitive(v, "stringValue");
    char room[NUM_TEXT];

    if (cJSON_IsString(s))
        return s->valuestring;
    s = cJSON_GetObjectItemCaseSensitive(v, "intValue");
    if (cJSON_IsString(s))
        return s->valuestring;
    if (cJSON_IsNumber(s))
        return arena_str(&f->arena, num_print(s->valuedouble, room));
    s = cJSON_GetObjectItemCaseSensitive(v, "boolValue");
    return cJSON_IsBool(s) ? cJSON_IsTrue(s) ? "true" : "false" : NULL;
}

static const char *
attribute(struct imp_feed *f, const cJSON *list, const char *key)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const cJSON *k = cJSON_GetObjectItemCaseSensitive(item, "key");
        if (cJSON_IsString(k) && !strcmp(k->valuestring, key))
            return attribute_text(f, item);
    }
    return NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "key=value;..." of all attributes, whatever their order in the text. */
static char *all_attributes(struct imp_feed *f, const cJSON *list)
{
    size_t n = (size_t)cJSON_GetArraySize(list), i = 0;
    char **texts = arena_alloc(&f->arena, (n + 1) * sizeof *texts), *kept;
    const cJSON *item;
    struct buf b;

    cJSON_ArrayForEach(item, list)
    {
        const cJSON *k = cJSON_GetObjectItemCaseSensitive(item, "key");
        const char *v = attribute_text(f, item);
        texts[i++] = arena_printf(
                &f->arena, "%s=%s;", cJSON_IsString(k) ? k->valuestring : "",
                v ? v : "");
    }
    qsort(texts, i, sizeof *texts, by_text);
    buf_init(&b, IMP_FEED_BYTES);
    for (size_t j = 0; j < i; j++)
        buf_str(&b, texts[j]);
    kept = arena_str(&f->arena, buf_text(&b));
    buf_clear(&b);
    return kept;
}

/* ---- what is measured
 * --------------------------------------------------------- */

enum what { HOST_ENERGY, HOST_POWER, PART_ENERGY, PART_POWER, WHATS };

static const char *const names[WHATS] = {
        "hw.host.energy", "hw.host.power", "hw.energy", "hw.power"};

static bool what_of(const cJSON *metric, enum what *out)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(metric, "name");

    for (int i = 0; i < WHATS && cJSON_IsString(name); i++)
        if (!strcmp(name->valuestring, names[i])) {
            *out = (enum what)i;
            return true;
        }
    return false;
}

static enum wire_scope scope_of(enum what w, const char *type)
{
    static const struct {
        const char *type;
        enum wire_scope scope;
    } types[] = {
            {"cpu", WIRE_PACKAGE},       {"memory", WIRE_DRAM},
            {"gpu", WIRE_GPU},           {"physical_disk", WIRE_DISK},
            {"power_supply", WIRE_NODE}, {"enclosure", WIRE_NODE},
    };

    if (w == HOST_ENERGY || w == HOST_POWER)
        return WIRE_NODE;
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (!strcmp(type, types[i].type))
            return types[i].scope;
    return WIRE_REST;
}

/* "J", "W" and their likes; none is the convention's own. */
static bool unit_of(const cJSON *metric, enum what w, enum wire_unit *out)
{
    const cJSON *unit = cJSON_GetObjectItemCaseSensitive(metric, "unit");
    bool energy = w == HOST_ENERGY || w == PART_ENERGY;

    *out = energy ? WIRE_J : WIRE_W;
    if (!cJSON_IsString(unit) || !unit->valuestring[0])
        return true;
    return wire_unit_from(unit->valuestring, out) &&
           wire_unit_is_energy(*out) == energy;
}

/* ---- a stream of points
 * -------------------------------------------------------- */

struct stream {
    enum what what;
    enum wire_meter_kind kind;
    enum wire_unit unit;
};

struct point {
    struct wire_sample sample;
    const char *type; /* hw.type; NULL */
    char id[MAX_KEY]; /* of its meter */
    char start[32];   /* of a counter's process; else "" */
    int64_t window;
};

/* A run is a process of the sender and six hours of it, so that it has a
 * bounded number of points; the same whenever a point is sent again. */
static void name_run(struct otlp *o, const struct point *p, char dst[33])
{
    unsigned char sum[RUN_BYTES];
    crypto_generichash_state s;

    crypto_generichash_init(&s, NULL, 0, sizeof sum);
    crypto_generichash_update(
            &s, (const unsigned char *)o->resource, strlen(o->resource) + 1);
    crypto_generichash_update(
            &s, (const unsigned char *)p->start, strlen(p->start) + 1);
    crypto_generichash_update(
            &s, (const unsigned char *)&p->window, sizeof p->window);
    crypto_generichash_final(&s, sum, sizeof sum);
    sodium_bin2hex(dst, 33, sum, sizeof sum);
}

/* In the order of time, and unlike for the meters of one time: microseconds of
 * the window over 28 bits of the meter's name. */
static uint64_t number_of(const struct point *p)
{
    uint64_t us = (uint64_t)(p->sample.t_ns - p->window * window_ns) / 1000;
    unsigned char sum[crypto_generichash_BYTES_MIN];
    uint32_t bits;

    crypto_generichash(
            sum, sizeof sum, (const unsigned char *)p->id, strlen(p->id), NULL,
            0);
    memcpy(&bits, sum, sizeof bits);
    return (us << 28 | (bits & 0xFFFFFFF)) + 1;
}

static struct wire_batch *batch_of(struct otlp *o, const struct point *p)
{
    struct arena *a = &o->f->arena;
    struct wire_batch *b;
    char run[33];

    name_run(o, p, run);
    for (size_t i = 0; i < o->f->n_batches; i++)
        if (!strcmp(o->batches[i].run, run))
            return &o->batches[i];
    if (o->f->n_batches == IMP_FEED_BATCHES)
        return NULL;
    b = &o->batches[o->f->n_batches];
    o->meters[o->f->n_batches++] =
            arena_alloc(a, WIRE_MAX_METERS * sizeof **o->meters);
    *b = (struct wire_batch){
            .agent = "otlp",
            .run = arena_str(a, run),
            /* Another start is another boot: no difference across it. */
            .boot = p->start[0] ? arena_str(a, p->start) : "otlp"};
    return b;
}

/* The point's meter in its batch; NULL, or why there is none. */
static const char *meter_of(
        struct otlp *o, struct wire_batch *b, const struct stream *st,
        const struct point *p, uint32_t *out)
{
    struct wire_meter *m = o->meters[b - o->batches];
    size_t i = 0;

    while (i < b->n_meters && strcmp(m[i].id, p->id) != 0)
        i++;
    if (i == WIRE_MAX_METERS)
        return too_many;
    if (i == b->n_meters) {
        m[i] = (struct wire_meter){
                .id = arena_str(&o->f->arena, p->id),
                .scope = scope_of(st->what, p->type),
                .kind = st->kind,
                .unit = st->unit,
                .range_uj = -1,
                .max_w = NAN};
        b->meters = m;
        b->n_meters++;
    }
    *out = (uint32_t)i;
    return m[i].kind == st->kind && m[i].unit == st->unit ? NULL : two_kinds;
}

static bool point_id(
        const struct stream *st, const char *type, const char *id,
        char dst[MAX_KEY])
{
    int n = snprintf(
            dst, MAX_KEY, "%s%s%s%s%s", names[st->what], type ? "/" : "",
            type ? type : "", id ? "/" : "", id ? id : "");

    if (n < 0 || n > WIRE_MAX_METER_ID)
        return false;
    for (const char *p = dst; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    return true;
}

/* NULL, or why the point is refused. */
static const char *point_fault(
        struct otlp *o, const cJSON *point, const struct stream *st,
        struct point *p)
{
    const cJSON *t = cJSON_GetObjectItemCaseSensitive(point, "timeUnixNano");
    const cJSON *from =
            cJSON_GetObjectItemCaseSensitive(point, "startTimeUnixNano");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(point, "attributes");
    struct wire_sample *s = &p->sample;
    int64_t start_ns = 0;
    const char *why = value_of(point, wire_unit_micro(st->unit), &s->value);

    if (why)
        return why;
    if (!int64_of(t, &s->t_ns) || s->t_ns < 1)
        return feed_no_time;
    if (from && !int64_of(from, &start_ns))
        return feed_no_time;
    if (st->kind == WIRE_INTERVAL) {
        s->from_ns = start_ns;
        if (start_ns < 1 || start_ns >= s->t_ns)
            return feed_no_start;
    }
    if (st->kind == WIRE_COUNTER)
        snprintf(p->start, sizeof p->start, "%lld", (long long)start_ns);
    p->type = attribute(o->f, list, "hw.type");
    if (!point_id(st, p->type, attribute(o->f, list, "hw.id"), p->id))
        return no_id;
    p->window = s->t_ns / window_ns;
    s->seq = number_of(p);
    return NULL;
}

static bool one_point(
        struct otlp *o, const cJSON *point, const struct stream *st,
        struct err *err)
{
    struct point p = {0};
    const char *why = point_fault(o, point, st, &p);
    struct wire_batch *b;
    uint32_t meter;

    if (!feed_room(o->f, o->n_samples, err))
        return false;
    if (!why) {
        b = batch_of(o, &p);
        why = b ? meter_of(o, b, st, &p, &meter) : too_many;
    }
    if (why) {
        feed_refuse(o->f, 0, why);
        return true;
    }
    p.sample.meter = (uint32_t)(b - o->batches) << 16 | meter;
    o->f->samples[o->n_samples++] = p.sample;
    return true;
}

static bool refuse_all(
        struct otlp *o, const cJSON *points, const char *why, struct err *err)
{
    const cJSON *point;

    cJSON_ArrayForEach(point, points)
    {
        if (!feed_room(o->f, o->n_samples, err))
            return false;
        feed_refuse(o->f, 0, why);
    }
    return true;
}

/* Temporality as a number or by its name; 0: neither of the two. */
static int order_of(const cJSON *order)
{
    if (cJSON_IsString(order))
        return strstr(order->valuestring, "DELTA") ? DELTA : CUMULATIVE;
    if (cJSON_IsNumber(order) &&
        (order->valuedouble == DELTA || order->valuedouble == CUMULATIVE))
        return (int)order->valuedouble;
    return 0;
}

static bool
one_metric(struct otlp *o, const cJSON *metric, enum what what, struct err *err)
{
    const cJSON *sum = cJSON_GetObjectItemCaseSensitive(metric, "sum");
    const cJSON *gauge = cJSON_GetObjectItemCaseSensitive(metric, "gauge");
    const cJSON *data = sum ? sum : gauge, *point, *points;
    const cJSON *order =
            cJSON_GetObjectItemCaseSensitive(sum, "aggregationTemporality");
    const cJSON *rising = cJSON_GetObjectItemCaseSensitive(sum, "isMonotonic");
    int temporality = order_of(order);
    bool energy = what == HOST_ENERGY || what == PART_ENERGY;
    struct stream st = {.what = what};

    if (!json_get_arr(data, "dataPoints", &points, err))
        return false;
    if (!unit_of(metric, what, &st.unit))
        return refuse_all(o, points, no_unit, err);
    if ((sum != NULL) != energy)
        return refuse_all(o, points, data ? wrong_unit : no_kind, err);
    if (sum && !(temporality == DELTA ||
                 (temporality == CUMULATIVE && cJSON_IsTrue(rising))))
        return refuse_all(o, points, no_kind, err);
    st.kind = gauge && !sum          ? WIRE_GAUGE
              : temporality == DELTA ? WIRE_INTERVAL
                                     : WIRE_COUNTER;
    cJSON_ArrayForEach(
            point, points) if (!one_point(o, point, &st, err)) return false;
    return true;
}

/* ---- a resource
 * ------------------------------------------------------------------ */

/* Calls fn for each metric of a resource. */
static bool each_metric(
        struct otlp *o, const cJSON *resource,
        bool (*fn)(
                struct otlp *o, const cJSON *metric, void *ctx,
                struct err *err),
        void *ctx, struct err *err)
{
    const cJSON *scopes, *scope, *metrics, *metric;

    if (!json_get_arr(resource, "scopeMetrics", &scopes, err))
        return false;
    cJSON_ArrayForEach(scope, scopes)
    {
        if (!json_get_arr(scope, "metrics", &metrics, err))
            return false;
        cJSON_ArrayForEach(
                metric, metrics) if (!fn(o, metric, ctx, err)) return false;
    }
    return true;
}

static bool
note_metric(struct otlp *o, const cJSON *metric, void *ctx, struct err *err)
{
    bool *there = ctx;
    enum what w;

    (void)o, (void)err;
    if (what_of(metric, &w))
        there[w] = true;
    return true;
}

/* A host wins over its parts, energy over power [docs/formats.md]. */
static bool
take_metric(struct otlp *o, const cJSON *metric, void *ctx, struct err *err)
{
    const bool *there = ctx;
    bool host = there[HOST_ENERGY] || there[HOST_POWER];
    enum what w;

    if (!what_of(metric, &w) || (host && w >= PART_ENERGY) ||
        (w == HOST_POWER && there[HOST_ENERGY]) ||
        (w == PART_POWER && there[PART_ENERGY]))
        return true;
    return one_metric(o, metric, w, err);
}

static bool one_resource(struct otlp *o, const cJSON *resource, struct err *err)
{
    const cJSON *about = cJSON_GetObjectItemCaseSensitive(resource, "resource");
    const cJSON *list;
    bool there[WHATS] = {false};
    const char *host;

    if (!json_get_arr(about, "attributes", &list, err))
        return false;
    host = attribute(o->f, list, "host.name");
    if (host && o->f->node && !text_same(host, o->f->node))
        return err_set(
                err, ERR_DENIED,
                "two hosts in one body, '%.80s' and '%.80s': a token is of one",
                o->f->node, host);
    if (host)
        o->f->node = arena_str(&o->f->arena, host);
    o->resource = all_attributes(o->f, list);
    return each_metric(o, resource, note_metric, there, err) &&
           each_metric(o, resource, take_metric, there, err);
}

/* Samples in the order of their batches, each batch with its own. */
static void sort_samples(struct otlp *o)
{
    size_t n = o->n_samples, n_batches = o->f->n_batches;
    struct wire_sample *sorted =
            arena_alloc(&o->f->arena, (n + 1) * sizeof *sorted);
    size_t *at = arena_alloc(&o->f->arena, (n_batches + 1) * sizeof *at);

    for (size_t i = 0; i < n; i++)
        at[(o->f->samples[i].meter >> 16) + 1]++;
    for (size_t i = 1; i <= n_batches; i++)
        at[i] += at[i - 1];
    for (size_t i = 0; i < n_batches; i++)
        o->batches[i].samples = sorted + at[i];
    for (size_t i = 0; i < n; i++) {
        struct wire_sample s = o->f->samples[i];
        struct wire_batch *b = &o->batches[s.meter >> 16];
        size_t to = at[s.meter >> 16] + b->n_samples++;

        s.meter &= 0xFFFF;
        sorted[to] = s;
    }
}

bool imp_feed_otlp(
        const char *text, size_t len, struct imp_feed *out, struct err *err)
{
    struct otlp o = {.f = out};
    const cJSON *resources, *resource;
    cJSON *root = NULL;
    bool ok = false;

    CHECK(sodium_init() >= 0);
    feed_begin(out);
    if (len > IMP_FEED_BYTES)
        return err_set(
                err, ERR_LIMIT, "a body of more than %d MiB",
                IMP_FEED_BYTES >> 20);
    o.batches = arena_alloc(&out->arena, IMP_FEED_BATCHES * sizeof *o.batches);
    /* Pointers are meant. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    o.meters = arena_alloc(&out->arena, IMP_FEED_BATCHES * sizeof *o.meters);
    if (!json_parse(text, len, &root, err))
        return false;
    if (!cJSON_IsObject(root)) {
        err_set(err, ERR_INVALID, "no object, expected resourceMetrics");
        goto done;
    }
    if (!json_get_arr(root, "resourceMetrics", &resources, err))
        goto done;
    cJSON_ArrayForEach(
            resource,
            resources) if (!one_resource(&o, resource, err)) goto done;
    sort_samples(&o);
    out->batches = o.batches;
    ok = true;
done:
    if (!ok)
        out->n_batches = 0;
    cJSON_Delete(root);
    return ok;
}
