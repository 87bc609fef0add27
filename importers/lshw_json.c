/* SPDX-License-Identifier: Apache-2.0
 * lshw -json: an object, or from newer versions an array of one. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "importers/json_priv.h"
#include "importers/lshw_json_priv.h"

static void put_text(
        struct lshw *l, enum lshw_field field, const cJSON *node,
        const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(node, key);
    const char *text;

    if (cJSON_IsArray(v)) /* several names of one device */
        v = v->child;
    text = imp_raw(&l->host, v, "");
    if (text)
        lshw_text(l, field, text);
}

static void put_fields(struct lshw *l, const cJSON *node)
{
    static const struct {
        enum lshw_field field;
        const char *key;
    } fields[] = {
            {LSHW_DESCRIPTION, "description"},
            {LSHW_PRODUCT, "product"},
            {LSHW_VENDOR, "vendor"},
            {LSHW_SERIAL, "serial"},
            {LSHW_VERSION, "version"},
            {LSHW_BUSINFO, "businfo"},
            {LSHW_LOGICALNAME, "logicalname"},
            {LSHW_SLOT, "slot"},
            {LSHW_SIZE, "size"},
            {LSHW_CAPACITY, "capacity"},
    };
    const cJSON *v;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put_text(l, fields[i].field, node, fields[i].key);
    cJSON_ArrayForEach(v, imp_at(node, "configuration"))
    {
        if (v->string && imp_raw(&l->host, v, ""))
            lshw_setting(l, v->string, imp_raw(&l->host, v, ""));
    }
    cJSON_ArrayForEach(v, imp_at(node, "capabilities"))
    {
        if (v->string)
            lshw_capability(l, v->string);
    }
}

static bool begin(struct lshw *l, const cJSON *node, struct err *err)
{
    const cJSON *class = cJSON_GetObjectItemCaseSensitive(node, "class");
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(node, "id");

    if (!lshw_node_begin(
                l, cJSON_IsString(class) ? class->valuestring : NULL,
                cJSON_IsString(id) ? id->valuestring : NULL,
                imp_true(node, "disabled"), err))
        return false;
    if (lshw_wanted(l))
        put_fields(l, node);
    return true;
}

/* Depth first, without recursion; JSON is at most 64 deep. */
bool lshw_json_node(struct lshw *l, const cJSON *root, struct err *err)
{
    const cJSON *up[JSON_MAX_DEPTH];
    const cJSON *node = root;
    size_t depth = 0;

    for (;;) {
        const cJSON *children;

        if (!begin(l, node, err))
            return false;
        up[depth++] = node;
        children = cJSON_GetObjectItemCaseSensitive(node, "children");
        if (cJSON_IsArray(children) && children->child) {
            node = children->child;
            continue;
        }
        for (;;) {
            node = up[--depth];
            if (!lshw_node_end(l, err))
                return false;
            if (depth == 0)
                return true;
            if (node->next)
                break;
        }
        node = node->next;
    }
}

bool lshw_json_tree(struct lshw *l, const cJSON *root, struct err *err)
{
    const cJSON *node;

    if (cJSON_IsObject(root))
        return lshw_json_node(l, root, err);
    cJSON_ArrayForEach(node, root)
    {
        if (cJSON_IsObject(node) && !lshw_json_node(l, node, err))
            return false;
    }
    return true;
}

/* What lshw writes with a class filter is not always JSON. */
static void advise(struct err *err)
{
    char why[200];

    if (err->code != ERR_INVALID)
        return;
    snprintf(why, sizeof why, "%.190s", err->msg);
    snprintf(
            err->msg, sizeof err->msg,
            "%s; lshw with a class filter writes no good JSON, run 'sudo lshw "
            "-json' without -class",
            why);
}

static bool
lshw_json_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct lshw *l = xcalloc(1, sizeof *l);
    cJSON *root = NULL;
    bool ok = false;

    lshw_open(l, sink, path);
    if (!imp_json_load(path, &root, err)) {
        advise(err);
        goto done;
    }
    ok = lshw_json_tree(l, root, err) && lshw_finish(l, err);
    if (!ok && err->where[0] == '\0')
        err_in(err, "%s", l->host.file);
done:
    cJSON_Delete(root);
    lshw_close(l);
    free(l);
    return ok;
}

static int
lshw_json_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"claimed\"", "\"handle\"", "\"physid\"", "\"businfo\"", NULL};

    (void)file_name;
    return imp_head_json(head, len) && imp_head_has(head, len, "\"class\"") &&
                           imp_head_has(head, len, "\"id\"") &&
                           imp_head_count(head, len, words) > 0
                   ? 85
                   : 0;
}

const struct imp_format imp_lshw_json = {
        .name = "lshw-json",
        .what = "lshw -json, run as root and without -class",
        .recognise = lshw_json_recognise,
        .read = lshw_json_read,
};
