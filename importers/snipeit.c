/* SPDX-License-Identifier: Apache-2.0
 * Snipe-IT's API: assets with their dates, which agents lack. The category
 * decides what is a computer or a screen; the rest is passed over. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/json_priv.h"

struct snipe {
    struct imp_host host;
    uint64_t others;
    char categories[300]; /* of the others, each once */
};

/* Words in the order in which they decide. */
static bool category_of(const char *name, enum calc_category *category)
{
    static const struct {
        const char *word;
        enum calc_category category;
    } words[] = {
            {"laptop", CALC_LAPTOP},
            {"notebook", CALC_LAPTOP},
            {"macbook", CALC_LAPTOP},
            {"portable", CALC_LAPTOP},
            {"ultrabook", CALC_LAPTOP},
            {"workstation", CALC_WORKSTATION},
            {"gpu", CALC_GPU_NODE},
            {"server", CALC_SERVER},
            {"serveur", CALC_SERVER},
            {"compute node", CALC_SERVER},
            {"storage", CALC_STORAGE},
            {"screen", CALC_SCREEN_UNIT},
            {"monitor", CALC_SCREEN_UNIT},
            {"display", CALC_SCREEN_UNIT},
            {"\xC3\xA9"
             "cran",
             CALC_SCREEN_UNIT},
            {"ecran", CALC_SCREEN_UNIT},
            {"desktop", CALC_DESKTOP},
            {"imac", CALC_DESKTOP},
            {"mac mini", CALC_DESKTOP},
            {"thin client", CALC_DESKTOP},
            {"computer", CALC_DESKTOP},
            {"ordinateur", CALC_DESKTOP},
            {"all-in-one", CALC_DESKTOP},
    };
    char key[80];

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (imp_has(name, words[i].word)) {
            *category = words[i].category;
            return true;
        }
    text_key(name, strlen(name), key, sizeof key);
    *category = CALC_DESKTOP;
    return strcmp(key, "pc") == 0 || strcmp(key, "pcs") == 0 ||
           text_starts(key, "pc_");
}

static void read_date(const cJSON *row, const char *path, struct date *to)
{
    const cJSON *v = imp_at(row, path);
    struct date d;

    if (cJSON_IsObject(v))
        v = imp_at(v, imp_at(v, "date") ? "date" : "datetime");
    if (cJSON_IsString(v) &&
        date_parse(v->valuestring, strnlen(v->valuestring, 10), &d, NULL))
        *to = d;
}

/* The end of the guarantee, or its months after the purchase. */
static void read_warranty(const cJSON *row, struct wire_machine *m)
{
    double months = imp_num(row, "warranty_months");
    int all;

    read_date(row, "warranty_expires", &m->warranty_end);
    if (date_known(m->warranty_end) || !date_known(m->acquired_on) ||
        !(months >= 1 && months <= 240) || !m->acquired_on.month)
        return;
    all = m->acquired_on.month - 1 + (int)months;
    m->warranty_end = (struct date){
            .year = (int16_t)(m->acquired_on.year + all / 12),
            .month = (uint8_t)(all % 12 + 1)};
}

static void read_status(struct imp_host *h, const cJSON *row)
{
    static const struct {
        const char *word;
        enum calc_status status;
    } words[] = {
            {"deployed", CALC_IN_SERVICE},
            {"deployable", CALC_STOCK},
            {"pending", CALC_RECEIVED},
            {"archived", CALC_RETIRED},
    };
    const char *meta = imp_str(h, row, "status_label/status_meta");

    if (!meta)
        meta = imp_str(h, row, "status_label/status_type");
    for (size_t i = 0; meta && i < sizeof words / sizeof *words; i++)
        if (text_same(meta, words[i].word)) {
            h->m.has_status = true;
            h->m.status = words[i].status;
            return;
        }
    if (meta)
        imp_host_note(h, "Snipe-IT status %.60s", meta);
}

/* Names hold "&quot;" and the like, as they are made for pages. */
static const char *plain(struct imp_host *h, const cJSON *row, const char *path)
{
    static const struct {
        const char *entity, *text;
    } entities[] = {
            {"&quot;", "\""},
            {"&#039;", "'"},
            {"&amp;", "&"},
            {"&lt;", "<"},
            {"&gt;", ">"}};
    const char *raw = imp_raw(h, row, path);
    char *copy = arena_str(&h->arena, raw), *to = copy;

    for (const char *from = copy; from && *from;) {
        size_t i = 0, n = sizeof entities / sizeof *entities;

        while (i < n && strncmp(from, entities[i].entity,
                                strlen(entities[i].entity)) != 0)
            i++;
        *to++ = i < n ? entities[i].text[0] : *from;
        from += i < n ? strlen(entities[i].entity) : 1;
    }
    if (to)
        *to = '\0';
    return imp_host_text(h, path, copy);
}

static void remember(struct snipe *s, const char *category)
{
    size_t len = strlen(s->categories);

    s->others++;
    if (!strstr(s->categories, category) &&
        len + strlen(category) + 3 < sizeof s->categories)
        snprintf(
                s->categories + len, sizeof s->categories - len, "%s%s",
                len ? ", " : "", category);
}

static bool read_asset(struct snipe *s, const cJSON *row, struct err *err)
{
    struct imp_host *h = &s->host;
    struct wire_machine *m = &h->m;
    const char *category = plain(h, row, "category/name");
    const char *cost = imp_str(h, row, "purchase_cost");

    if (!category || !category_of(category, &m->category)) {
        remember(s, category ? category : "no category");
        return true;
    }
    m->has_category = m->partial = true;
    m->tag = plain(h, row, "asset_tag");
    m->name = plain(h, row, "name");
    m->serial = plain(h, row, "serial");
    m->manufacturer = plain(h, row, "manufacturer/name");
    m->product = plain(h, row, "model/name");
    m->site = plain(h, row, "location/name");
    if (!m->site)
        m->site = plain(h, row, "rtd_location/name");
    if (m->category == CALC_LAPTOP)
        m->chassis = CALC_LAPTOP_CASE;
    read_date(row, "purchase_date", &m->acquired_on);
    read_warranty(row, m);
    read_status(h, row);
    if (cost) /* in the currency of the installation, which is not said */
        imp_host_note(h, "purchase cost %.40s", cost);
    return imp_host_deliver(h, err);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct snipe *s = ctx;

    imp_host_begin(&s->host, r->index);
    if (!r->value)
        return imp_refuse_record(&s->host, r, err);
    if (!imp_at(r->value, "asset_tag") && !imp_at(r->value, "serial"))
        return imp_host_refuse(
                &s->host, "asset_tag", NULL,
                "not an asset of Snipe-IT, expected an object with asset_tag",
                err);
    return read_asset(s, r->value, err);
}

static bool on_rest(void *ctx, const cJSON *root, struct err *err)
{
    struct snipe *s = ctx;
    double total = imp_num(root, "total");

    (void)err;
    if (total > (double)s->host.record)
        imp_host_warn(
                &s->host,
                "%llu of %.0f assets: ask for the others with offset and "
                "import them too",
                (unsigned long long)s->host.record, total);
    return true;
}

static bool
snipe_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"rows", NULL};
    struct snipe *s = xcalloc(1, sizeof *s);
    struct json_cut cut = {
            .lists = lists, .record = on_record, .rest = on_rest, .ctx = s};
    bool ok;

    imp_host_open(&s->host, sink, path);
    ok = imp_json_cut(&s->host, path, &cut, err);
    imp_host_begin(&s->host, 0);
    if (ok && cut.count == 0)
        imp_host_warn(&s->host, "no assets in this answer");
    if (ok && s->others)
        imp_host_warn(
                &s->host,
                "%llu assets are neither computer nor screen by their category "
                "and are passed over: %s",
                (unsigned long long)s->others, s->categories);
    imp_host_close(&s->host);
    free(s);
    return ok;
}

static int snipe_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    if (!imp_head_json(head, len))
        return 0;
    if (imp_head_has(head, len, "\"total\"") &&
        imp_head_no_list(head, len, "\"rows\""))
        return 50;
    if (!imp_head_has(head, len, "\"asset_tag\""))
        return 0;
    if (imp_head_has(head, len, "\"rows\""))
        return 92;
    return imp_head_has(head, len, "\"status_label\"") ? 85 : 0;
}

const struct imp_format imp_snipeit = {
        .name = "snipeit",
        .what = "Snipe-IT's API: /api/v1/hardware",
        .recognise = snipe_recognise,
        .read = snipe_read,
};
