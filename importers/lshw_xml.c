/* SPDX-License-Identifier: Apache-2.0
 * lshw -xml: one host, or a list of any number of them. */
#include "importers/lshw_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/xml.h"
#include "importers/json_priv.h"

static const struct {
    const char *element;
    enum lshw_field field;
} fields[] = {
        {"description", LSHW_DESCRIPTION},
        {"product", LSHW_PRODUCT},
        {"vendor", LSHW_VENDOR},
        {"serial", LSHW_SERIAL},
        {"version", LSHW_VERSION},
        {"businfo", LSHW_BUSINFO},
        {"logicalname", LSHW_LOGICALNAME},
        {"slot", LSHW_SLOT},
        {"size", LSHW_SIZE},
        {"capacity", LSHW_CAPACITY},
};

/* Most elements differ in their first letters. No name here has but one. */
static bool is(const char *element, const char *name)
{
    return element[0] == name[0] && element[1] == name[1] &&
           strcmp(element, name) == 0;
}

static enum lshw_field field_of(const char *element)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (is(element, fields[i].element))
            return fields[i].field;
    return LSHW_FIELDS;
}

/* Nine of ten elements are capabilities, resources and devices of no matter. */
static bool on_wanted(void *ctx, const char *element)
{
    const struct lshw *l = ctx;
    enum lshw_field field;

    if (is(element, "node"))
        return true;
    if (!lshw_wanted(l))
        return false;
    if (is(element, "capability"))
        return lshw_wants_capabilities(l);
    if (is(element, "setting"))
        return lshw_wants_settings(l);
    field = field_of(element);
    return field != LSHW_FIELDS && lshw_wants(l, field);
}

static bool node_begin(
        struct lshw *l, const struct xml_attr *attrs, size_t n, struct err *err)
{
    const char *class = NULL, *id = NULL;
    bool disabled = false;

    for (size_t i = 0; i < n; i++) {
        if (is(attrs[i].name, "class"))
            class = attrs[i].value;
        else if (is(attrs[i].name, "id"))
            id = attrs[i].value;
        else if (is(attrs[i].name, "disabled"))
            disabled = strcmp(attrs[i].value, "true") == 0;
    }
    return lshw_node_begin(l, class, id, disabled, err);
}

static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    struct lshw *l = ctx;
    const char *id, *value;

    if (is(element, "node"))
        return node_begin(l, attrs, n, err);
    if (is(element, "setting")) {
        id = xml_attr_get(attrs, n, "id");
        value = xml_attr_get(attrs, n, "value");
        if (id && value)
            lshw_setting(l, id, value);
    } else if (is(element, "capability")) {
        id = xml_attr_get(attrs, n, "id");
        if (id)
            lshw_capability(l, id);
    }
    return true;
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    struct lshw *l = ctx;
    enum lshw_field field;

    if (is(element, "node"))
        return lshw_node_end(l, err);
    field = field_of(element);
    if (field != LSHW_FIELDS)
        lshw_text(l, field, text);
    return true;
}

static bool
lshw_xml_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct lshw *l = xmalloc(sizeof *l);
    const struct xml_handler handler = {
            .ctx = l, .wanted = on_wanted, .start = on_start, .end = on_end};
    FILE *in = NULL;
    bool ok = false;

    lshw_open(l, sink, path);
    if (!file_open(path, &in, err) ||
        !xml_read_file(in, l->host.file, &handler, err))
        goto done;
    ok = lshw_finish(l, err);
    if (!ok)
        err_in(err, "%s", l->host.file);
done:
    if (in && in != stdin)
        fclose(in);
    lshw_close(l);
    free(l);
    return ok;
}

static int
lshw_xml_recognise(const char *head, size_t len, const char *file_name)
{
    char root[16];

    (void)file_name;
    if (!xml_root(head, len, root, sizeof root))
        return 0;
    if (strcmp(root, "list") != 0 && strcmp(root, "node") != 0)
        return 0;
    return imp_head_has(head, len, "node id=\"") &&
                           imp_head_has(head, len, "class=\"")
                   ? 95
                   : 0;
}

const struct imp_format imp_lshw_xml = {
        .name = "lshw-xml",
        .what = "lshw -xml, run as root: one host or a list of them",
        .recognise = lshw_xml_recognise,
        .read = lshw_xml_read,
};
