/* SPDX-License-Identifier: Apache-2.0
 * Redfish: single resources saved from a BMC, and trees of files in which each
 * stands at its path. The resources of one service are gathered first; then
 * each of its systems becomes a machine with the parts that lead to it. */
#include "importers/redfish_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct redfish { /* the files of one import */
    struct imp_host host;
    struct rf_tree tree; /* of the service being read */
    uint64_t systems;
    bool single; /* one file alone */
};

/* ---- ids ---------------------------------------------------------------- */

static bool same_ids(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char x = a[i], y = b[i];

        x = x >= 'A' && x <= 'Z' ? (char)(x - 'A' + 'a') : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y - 'A' + 'a') : y;
        if (x != y || !x)
            return false;
    }
    return true;
}

/* iLO writes "/redfish/v1/Systems/1/", others without the slash. */
static size_t id_len(const char *id)
{
    size_t n = strlen(id);

    while (n > 1 && id[n - 1] == '/')
        n--;
    return n;
}

bool rf_below(const char *id, const char *parent)
{
    size_t n = id_len(parent);

    return same_ids(id, parent, n) && (id[n] == '/' || !id[n]);
}

bool rf_linked(const cJSON *v, const char *path, const char *id)
{
    const cJSON *list = imp_at(v, path), *link;
    size_t n = strlen(id);

    cJSON_ArrayForEach(link, list)
    {
        const cJSON *to = imp_at(link, "@odata.id");

        if (cJSON_IsString(to) && id_len(to->valuestring) == n &&
            same_ids(to->valuestring, id, n))
            return true;
    }
    return false;
}

const char *rf_state(const cJSON *v)
{
    const cJSON *state = imp_at(v, "Status/State");

    return cJSON_IsString(state) ? state->valuestring : "";
}

/* iLO 4 had its own names for both before there was a standard. */
static const cJSON *id_of(const cJSON *v)
{
    const cJSON *id = imp_at(v, "@odata.id");

    return id ? id : imp_at(v, "links/self/href");
}

static const cJSON *type_of(const cJSON *v)
{
    const cJSON *type = imp_at(v, "@odata.type");

    return type || imp_at(v, "@odata.id") || !imp_at(v, "links/self/href")
                   ? type
                   : imp_at(v, "Type");
}

/* ---- resources ---------------------------------------------------------- */

/* "#Processor.v1_2_0.Processor" and older "#Processor.1.0.0.Processor". */
static bool kind_of(const char *type, enum rf_kind *kind)
{
    static const struct {
        const char *type;
        enum rf_kind kind;
    } types[] = {
            {"ComputerSystem", RF_SYSTEM},
            {"Processor", RF_PROCESSOR},
            {"Memory", RF_MEMORY},
            {"HpMemory", RF_MEMORY},
            {"HpeMemory", RF_MEMORY},
            {"Drive", RF_DRIVE},
            {"HpSmartStorageDiskDrive", RF_DRIVE},
            {"HpeSmartStorageDiskDrive", RF_DRIVE},
            {"SimpleStorage", RF_SIMPLE},
            {"Storage", RF_STORAGE},
            {"Chassis", RF_CHASSIS},
            {"Power", RF_POWER},
            {"PowerSupply", RF_SUPPLY},
            {"PCIeDevice", RF_PCIE},
            {"HpeServerDevice", RF_DEVICE},
    };
    const char *last = strrchr(type, '.');
    size_t n;

    type += *type == '#';
    n = strcspn(type, ".");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i].type) == n && memcmp(types[i].type, type, n) == 0) {
            *kind = types[i].kind;
            /* "#Power.v1_5_0.PowerControl" is a part of one */
            return !last || strcmp(last + 1, types[i].type) == 0 ||
                   (last[1] >= '0' && last[1] <= '9');
        }
    return false;
}

/* A document saved without its type is what its path says: a member of the
 * collection that the folder above it is. */
static bool kind_of_path(const cJSON *v, enum rf_kind *kind)
{
    static const struct {
        const char *folder;
        enum rf_kind kind;
    } folders[] = {
            {"/Systems", RF_SYSTEM},  {"/Processors", RF_PROCESSOR},
            {"/Memory", RF_MEMORY},   {"/Drives", RF_DRIVE},
            {"/Storage", RF_STORAGE}, {"/SimpleStorage", RF_SIMPLE},
    };
    const cJSON *at = imp_at(v, "@odata.id");
    const char *id = cJSON_IsString(at) ? at->valuestring : "";
    size_t n = id_len(id);

    while (n > 0 && id[n - 1] != '/')
        n--;
    if (n < 2 || imp_at(v, "@odata.type") || imp_at(v, "Members") ||
        !v->child->next)
        return false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t len = strlen(folders[i].folder);

        if (n - 1 > len && same_ids(id + n - 1 - len, folders[i].folder, len)) {
            *kind = folders[i].kind;
            return true;
        }
    }
    return false;
}

/* The members of a collection, settings that wait for the next start, and
 * capabilities of a collection are no systems. */
static bool is_system(const char *id)
{
    const char *at = strstr(id, "/Systems/");

    if (!at)
        at = strstr(id, "/systems/");
    if (!at)
        return true;
    at += 9;
    return !strchr(at, '/') && !text_same(at, "Capabilities");
}

static bool
add_item(struct rf_tree *t, const cJSON *v, enum rf_kind kind, struct err *err)
{
    const cJSON *id = id_of(v);
    struct rf_item *item;
    const char *path;

    if (!cJSON_IsString(id))
        return true;
    path = arena_strn(&t->arena, id->valuestring, id_len(id->valuestring));
    if (kind == RF_SYSTEM && !is_system(path))
        return true;
    if (t->n_items == RF_MAX_ITEMS)
        return err_set(
                err, ERR_LIMIT, "more than %d resources of one service",
                (int)RF_MAX_ITEMS);
    t->items = xreallocarray(t->items, t->n_items + 1, sizeof *t->items);
    item = &t->items[t->n_items++];
    *item = (struct rf_item){.kind = kind, .id = path, .v = v};
    t->n_systems += kind == RF_SYSTEM;
    return true;
}

/* All resources in a document: $expand puts members where links would be. A
 * link has an id and nothing else. */
static bool add_items(struct rf_tree *t, const cJSON *root, struct err *err)
{
    const cJSON *up[JSON_MAX_DEPTH + 1], *v = root;
    size_t depth = 0;
    enum rf_kind untyped;

    if (cJSON_IsObject(root) && kind_of_path(root, &untyped) &&
        !add_item(t, root, untyped, err))
        return false;
    while (v) {
        const cJSON *type = cJSON_IsObject(v) ? type_of(v) : NULL;
        enum rf_kind kind;

        if (cJSON_IsString(type) && kind_of(type->valuestring, &kind) &&
            !add_item(t, v, kind, err))
            return false;
        if (v->child) {
            up[depth++] = v;
            v = v->child;
            continue;
        }
        while (depth > 0 && !v->next)
            v = up[--depth];
        v = depth > 0 ? v->next : NULL;
    }
    return true;
}

/* ---- services ----------------------------------------------------------- */

static void tree_clear(struct rf_tree *t)
{
    for (size_t i = 0; i < t->n_docs; i++)
        cJSON_Delete(t->docs[i]);
    free(t->docs);
    free(t->items);
    free(t->root);
    arena_clear(&t->arena);
    *t = (struct rf_tree){0};
}

/* The folder in which the paths of a service start: that of the file, without
 * as many of its last folders as the resource's own path has. *sure: there
 * are such, or the file stands for itself. */
static char *root_of(const char *path, const char *id, bool *sure)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0, m = id_len(id);

    *sure = !slash || !text_same(slash + 1, "index.json");
    if (*sure)
        return xstrndup(path, n);
    for (;;) {
        size_t a = n, b = m;

        while (a > 0 && path[a - 1] != '/')
            a--;
        while (b > 0 && id[b - 1] != '/')
            b--;
        if (a == n || b == m || n - a != m - b ||
            !same_ids(path + a, id + b, n - a))
            return xstrndup(path, n);
        *sure = true;
        n = a > 0 ? a - 1 : 0;
        m = b > 0 ? b - 1 : 0;
    }
}

/* The systems of several machines saved in one folder have one path; which
 * parts are whose cannot be told then. */
static bool has_twin(struct redfish *r, size_t at, bool *same)
{
    const struct rf_tree *t = &r->tree;
    const struct rf_item *s = &t->items[at];
    bool twin = false;

    *same = false;
    for (size_t i = 0; i < t->n_items; i++) {
        const struct rf_item *o = &t->items[i];

        if (i == at || o->kind != RF_SYSTEM || !text_same(o->id, s->id))
            continue;
        twin = true;
        if (i < at && rf_same(&r->host, o->v, s->v, "UUID") &&
            rf_same(&r->host, o->v, s->v, "SerialNumber"))
            *same = true;
    }
    return twin;
}

static bool deliver(struct redfish *r, size_t at, struct err *err)
{
    struct rf_tree *t = &r->tree, alone = {.root = t->root, .n_systems = 1};
    bool twin, same;

    imp_host_begin(&r->host, r->single ? 0 : ++r->systems);
    twin = has_twin(r, at, &same);
    if (same)
        return true;
    if (!twin)
        return rf_deliver_system(t, &t->items[at], &r->host, err);
    if (t->n_items > t->n_systems)
        imp_host_warn(
                &r->host, "several systems of one path in one folder: their "
                          "parts are left out, keep one folder for each");
    return rf_deliver_system(&alone, &t->items[at], &r->host, err);
}

static bool end_tree(struct redfish *r, struct err *err)
{
    struct rf_tree *t = &r->tree;
    const char *file = r->host.file;
    bool ok = true;

    if (!r->single && t->root && t->root[0])
        r->host.file = imp_base_name(t->root);
    if (t->n_files > 0 && t->n_systems == 0) {
        imp_host_begin(&r->host, 0);
        imp_host_warn(
                &r->host,
                t->n_items > 0 ? "parts without their system, left out: import "
                                 "the folder that holds the system too"
                               : "nothing of a computer in it");
    }
    for (size_t i = 0; ok && i < t->n_items; i++)
        if (t->items[i].kind == RF_SYSTEM)
            ok = deliver(r, i, err);
    r->host.file = file;
    tree_clear(t);
    return ok;
}

/* Most documents of a tree are of no interest, and some of them are large. */
static bool of_interest(const struct buf *text)
{
    static const char *const types[] = {
            "ComputerSystem.", "#Processor.",       "#Memory.",
            "#HpMemory.",      "#HpeMemory.",       "#Drive.",
            "DiskDrive.",      "#SimpleStorage.",   "#Storage.",
            "#Chassis.",       "#Power.",           "#PowerSupply.",
            "#PCIeDevice.",    "#HpeServerDevice.", NULL};

    return imp_head_count(buf_text(text), text->len, types) > 0 ||
           !imp_head_has(buf_text(text), text->len, "\"@odata.type\"");
}

static bool keep_doc(struct redfish *r, cJSON *doc, size_t len, struct err *err)
{
    struct rf_tree *t = &r->tree;

    t->bytes += len;
    if (t->bytes > RF_MAX_BYTES) {
        cJSON_Delete(doc);
        return err_set(
                err, ERR_LIMIT, "one service of more than %d bytes",
                (int)RF_MAX_BYTES);
    }
    t->docs = xreallocarray(t->docs, t->n_docs + 1, sizeof *t->docs);
    t->docs[t->n_docs++] = doc;
    return add_items(t, doc, err);
}

/* Another root ends the service before; a file whose path tells no root stays
 * in the one it stands in. */
static bool enter_root(
        struct redfish *r, const char *path, const cJSON *doc, struct err *err)
{
    const cJSON *id = id_of(doc);
    struct rf_tree *t = &r->tree;
    bool sure, stays;
    char *root =
            root_of(path, cJSON_IsString(id) ? id->valuestring : "", &sure);

    stays = t->root &&
            (strcmp(t->root, root) == 0 || (!sure && rf_below(root, t->root)));
    if (t->root && !stays && !end_tree(r, err)) {
        free(root);
        return false;
    }
    if (stays)
        free(root);
    else
        t->root = root;
    r->host.file = imp_base_name(path);
    return true;
}

/* A document that is no good is refused alone. */
static bool refuse_file(
        struct redfish *r, const char *path, struct err *why, struct err *err)
{
    char text[1100];

    if (r->single || why->code == ERR_IO) {
        err_in(why, "%s", imp_base_name(path));
        *err = *why;
        return false;
    }
    r->host.file = imp_base_name(path);
    imp_host_begin(&r->host, 0);
    return imp_host_refuse(
            &r->host, NULL, NULL, err_text(why, text, sizeof text), err);
}

static bool redfish_file(void *many, const char *path, struct err *err)
{
    struct redfish *r = many;
    struct buf text = {0};
    struct err why = {0};
    cJSON *doc = NULL;
    bool ok = false;

    if (!imp_text_load(path, &text, err))
        return false;
    if (!r->single && !of_interest(&text)) {
        r->tree.n_files++;
        buf_clear(&text);
        return true;
    }
    if (!json_parse(buf_text(&text), text.len, &doc, &why)) {
        ok = refuse_file(r, path, &why, err);
    } else if (!enter_root(r, path, doc, err)) {
        cJSON_Delete(doc);
    } else {
        r->tree.n_files++;
        ok = keep_doc(r, doc, text.len, err);
        if (!ok)
            err_in(err, "%s", imp_base_name(path));
    }
    buf_clear(&text);
    return ok;
}

static void *redfish_begin(const struct wire_sink *sink)
{
    struct redfish *r = xcalloc(1, sizeof *r);

    imp_host_open(&r->host, sink, "redfish");
    return r;
}

static bool redfish_end(void *many, struct err *err)
{
    return end_tree(many, err);
}

static void redfish_free(void *many)
{
    struct redfish *r = many;

    tree_clear(&r->tree);
    imp_host_close(&r->host);
    free(r);
}

static const struct imp_many redfish_many = {
        redfish_begin, redfish_file, redfish_end, redfish_free};

static bool
redfish_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct redfish *r = redfish_begin(sink);
    bool ok;

    r->single = true;
    r->host.file = imp_base_name(path);
    ok = redfish_file(r, path, err) && end_tree(r, err);
    redfish_free(r);
    return ok;
}

static int
redfish_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    if (!imp_head_json(head, len))
        return 0;
    if (imp_head_has(head, len, "\"@odata.id\"") ||
        imp_head_has(head, len, "\"@odata.type\""))
        return 90;
    if (imp_head_has(head, len, "/rest/v1") &&
        imp_head_has(head, len, "\"href\"") &&
        imp_head_has(head, len, "\"Type\""))
        return 85;
    return imp_head_has(head, len, "/redfish/v1") ? 50 : 0;
}

const struct imp_format imp_redfish = {
        .name = "redfish",
        .what = "Redfish: resources of a BMC, single or as a tree of files",
        .recognise = redfish_recognise,
        .read = redfish_read,
        .many = &redfish_many,
};
