/* SPDX-License-Identifier: Apache-2.0
 * Samples on their way into a batch, and the batch as JSON [docs/feeds.md]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "agent/agent.h"
#include "base/json.h"
#include "base/log.h"
#include "base/num.h"

#define STEP_NS INT64_C(1000000000) /* less is no step but its correction */

static bool far(int64_t ns)
{
    return ns > STEP_NS || ns < -STEP_NS;
}

static int64_t seconds(int64_t ns)
{
    return (ns + (ns < 0 ? -STEP_NS : STEP_NS) / 2) / STEP_NS;
}

static void random_hex(char dst[33])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char r[16];

    ag_random(r, sizeof r);
    for (size_t i = 0; i < sizeof r; i++) {
        dst[2 * i] = hex[r[i] >> 4];
        dst[2 * i + 1] = hex[r[i] & 15];
    }
    dst[32] = '\0';
}

void ag_batch_open(
        struct ag_batch *b, const struct ag_set *set,
        const struct ag_clock *clock)
{
    *b = (struct ag_batch){.set = set, .clock = clock};
    random_hex(b->run);
    b->failed = xcalloc(set->n + 1, sizeof *b->failed);
}

void ag_batch_close(struct ag_batch *b)
{
    free(b->samples);
    free(b->failed);
    *b = (struct ag_batch){0};
}

static void add(struct ag_batch *b, size_t meter, int64_t value)
{
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 64;
        b->samples = xreallocarray(b->samples, b->cap, sizeof *b->samples);
    }
    b->samples[b->n++] = (struct wire_sample){
            .seq = ++b->seq,
            .t_ns = ag_clock_ns(b->clock),
            .value = value,
            .meter = (uint32_t)meter};
}

void ag_batch_sample(struct ag_batch *b, const bool *due)
{
    int64_t step = ag_clock_step_ns(b->clock);

    if (far(step - b->step_ns)) {
        log_line(
                LOG_WARN, "clock-set", "by_s=%lld in_all_s=%lld",
                (long long)seconds(step - b->step_ns),
                (long long)seconds(step));
        b->step_ns = step;
    }
    for (size_t i = 0; i < b->set->n; i++) {
        const struct ag_sensor *s = &b->set->sensors[i];
        int64_t value;

        if (s->inside || (due && !due[i]) || b->n >= WIRE_MAX_SAMPLES)
            continue;
        if (s->read(s, &value, &b->failed[i])) {
            b->failed[i].code = ERR_NONE;
            add(b, i, value);
        }
    }
}

/* Whole numbers beyond 2^53 are text: many readers round them. */
static void integer(struct json_out *j, const char *key, int64_t value)
{
    char text[NUM_TEXT + 4];

    if (value < INT64_C(1) << 53)
        json_int(j, key, value);
    else
        json_str(j, key, num_print_i128(value, text));
}

static void meter(struct json_out *j, const struct ag_sensor *s)
{
    json_begin_obj(j, NULL);
    json_str(j, "id", s->id);
    json_str(j, "scope", wire_scope_word(s->scope));
    json_str(j, "kind", wire_meter_kind_word(s->kind));
    json_str(
            j, "unit",
            wire_unit_word(s->kind == WIRE_COUNTER ? WIRE_UJ : WIRE_UW));
    if (s->range_uj >= 0)
        integer(j, "range", s->range_uj);
    if (s->max_w > 0)
        json_num(j, "max_w", s->max_w);
    if (s->modelled)
        json_bool(j, "modelled", true);
    json_end_obj(j);
}

/* A wall clock that was set is no sensor, but what the server's people look for
 * stands here. */
static void clock_set(struct json_out *j, int64_t by_ns)
{
    char reason[AG_REASON + 1];
    int64_t by_s = seconds(by_ns < 0 ? -by_ns : by_ns);

    snprintf(
            reason, sizeof reason,
            "the node's clock was set %lld s %s; times go on as before",
            (long long)by_s, by_ns < 0 ? "back" : "forward");
    json_begin_obj(j, NULL);
    json_str(j, "id", "clock");
    json_str(j, "reason", reason);
    json_end_obj(j);
}

static void missing(struct json_out *j, const struct ag_batch *b)
{
    char reason[AG_REASON + 1];
    size_t n = 0;

    json_begin_arr(j, "missing");
    if (far(b->step_ns)) {
        clock_set(j, b->step_ns);
        n++;
    }
    for (size_t i = 0; i < b->set->n; i++) {
        if (b->failed[i].code == ERR_NONE || n++ == WIRE_MAX_METERS)
            continue;
        snprintf(reason, sizeof reason, "%.*s", AG_REASON, b->failed[i].msg);
        ag_plain(reason);
        json_begin_obj(j, NULL);
        json_str(j, "id", b->set->sensors[i].id);
        json_str(j, "reason", reason);
        json_end_obj(j);
    }
    for (size_t i = 0; i < b->set->n_missing && n++ < WIRE_MAX_METERS; i++) {
        json_begin_obj(j, NULL);
        json_str(j, "id", b->set->missing[i].id);
        json_str(j, "reason", b->set->missing[i].reason);
        json_end_obj(j);
    }
    json_end_arr(j);
}

static void samples(struct json_out *j, const struct ag_batch *b, size_t *at)
{
    json_begin_arr(j, "samples");
    for (size_t i = 0; i < b->n; i++) {
        const struct wire_sample *s = &b->samples[i];

        json_begin_arr(j, NULL);
        integer(j, NULL, (int64_t)s->seq);
        integer(j, NULL, s->t_ns);
        json_int(j, NULL, (int64_t)at[s->meter]);
        integer(j, NULL, s->value);
        json_end_arr(j);
    }
    json_end_arr(j);
}

bool ag_batch_seal(struct ag_batch *b, struct buf *json, struct err *err)
{
    struct out *o = xmalloc(sizeof *o);
    struct json_out j;
    size_t *at = xcalloc(b->set->n + 1, sizeof *at), n = 0;
    bool ok;

    out_to_buf(o, json);
    json_out_init(&j, o, false);
    json_begin_obj(&j, NULL);
    json_str(&j, "agent", AG_NAME "/" FP_VERSION);
    json_str(&j, "run", b->run);
    json_str(&j, "boot", b->clock->boot[0] ? b->clock->boot : NULL);
    json_begin_arr(&j, "meters");
    for (size_t i = 0; i < b->set->n; i++) {
        if (b->set->sensors[i].inside)
            continue;
        at[i] = n++;
        meter(&j, &b->set->sensors[i]);
    }
    json_end_arr(&j);
    samples(&j, b, at);
    missing(&j, b);
    json_end_obj(&j);
    ok = out_finish(o, err);
    b->n = 0;
    free(at);
    free(o);
    return ok;
}

bool ag_gzip(const void *bytes, size_t len, struct buf *out, struct err *err)
{
    /* 2^13 bytes of window, small tables: a batch is a few kB of repetition,
     * and the memory is the node's. +16: a gzip header. */
    enum { WINDOW = 13 + 16, MEMORY = 5 };
    z_stream z = {0};
    unsigned char room[4096];
    int code;

    CHECK(len <= AG_BATCH_BYTES);
    if (deflateInit2(
                &z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW, MEMORY,
                Z_DEFAULT_STRATEGY) != Z_OK)
        return err_set(err, ERR_LIMIT, "no memory to compress a batch");
    z.next_in = (z_const Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)len;
    do {
        z.next_out = room;
        z.avail_out = sizeof room;
        code = deflate(&z, Z_FINISH);
        buf_add(out, room, sizeof room - z.avail_out);
    } while (code == Z_OK);
    deflateEnd(&z);
    CHECK(code == Z_STREAM_END);
    return !out->over || err_set(err, ERR_LIMIT,
                                 "a batch is larger than %zu bytes", out->max);
}
