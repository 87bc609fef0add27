/* SPDX-License-Identifier: Apache-2.0
 * glpi-agent --json: the sections of its XML in lower case under "content". */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "importers/glpi_priv.h"
#include "importers/json_priv.h"

static void
read_entry(struct glpi *g, enum glpi_section section, const cJSON *entry)
{
    const cJSON *v;

    glpi_section_begin(g, section);
    cJSON_ArrayForEach(v, entry)
    {
        const char *text = imp_raw(&g->host, v, "");

        if (v->string && text)
            glpi_value(g, v->string, text);
    }
    glpi_section_end(g);
}

static void read_section(struct glpi *g, const cJSON *v)
{
    enum glpi_section section = glpi_section_of(v->string);
    const cJSON *entry;

    if (section == GLPI_OTHER)
        return;
    if (cJSON_IsObject(v)) {
        read_entry(g, section, v);
        return;
    }
    cJSON_ArrayForEach(entry, v)
    {
        if (cJSON_IsObject(entry))
            read_entry(g, section, entry);
    }
    if (cJSON_IsArray(v) && section == GLPI_STORAGES)
        g->host.seen |= 1u << CALC_HDD | 1u << CALC_SSD;
}

static const char *text_of(struct glpi *g, const cJSON *v, const char *key)
{
    const char *text = imp_raw(&g->host, v, key);

    return text ? text : "";
}

/* Printers and switches have a type of their own, or a network inventory. */
static void read_kind(struct glpi *g, const cJSON *v)
{
    const char *type = text_of(g, v, "itemtype");

    glpi_query(g, text_of(g, v, "action"));
    if (!text_of(g, v, "action")[0])
        glpi_query(g, text_of(g, v, "query"));
    if (type[0] && !text_same(type, "computer") && !strchr(type, '\\'))
        glpi_query(g, type);
    glpi_device_id(g, text_of(g, v, "deviceid"));
    glpi_equipment(g, text_of(g, v, "content/network_device/name"));
    glpi_equipment(g, text_of(g, v, "content/network_device/model"));
    glpi_equipment(g, text_of(g, v, "deviceid"));
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct glpi *g = ctx;
    const cJSON *content, *v;

    glpi_begin(g, r->index > 1 ? r->index : 0);
    if (!r->value)
        return imp_refuse_record(&g->host, r, err);
    content = imp_at(r->value, "content");
    if (!cJSON_IsObject(content))
        return imp_host_refuse(
                &g->host, "content", NULL,
                "not an inventory, expected an object with content", err);
    read_kind(g, r->value);
    g->host.m.partial = imp_true(r->value, "partial");
    cJSON_ArrayForEach(v, content) read_section(g, v);
    return glpi_deliver(g, err);
}

static bool
glpi_json_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct glpi *g = xcalloc(1, sizeof *g);
    struct json_cut cut = {.record = on_record, .ctx = g};
    bool ok;

    glpi_open(g, sink, path);
    ok = imp_json_cut(&g->host, path, &cut, err);
    glpi_close(g);
    free(g);
    return ok;
}

static int
glpi_json_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"deviceid\"",       "\"versionclient\"",
            "\"smodel\"",         "\"ssn\"",
            "\"vmsystem\"",       "\"chassis_type\"",
            "\"network_device\"", "\"itemtype\"",
            "\"accesslog\"",      NULL};

    (void)file_name;
    return imp_head_json(head, len) && imp_head_has(head, len, "\"content\"") &&
                           imp_head_count(head, len, words) > 0
                   ? 90
                   : 0;
}

const struct imp_format imp_glpi_json = {
        .name = "glpi-json",
        .what = "glpi-agent --json, whole or partial",
        .recognise = glpi_json_recognise,
        .read = glpi_json_read,
};
