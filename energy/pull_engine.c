/* SPDX-License-Identifier: Apache-2.0
 * Engines that answer Prometheus' HTTP API: every reading of a month, machines
 * in shards, from instant queries of a range (name{...}[744h]), which have no
 * limit of points and no extrapolation as increase() has. What was read becomes
 * months of the ledger at once; raw readings stay in the engine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "energy/pull_priv.h"

enum {
    SHARD = 200, /* machines of a first request */
    BUCKET_MS = EP_BUCKET_NS / 1000000,
    LEAST_SPAN_MS = 12 * BUCKET_MS,
    MAX_MACHINES = 1000000,
    MAX_QUERY = 256 * 1024,
};
static const size_t max_answer = (size_t)256 << 20;

struct engine {
    struct ep_run *run;
    const struct en_target *target;
    const char *label;
    struct buf names; /* "a|b": metrics of the map that it has */
    char **machines;
    size_t n_machines, shard;
    int month, to; /* to: the last one to read */
    int64_t start_ms, end_ms;
    int64_t span_ms; /* of one request; 0: all of the month */
    struct ep_answer answer;
};

/* ---- asking -----------------------------------------------------------------
 */

static void encode(struct buf *b, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || strchr("-_.~", c))
            buf_char(b, *s);
        else
            buf_printf(b, "%%%02X", c);
    }
}

/* A text inside a regular expression inside a string of PromQL. */
static void quote_regex(struct buf *b, const char *s)
{
    for (; *s; s++) {
        if (strchr("\\.+*?()|[]{}^$", *s))
            buf_str(b, "\\\\");
        if (*s == '\\' || *s == '"')
            buf_char(b, '\\');
        if (*s == '\n')
            buf_str(b, "\\n");
        else
            buf_char(b, *s);
    }
}

/* The strings of {"status":"success","data":[...]}. */
static bool strings_of(
        struct engine *e, const char *path, char ***out, size_t *n,
        struct err *err)
{
    const struct ep_request q = {
            .target = e->target, .path = path, .max_bytes = HTTP_MAX_BODY};
    const cJSON *data, *item;
    cJSON *root = NULL;
    struct buf body;
    bool ok = false;

    buf_init(&body, HTTP_MAX_BODY);
    if (!ep_fetch(e->run, &q, &body, err))
        goto done;
    if (!json_parse(buf_text(&body), body.len, &root, err))
        goto done;
    data = cJSON_GetObjectItemCaseSensitive(root, "data");
    if (!cJSON_IsArray(data)) {
        err_set(err, ERR_INVALID, "expected a list of label values");
        goto done;
    }
    if (cJSON_GetArraySize(data) > MAX_MACHINES) {
        err_set(err, ERR_LIMIT, "more than %d values of one label",
                (int)MAX_MACHINES);
        goto done;
    }
    *out = xcalloc((size_t)cJSON_GetArraySize(data) + 1, sizeof **out);
    *n = 0;
    cJSON_ArrayForEach(item, data)
    {
        if (cJSON_IsString(item) && item->valuestring[0] &&
            strlen(item->valuestring) <= 500)
            (*out)[(*n)++] = xstrdup(item->valuestring);
    }
    ok = true;
done:
    cJSON_Delete(root);
    buf_clear(&body);
    return ok;
}

static void free_strings(char **items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(items[i]);
    free(items);
}

static void values_path(
        struct engine *e, const char *label, const char *names, struct buf *out)
{
    const char *matchers = e->target->matchers;
    struct buf match;

    buf_init(&match, HTTP_MAX_URL);
    buf_printf(
            out, "/api/v1/label/%s/values?start=%lld&end=%lld", label,
            (long long)(e->start_ms / 1000), (long long)(e->end_ms / 1000));
    if (names || matchers) {
        buf_char(&match, '{');
        if (names)
            buf_printf(&match, "__name__=~\"%s\"", names);
        buf_printf(
                &match, "%s%s}", names && matchers ? "," : "",
                matchers ? matchers : "");
        buf_str(out, "&match[]=");
        encode(out, buf_text(&match));
    }
    buf_clear(&match);
}

static bool path_ok(const struct buf *path, struct err *err)
{
    return !path->over ||
           err_set(err, ERR_LIMIT,
                   "more metrics or longer matchers than an address can hold");
}

/* Which metrics of the map the engine has in the month. */
static bool find_names(struct engine *e, struct err *err)
{
    char **names = NULL;
    struct buf path;
    size_t n = 0;
    bool ok;

    buf_init(&path, HTTP_MAX_URL);
    buf_reset(&e->names);
    values_path(e, "__name__", NULL, &path);
    ok = path_ok(&path, err) && strings_of(e, buf_text(&path), &names, &n, err);
    for (size_t i = 0; ok && i < n; i++) {
        const struct imp_rule *r;
        bool own, wanted = false;

        for (size_t k = 0;
             (r = imp_metric_map_at(e->run->map, k, &own)) != NULL; k++)
            wanted = wanted || (r->kind != WIRE_METER_KINDS &&
                                strcmp(r->metric, names[i]) == 0);
        if (wanted)
            buf_printf(&e->names, "%s%s", e->names.len ? "|" : "", names[i]);
    }
    free_strings(names, n);
    buf_clear(&path);
    return ok;
}

static bool find_machines(struct engine *e, struct err *err)
{
    struct buf path;
    bool ok;

    free_strings(e->machines, e->n_machines);
    e->machines = NULL;
    e->n_machines = 0;
    if (e->target->machine) /* all of it is that machine's */
        return true;
    buf_init(&path, HTTP_MAX_URL);
    values_path(e, e->label, buf_text(&e->names), &path);
    ok = path_ok(&e->names, err) && path_ok(&path, err) &&
         strings_of(e, buf_text(&path), &e->machines, &e->n_machines, err);
    buf_clear(&path);
    return ok;
}

/* ---- a shard
 * ------------------------------------------------------------------- */

static void
form_of(struct engine *e, size_t from, size_t n, int64_t start_ms,
        int64_t end_ms, struct buf *out)
{
    const char *matchers = e->target->matchers;
    struct buf q;

    buf_init(&q, MAX_QUERY);
    buf_printf(&q, "{__name__=~\"%s\"", buf_text(&e->names));
    if (matchers)
        buf_printf(&q, ",%s", matchers);
    if (n > 0)
        buf_printf(&q, ",%s=~\"", e->label);
    for (size_t i = 0; i < n; i++) {
        buf_str(&q, i ? "|" : "");
        quote_regex(&q, e->machines[from + i]);
    }
    /* A second more, since some engines leave out the first instant. */
    buf_printf(
            &q, "%s}[%llds]", n > 0 ? "\"" : "",
            (long long)((end_ms - start_ms) / 1000 + 1));
    buf_str(out, "query=");
    encode(out, buf_text(&q));
    buf_printf(
            out, "&time=%lld.%03d", (long long)((end_ms - 1) / 1000),
            (int)((end_ms - 1) % 1000));
    buf_clear(&q);
}

static bool ask_span(
        struct engine *e, size_t from, size_t n, int64_t start_ms,
        int64_t end_ms, struct err *err)
{
    struct buf form;
    struct err why = {0};
    bool ok;

    ep_answer_begin(&e->answer, start_ms, end_ms);
    buf_init(&form, 4 * MAX_QUERY);
    form_of(e, from, n, start_ms, end_ms, &form);
    ok = form.over ? err_set(&why, ERR_LIMIT, "a query that is too long")
                   : ep_fetch(
                             e->run,
                             &(struct ep_request){
                                     .target = e->target,
                                     .path = "/api/v1/query",
                                     .form = buf_text(&form),
                                     .max_bytes = max_answer,
                                     .write = ep_answer_bytes,
                                     .ctx = &e->answer},
                             NULL, &why);
    ok = ep_answer_end(&e->answer, ok, &why);
    buf_clear(&form);
    if (!ok)
        *err = why;
    return ok;
}

/* A month of some machines, in one request or in several. Spans end where five
 * minutes do, so that what is kept of them is what one answer would keep. */
static bool ask_shard(struct engine *e, size_t from, size_t n, struct err *err)
{
    int64_t end;

    ep_answer_drop(&e->answer);
    e->answer.spans = e->span_ms > 0;
    for (int64_t at = e->start_ms; at < e->end_ms; at = end) {
        end = e->span_ms && at + e->span_ms < e->end_ms ? at + e->span_ms
                                                        : e->end_ms;
        if (ep_stopped(e->run))
            return err_set(err, ERR_IO, "stopped");
        if (!ask_span(e, from, n, at, end, err))
            return false;
    }
    return true;
}

/* Machines differ: the next one is asked for more at once. */
static void longer(struct engine *e)
{
    e->span_ms *= 4;
    if (e->span_ms >= e->end_ms - e->start_ms)
        e->span_ms = 0;
}

/* Half of what was asked for; false where that is an hour already. */
static bool shorter(struct engine *e)
{
    int64_t span = e->span_ms ? e->span_ms : e->end_ms - e->start_ms;

    if (span <= LEAST_SPAN_MS || e->answer.full)
        return false;
    e->span_ms = (span / 2 + BUCKET_MS - 1) / BUCKET_MS * BUCKET_MS;
    return true;
}

static int by_machine(const void *a, const void *b)
{
    const struct ep_series *x = *(struct ep_series *const *)a;
    const struct ep_series *y = *(struct ep_series *const *)b;
    int order = strcmp(x->machine, y->machine);

    if (order != 0)
        return order;
    return strcmp(x->id, y->id);
}

static bool write_one(
        struct engine *e, struct ep_series *s, int64_t source, struct err *err)
{
    struct ep_run *r = e->run;
    const struct wire_meter meter = {
            .id = s->id,
            .scope = s->rule->scope,
            .kind = s->rule->kind,
            .unit = s->rule->unit,
            .modelled = s->rule->modelled};
    int64_t id;
    int stale;

    ep_series_settle(s);
    if (!ep_meter(r->db, source, &meter, &id, err) ||
        !ep_month_write(
                r->db, id,
                &(struct ep_readings){
                        .kind = s->rule->kind,
                        .month = e->month,
                        .points = s->points,
                        .n = s->n,
                        .least_ns = s->thinned ? EP_BUCKET_NS : 0},
                &stale, err))
        return false;
    if (stale > e->to)
        e->to = stale;
    r->out->months++;
    r->out->points += s->read;
    return true;
}

static bool
source_of(struct engine *e, const char *machine, int64_t *id, struct err *err)
{
    struct ep_run *r = e->run;
    char name[400];
    int64_t machine_id = e->target->machine_id;

    snprintf(name, sizeof name, "%s/%s", e->target->name, machine);
    if (!machine_id && !ep_machine(r->db, machine, &machine_id, err))
        return false;
    r->out->unlinked += machine_id == 0;
    r->out->sources++;
    return ep_source(
                   r->db, "pull", name, machine_id, r->ask->now_s,
                   r->ask->actor, id, err) &&
           ep_source_seen(r->db, *id, r->ask->now_s, err);
}

/* The series of one machine that count. */
static bool write_machine(
        struct engine *e, struct ep_series **items, size_t n, struct err *err)
{
    struct ep_candidate *c = xcalloc(n + 1, sizeof *c);
    int64_t source;
    bool ok;

    for (size_t i = 0; i < n; i++)
        c[i] = (struct ep_candidate){
                .rule = items[i]->rule, .by = items[i]->by};
    ep_best(c, n);
    ok = source_of(e, items[0]->machine, &source, err);
    for (size_t i = 0; ok && i < n; i++)
        ok = c[i].out || write_one(e, items[i], source, err);
    free(c);
    return ok;
}

static bool
write_all(struct engine *e, struct ep_series **items, size_t n, struct err *err)
{
    for (size_t i = 0, to; i < n; i = to) {
        for (to = i + 1;
             to < n && strcmp(items[to]->machine, items[i]->machine) == 0;)
            to++;
        if (!write_machine(e, items + i, to - i, err))
            return false;
    }
    return true;
}

/* The readings of a shard, in one transaction. */
static bool write_shard(struct engine *e, struct err *err)
{
    struct ep_series **items = xcalloc(e->answer.n_series + 1, sizeof *items),
                     *s, *next;
    size_t n = 0;
    bool ok;

    HASH_ITER(hh, e->answer.series, s, next)
    if (s->n > 0)
        items[n++] = s;
    qsort(items, n, sizeof *items, by_machine);
    ok = db_begin(e->run->db, err);
    if (ok) {
        ok = write_all(e, items, n, err) && db_commit(e->run->db, err);
        if (!ok)
            db_rollback(e->run->db);
    }
    free(items);
    ep_answer_drop(&e->answer);
    return ok;
}

/* Too much for one answer, for us or for the engine. */
static bool too_much(const struct err *why)
{
    return why->code == ERR_LIMIT || strstr(why->msg, "too many") ||
           strstr(why->msg, "limit") || strstr(why->msg, "timed out") ||
           strstr(why->msg, "timeout");
}

/* Is the machine at i that of the one before, by its values of the label? */
static bool same_machine(const struct engine *e, size_t i)
{
    char a[WIRE_MAX_METER_ID + 1], b[WIRE_MAX_METER_ID + 1];

    ep_answer_machine(&e->answer, e->machines[i - 1], a, sizeof a);
    ep_answer_machine(&e->answer, e->machines[i], b, sizeof b);
    return strcmp(a, b) == 0;
}

static bool month_shards(struct engine *e, struct err *err)
{
    size_t from = 0, all = e->target->machine ? 1 : e->n_machines;

    while (from < all) {
        size_t n = all - from < e->shard ? all - from : e->shard;
        struct err why = {0};

        /* All ports of a machine in one answer: they may repeat each other. */
        while (!e->target->machine && from + n < all &&
               same_machine(e, from + n))
            n++;
        if (ep_stopped(e->run))
            return err_set(err, ERR_IO, "stopped");
        if (!ask_shard(e, from, e->target->machine ? 0 : n, &why)) {
            if (!too_much(&why) || (e->shard == 1 && !shorter(e))) {
                *err = why;
                return false;
            }
            /* Fewer machines from here on, then shorter spans of one. */
            if (e->shard > 1)
                e->shard = n < e->shard ? (n + 1) / 2 : (e->shard + 1) / 2;
            continue;
        }
        if (!write_shard(e, err))
            return false;
        longer(e);
        from += n;
        ep_progress(e->run, e->target->name, e->month, from, all);
    }
    return true;
}

/* ---- months
 * --------------------------------------------------------------------- */

static int month_at(int64_t t_s)
{
    struct date d = date_from_days((int32_t)(t_s / 86400));

    return d.year * 12 + d.month - 1;
}

static bool latest_month(struct engine *e, int *month, struct err *err)
{
    struct stmt *q = ep_stmt(e->run->db, EP_LATEST, err);
    char front[120];
    bool row, ok;

    *month = 0;
    if (!q)
        return false;
    snprintf(front, sizeof front, "%s/", e->target->name);
    stmt_text(q, ":front", front);
    ok = stmt_step(q, &row, err);
    if (ok && row && !stmt_is_null(q, 0))
        *month = (int)stmt_col_int(q, 0);
    stmt_reset(q);
    return ok;
}

/* From the month of the last pull, else the target's first one, else this one.
 */
static bool range_of(struct engine *e, int *from, struct err *err)
{
    const struct en_pull_ask *ask = e->run->ask;
    const char *since = e->target->since;
    int now = month_at(ask->now_s), latest;

    if (!latest_month(e, &latest, err))
        return false;
    *from = ask->from_month ? ask->from_month : latest ? latest : now;
    if (!ask->from_month && !latest && since)
        *from = (since[0] - '0') * 12000 + (since[1] - '0') * 1200 +
                (since[2] - '0') * 120 + (since[3] - '0') * 12 +
                (since[5] - '0') * 10 + (since[6] - '0') - 1;
    e->to = ask->to_month && ask->to_month < now ? ask->to_month : now;
    return true;
}

static bool one_month(struct engine *e, int month, struct err *err)
{
    int64_t now_ms = e->run->ask->now_s * 1000;

    e->month = month;
    e->start_ms = ep_month_start_ms(month);
    e->end_ms = ep_month_start_ms(month + 1);
    if (e->end_ms > now_ms)
        e->end_ms = now_ms;
    if (e->end_ms <= e->start_ms)
        return true;
    if (!find_names(e, err))
        return false;
    if (e->names.len == 0)
        return true;
    return find_machines(e, err) && month_shards(e, err);
}

bool ep_pull_engine(
        struct ep_run *r, const struct en_target *t, struct err *err)
{
    struct engine e = {
            .run = r,
            .target = t,
            .label = t->label ? t->label : "instance",
            .shard = SHARD};
    uint64_t before = r->out->months;
    int from;
    bool ok;

    e.answer = (struct ep_answer){
            .map = r->map, .label = e.label, .machine = t->machine};
    buf_init(&e.names, HTTP_MAX_URL / 2);
    ok = range_of(&e, &from, err);
    for (int month = from; ok && month <= e.to; month++)
        ok = one_month(&e, month, err);
    if (ok && r->out->months == before)
        ep_say(r, t->name,
               "it has no metric of the map in that time; 'energy map list' "
               "shows the map");
    ep_answer_drop(&e.answer);
    free_strings(e.machines, e.n_machines);
    buf_clear(&e.names);
    return ok;
}
