/* SPDX-License-Identifier: Apache-2.0
 * Engines that answer Prometheus' HTTP API: every reading of a month, machines
 * in shards, from instant queries of a range (name{...}[744h]), which have no
 * limit of points and no extrapolation as increase() has. What was read becomes
 * months of the ledger at once; raw readings stay in the engine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "energy/pull_priv.h"

enum {
    SHARD = 200,          /* machines of a first request */
    MAX_POINTS = 4000000, /* of a request: 64 MB */
    MAX_SERIES = 200000,
    MAX_MACHINES = 1000000,
    MAX_QUERY = 256 * 1024,
    BUCKET_MS = 300000,
};
static const size_t max_answer = (size_t)1 << 30;

struct series {
    UT_hash_handle hh;
    const char *machine, *id;
    const struct imp_rule *rule;
    struct ep_point *points;
    size_t n, cap, begun; /* begun: where the stream being read starts */
    size_t streams;
    bool thinned;
    uint64_t read; /* with those left out */
    char key[];
};

struct engine {
    struct ep_run *run;
    const struct en_target *target;
    const char *label;
    struct buf names; /* "a|b": metrics of the map that it has */
    char **machines;
    size_t n_machines, shard;
    int month, to; /* to: the last one to read */
    int64_t start_ms, end_ms;
    /* of the answer being read */
    struct imp_matrix *matrix;
    struct err bad; /* what the answer has wrong; its rest is passed over */
    struct series *series, *at;
    size_t n_series, n_points;
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
    ok = strings_of(e, buf_text(&path), &names, &n, err);
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
    ok = strings_of(e, buf_text(&path), &e->machines, &e->n_machines, err);
    buf_clear(&path);
    return ok;
}

/* ---- reading an answer
 * -------------------------------------------------------- */

static void drop_series(struct engine *e)
{
    struct series *s, *next;

    HASH_ITER(hh, e->series, s, next)
    {
        HASH_DEL(e->series, s);
        free(s->points);
        free(s);
    }
    e->n_series = e->n_points = 0;
    e->at = NULL;
}

/* "node7:9100" is node7. */
static void
machine_of(const struct engine *e, const char *value, char *dst, size_t size)
{
    const char *colon = strrchr(value, ':');
    size_t n = strlen(value);

    if (strcmp(e->label, "instance") == 0 && colon && colon > value &&
        colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1) &&
        strchr(value, ':') == colon)
        n = (size_t)(colon - value);
    snprintf(dst, size, "%.*s", (int)n, value);
}

static bool on_series(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct engine *e = ctx;
    const struct imp_rule *rule = imp_metric_rule(e->run->map, m);
    const char *value = imp_metric_label(m, e->label);
    char machine[WIRE_MAX_METER_ID + 1], id[WIRE_MAX_METER_ID + 1];
    char key[2 * WIRE_MAX_METER_ID + 4];
    size_t len, room;
    char *text;

    e->at = NULL;
    if (!rule || (!e->target->machine && !value))
        return true;
    machine_of(
            e, e->target->machine ? e->target->machine : value, machine,
            sizeof machine);
    imp_metric_id(rule, m, id);
    snprintf(key, sizeof key, "%s\t%s", machine, id);
    len = strlen(key);
    HASH_FIND(hh, e->series, key, len, e->at);
    if (e->at) { /* pods and parts of a card repeat the card */
        e->at->begun = e->at->n;
        e->at->streams++;
        return true;
    }
    if (e->n_series++ == MAX_SERIES)
        return err_set(err, ERR_LIMIT, "more than %d series", (int)MAX_SERIES);
    room = len + 1;
    e->at = xcalloc(1, sizeof *e->at + 2 * room);
    memcpy(e->at->key, key, room);
    text = e->at->key + room;
    memcpy(text, key, room);
    text[strlen(machine)] = '\0';
    e->at->machine = text;
    e->at->id = text + strlen(machine) + 1;
    e->at->rule = rule;
    e->at->streams = 1;
    HASH_ADD(hh, e->series, key, len, e->at);
    return true;
}

/* Of a counter that rises, the first and the last reading of five minutes say
 * all of them: sums and hours are the same without those between. */
static bool thin(struct series *s, const struct ep_point *p)
{
    const struct ep_point *a = s->points + s->n - 2, *b = a + 1;

    if (s->rule->kind != WIRE_COUNTER || s->rule->sum || s->n - s->begun < 2 ||
        a->t_ms / BUCKET_MS != p->t_ms / BUCKET_MS || p->t_ms <= b->t_ms ||
        p->value < b->value || b->value < a->value)
        return false;
    s->points[s->n - 1] = *p;
    return s->thinned = true;
}

static bool on_point(void *ctx, int64_t t_ms, double value, struct err *err)
{
    struct engine *e = ctx;
    struct series *s = e->at;
    struct ep_point p = {.t_ms = t_ms};

    if (!s || t_ms < e->start_ms || t_ms >= e->end_ms ||
        !imp_metric_micro(s->rule, value, &p.value))
        return true;
    s->read++;
    if (s->n >= 2 && thin(s, &p))
        return true;
    if (e->n_points++ == MAX_POINTS)
        return err_set(
                err, ERR_LIMIT, "more than %d readings in one answer",
                (int)MAX_POINTS);
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 256;
        s->points = xreallocarray(s->points, s->cap, sizeof *s->points);
    }
    s->points[s->n++] = p;
    return true;
}

/* After the first thing wrong the rest is let pass, so that the status of the
 * answer is known; but not where it is only too much. */
static bool on_bytes(void *ctx, const char *bytes, size_t len, struct err *err)
{
    struct engine *e = ctx;

    if (e->bad.code == ERR_NONE &&
        !imp_matrix_feed(e->matrix, bytes, len, &e->bad) &&
        e->bad.code == ERR_LIMIT) {
        *err = e->bad;
        return false;
    }
    return true;
}

/* ---- a shard
 * ------------------------------------------------------------------- */

static void form_of(struct engine *e, size_t from, size_t n, struct buf *out)
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
            (long long)((e->end_ms - e->start_ms) / 1000 + 1));
    buf_str(out, "query=");
    encode(out, buf_text(&q));
    buf_printf(
            out, "&time=%lld.%03d", (long long)((e->end_ms - 1) / 1000),
            (int)((e->end_ms - 1) % 1000));
    buf_clear(&q);
}

static bool ask_shard(struct engine *e, size_t from, size_t n, struct err *err)
{
    const struct imp_matrix_to to = {on_series, on_point, e};
    struct buf form;
    struct err why = {0}, said = {0};
    bool ok;

    drop_series(e);
    err_clear(&e->bad);
    e->matrix = imp_matrix_begin(&to);
    buf_init(&form, 4 * MAX_QUERY);
    form_of(e, from, n, &form);
    ok = ep_fetch(
            e->run,
            &(struct ep_request){
                    .target = e->target,
                    .path = "/api/v1/query",
                    .form = buf_text(&form),
                    .max_bytes = max_answer,
                    .write = on_bytes,
                    .ctx = e},
            NULL, &why);
    if (ok && e->bad.code != ERR_NONE) {
        why = e->bad;
        ok = false;
    }
    if (ok)
        ok = imp_matrix_end(e->matrix, &why);
    else if (
            e->bad.code == ERR_NONE && !imp_matrix_end(e->matrix, &said) &&
            text_starts(said.msg, "the engine says"))
        why = said;
    imp_matrix_free(e->matrix);
    e->matrix = NULL;
    buf_clear(&form);
    return ok || (*err = why, false);
}

static int by_rank(const void *a, const void *b)
{
    const struct series *x = *(struct series *const *)a;
    const struct series *y = *(struct series *const *)b;
    int order = strcmp(x->machine, y->machine);

    if (order != 0)
        return order;
    if (x->rule->scope != y->rule->scope)
        return x->rule->scope < y->rule->scope ? -1 : 1;
    if (x->rule->rank != y->rule->rank)
        return x->rule->rank < y->rule->rank ? -1 : 1;
    return strcmp(x->id, y->id);
}

static int by_time(const void *a, const void *b)
{
    const struct ep_point *x = a, *y = b;

    if (x->t_ms != y->t_ms)
        return x->t_ms < y->t_ms ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

static int64_t added(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* In order of time; of several at one time the largest, or their sum where
 * all of them are there. */
static void settle(struct series *s)
{
    size_t n = 0, same = 1;
    bool sorted = s->streams == 1;

    for (size_t i = 1; sorted && i < s->n; i++)
        sorted = s->points[i - 1].t_ms < s->points[i].t_ms;
    if (sorted)
        return;
    qsort(s->points, s->n, sizeof *s->points, by_time);
    for (size_t i = 0; i < s->n; i += same) {
        struct ep_point p = s->points[i];

        for (same = 1; i + same < s->n && s->points[i + same].t_ms == p.t_ms;
             same++)
            p.value = s->rule->sum ? added(p.value, s->points[i + same].value)
                                   : s->points[i + same].value;
        if (!s->rule->sum || same == s->streams)
            s->points[n++] = p;
    }
    s->n = n;
}

static bool
write_one(struct engine *e, struct series *s, int64_t source, struct err *err)
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

    settle(s);
    if (!ep_meter(r->db, source, &meter, &id, err) ||
        !ep_month_write(
                r->db, id,
                &(struct ep_readings){
                        .kind = s->rule->kind,
                        .month = e->month,
                        .points = s->points,
                        .n = s->n,
                        .least_ns = s->thinned ? BUCKET_MS * 1000000LL : 0},
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
    return ep_source(r->db, "pull", name, machine_id, r->ask->now_s, id, err);
}

static bool
write_all(struct engine *e, struct series **items, size_t n, struct err *err)
{
    const struct series *best = NULL;
    const char *machine = NULL;
    int64_t source = 0;

    for (size_t i = 0; i < n; i++) {
        struct series *s = items[i];

        if (!machine || strcmp(machine, s->machine) != 0) {
            if (!source_of(e, s->machine, &source, err))
                return false;
            machine = s->machine;
            best = NULL;
        }
        if (!best || best->rule->scope != s->rule->scope)
            best = s;
        if (s->rule->rank == best->rule->rank && !write_one(e, s, source, err))
            return false;
    }
    return true;
}

/* The readings of a shard, in one transaction. */
static bool write_shard(struct engine *e, struct err *err)
{
    struct series **items = xcalloc(e->n_series + 1, sizeof *items), *s, *next;
    size_t n = 0;
    bool ok;

    HASH_ITER(hh, e->series, s, next)
    if (s->n > 0)
        items[n++] = s;
    qsort(items, n, sizeof *items, by_rank);
    ok = db_begin(e->run->db, err);
    if (ok) {
        ok = write_all(e, items, n, err) && db_commit(e->run->db, err);
        if (!ok)
            db_rollback(e->run->db);
    }
    free(items);
    drop_series(e);
    return ok;
}

/* Too much for one answer, for us or for the engine. */
static bool too_much(const struct err *why)
{
    return why->code == ERR_LIMIT || strstr(why->msg, "too many") ||
           strstr(why->msg, "limit") || strstr(why->msg, "timed out") ||
           strstr(why->msg, "timeout");
}

static bool month_shards(struct engine *e, struct err *err)
{
    size_t from = 0, all = e->target->machine ? 1 : e->n_machines;

    while (from < all) {
        size_t n = all - from < e->shard ? all - from : e->shard;
        struct err why = {0};

        if (ep_stopped(e->run))
            return err_set(err, ERR_IO, "stopped");
        if (!ask_shard(e, from, e->target->machine ? 0 : n, &why)) {
            if (!too_much(&why) || n == 1) {
                *err = why;
                return false;
            }
            e->shard = (n + 1) / 2; /* smaller from here on */
            continue;
        }
        if (!write_shard(e, err))
            return false;
        from += n;
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

    buf_init(&e.names, HTTP_MAX_URL / 2);
    ok = range_of(&e, &from, err);
    for (int month = from; ok && month <= e.to; month++)
        ok = one_month(&e, month, err);
    if (ok && r->out->months == before)
        ep_say(r, t->name,
               "it has no metric of the map in that time; 'energy map list' "
               "shows the map");
    drop_series(&e);
    free_strings(e.machines, e.n_machines);
    buf_clear(&e.names);
    return ok;
}
