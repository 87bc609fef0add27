/* SPDX-License-Identifier: Apache-2.0
 * Asks a service for grid values, stretch by stretch, and takes its answers in
 * as if they were files. */
#include "energy/grid_pull.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/access.h"
#include "base/file.h"
#include "base/http.h"
#include "base/text.h"
#include "importers/importers.h"

enum { MAX_DAYS = 3660, MAX_KEY = 4096, MAX_ANSWER = 32 * 1024 * 1024 };

const struct en_grid_service en_grid_services[] = {
        {.name = "rte",
         .what = "RTE eCO2mix through ODRE: direct, generation, France",
         .base = "https://odre.opendatasoft.com",
         .zone = "FR",
         .format = "rte-eco2mix",
         .days = 31},
        {.name = "electricitymaps",
         .what = "Electricity Maps: life cycle, consumption; needs a key",
         .base = "https://api.electricitymaps.com",
         .format = "electricitymaps",
         .needs_key = true,
         .days = 10},
        {.name = "uk",
         .what = "UK Carbon Intensity API: direct, Great Britain",
         .base = "https://api.carbonintensity.org.uk",
         .zone = "GB",
         .format = "uk-carbon-intensity",
         .days = 14},
        {.name = NULL},
};

const struct en_grid_service *en_grid_service(const char *name)
{
    for (const struct en_grid_service *s = en_grid_services; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

struct pull {
    const struct en_grid_ask *ask;
    struct en_grid_take *take;
    struct http http;
    struct buf header; /* with the key; "" none */
    uint64_t refused;
    struct err why; /* of the first refused */
    char *path;     /* of the answer, for its importer */
};

/* ---- taking an answer ------------------------------------------------------
 */

static bool on_grid(void *ctx, const struct wire_grid *g, struct err *err)
{
    struct pull *p = ctx;
    const char *column;

    return en_grid_check(g, &column, err) &&
           en_grid_take_value(p->take, g, err);
}

static bool on_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    struct pull *p = ctx;

    (void)err;
    if (p->refused++ == 0)
        err_set(&p->why, ERR_INVALID, "record %llu: %s: %s",
                (unsigned long long)r->row, r->column ? r->column : "",
                r->reason);
    return true;
}

static void on_warn(void *ctx, const char *place, const char *text)
{
    struct pull *p = ctx;

    (void)place;
    if (p->ask->say)
        p->ask->say(p->ask->ctx, p->ask->service->name, text);
}

static bool unwritten(const struct pull *p, struct err *err)
{
    return err_set(
            err, ERR_IO, "cannot write '%s': %s", p->path, strerror(errno));
}

static bool take(struct pull *p, const struct buf *body, struct err *err)
{
    const struct wire_sink sink = {
            .ctx = p, .grid = on_grid, .reject = on_reject, .warn = on_warn};
    FILE *f = fopen(p->path, "wb");
    bool ok;

    if (!f)
        return unwritten(p, err);
    ok = fwrite(buf_text(body), 1, body->len, f) == body->len;
    ok = (fclose(f) == 0 && ok) || unwritten(p, err);
    ok = ok && imp_read(p->path, p->ask->service->format, &sink, NULL, err);
    if (ok && p->refused)
        ok =
                err_set(err, ERR_INVALID, "%llu values refused; the first: %s",
                        (unsigned long long)p->refused, p->why.msg);
    return ok;
}

/* ---- asking
 * ------------------------------------------------------------------ */

static void encode(struct buf *b, const char *s)
{
    for (; *s; s++)
        if (isalnum((unsigned char)*s) || strchr("-_.~", *s))
            buf_char(b, *s);
        else
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)*s);
}

static void
rte_url(const char *from, const char *to, bool consolidated, struct buf *b)
{
    char where[120];

    buf_printf(
            b,
            "/api/explore/v2.1/catalog/datasets/eco2mix-national-%s/"
            "exports/json?select=date_heure,taux_co2,nature,perimetre"
            "&timezone=UTC&where=",
            consolidated ? "cons-def" : "tr");
    snprintf(
            where, sizeof where,
            "date_heure>=date'%sT00:00:00Z' and date_heure<date'%sT00:00:00Z'",
            from, to);
    encode(b, where);
}

static void
url_of(const struct pull *p, const char *from, const char *to, int round,
       struct buf *b)
{
    const struct en_grid_ask *ask = p->ask;
    const char *base = ask->base ? ask->base : ask->service->base;
    size_t n = strlen(base);

    while (n > 0 && base[n - 1] == '/')
        n--;
    buf_printf(b, "%.*s", (int)n, base);
    if (strcmp(ask->service->name, "rte") == 0) {
        rte_url(from, to, round == 0, b);
    } else if (strcmp(ask->service->name, "uk") == 0) {
        buf_printf(b, "/intensity/%sT00:00Z/%sT00:00Z", from, to);
    } else {
        buf_str(b, "/v3/carbon-intensity/past-range?zone=");
        encode(b, ask->zone);
        buf_printf(b, "&start=%sT00:00:00Z&end=%sT00:00:00Z", from, to);
    }
}

static bool status_ok(int status, struct err *err)
{
    if (status == 200)
        return true;
    if (status == 401 || status == 403)
        return err_set(
                err, ERR_DENIED, "it answers %d: expected a key that it takes",
                status);
    if (status == 429)
        return err_set(err, ERR_IO, "it answers 429: too many requests");
    return err_set(err, ERR_IO, "it answers %d", status);
}

static bool
fetch(struct pull *p, const char *url, struct buf *body, struct err *err)
{
    const char *headers[2] = {p->header.len ? p->header.p : NULL, NULL};
    const struct http_ask ask = {
            .url = url,
            .headers = headers,
            .max_bytes = MAX_ANSWER,
            .stop = p->ask->stop};
    struct http_reply reply = {0};
    bool ok = http_fetch(&p->http, &ask, &reply, err) &&
              status_ok(reply.status, err);

    if (ok)
        buf_add(body, reply.body.p ? reply.body.p : "", reply.body.len);
    http_reply_clear(&reply);
    return ok;
}

static bool is_empty(const struct buf *body)
{
    const char *s = buf_text(body);

    s += strspn(s, " \t\r\n");
    return *s == '\0' || (*s == '[' && s[1 + strspn(s + 1, " \t\r\n")] == ']');
}

/* RTE consolidates its values after some weeks; before that they are in
 * another table. */
static bool stretch(struct pull *p, int32_t from, int32_t to, struct err *err)
{
    int rounds = strcmp(p->ask->service->name, "rte") == 0 ? 2 : 1;
    char a[DATE_TEXT], b[DATE_TEXT];
    struct buf url, body;
    bool ok = true;

    date_print(date_from_days(from), a);
    date_print(date_from_days(to), b);
    buf_init(&url, HTTP_MAX_URL);
    buf_init(&body, MAX_ANSWER);
    for (int round = 0; ok && round < rounds; round++) {
        buf_reset(&url);
        buf_reset(&body);
        url_of(p, a, b, round, &url);
        ok = fetch(p, buf_text(&url), &body, err);
        if (ok && !is_empty(&body))
            break;
    }
    if (ok && is_empty(&body))
        on_warn(p, a, "it has no values in part of that time");
    else if (ok)
        ok = take(p, &body, err);
    if (!ok)
        err_in(err, "%s to %s", a, b);
    buf_clear(&url);
    buf_clear(&body);
    return ok;
}

/* ---- the whole
 * ------------------------------------------------------------------ */

static bool key_of(struct pull *p, struct err *err)
{
    struct buf key;
    bool ok;

    buf_init(&key, MAX_KEY);
    buf_init(&p->header, MAX_KEY + 100);
    if (!p->ask->key_file)
        return !p->ask->service->needs_key ||
               err_set(err, ERR_USAGE,
                       "%s needs a key: --key-file names the file that holds "
                       "it",
                       p->ask->service->name);
    ok = file_read(p->ask->key_file, MAX_KEY, &key, err);
    while (ok && key.len > 0 && isspace((unsigned char)key.p[key.len - 1]))
        key.p[--key.len] = '\0';
    if (ok &&
        (key.len == 0 || strpbrk(key.p, "\r\n") || strlen(key.p) != key.len))
        ok = err_set(
                err, ERR_INVALID, "'%.200s': expected one line with the key",
                p->ask->key_file);
    if (ok)
        buf_printf(&p->header, "auth-token: %s", key.p);
    if (key.p)
        acc_wipe(key.p, key.len);
    buf_clear(&key);
    return ok;
}

static bool ask_ok(struct en_grid_ask *ask, struct err *err)
{
    const char *own = ask->service->zone;

    if (own && ask->zone && !text_same(own, ask->zone))
        return err_set(
                err, ERR_INVALID, "%s has the zone %s alone, not '%.40s'",
                ask->service->name, own, ask->zone);
    if (own)
        ask->zone = own;
    if (!ask->zone || strlen(ask->zone) > 100)
        return err_set(
                err, ERR_USAGE, "%s: --zone names one, such as FR",
                ask->service->name);
    if (ask->from >= ask->to || ask->to - ask->from > MAX_DAYS)
        return err_set(
                err, ERR_INVALID,
                "expected --from before --to and at most %d days between",
                (int)MAX_DAYS);
    return true;
}

static bool all(struct pull *p, struct err *err)
{
    const struct en_grid_ask *ask = p->ask;

    for (int32_t day = ask->from; day < ask->to; day += ask->service->days) {
        int32_t end = day + ask->service->days;

        if (!stretch(p, day, end < ask->to ? end : ask->to, err))
            return false;
    }
    return en_grid_take_settle(p->take, err);
}

bool en_grid_pull(
        struct db *db, const struct en_grid_ask *ask,
        struct en_grid_counts *out, struct err *err)
{
    struct en_grid_ask own = *ask;
    struct pull p = {.ask = &own};
    struct err ignored = {0};
    bool ok = ask_ok(&own, err) && key_of(&p, err) && file_temp(&p.path, err);

    if (ok && en_grid_take_begin(db, ask->actor, &p.take, err)) {
        ok = all(&p, err);
        *out = *en_grid_take_counts(p.take);
        if (!en_grid_take_end(p.take, ok, ok ? err : &ignored))
            ok = false;
    } else {
        ok = false;
    }
    if (p.path)
        unlink(p.path);
    free(p.path);
    http_close(&p.http);
    if (p.header.p)
        acc_wipe(p.header.p, p.header.len);
    buf_clear(&p.header);
    return ok;
}
