/* SPDX-License-Identifier: Apache-2.0
 * REQUEST documents of GLPI-agent and FusionInventory: one machine. */
#include "importers/glpi_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"

/* REQUEST is 1 deep, CONTENT 2, a section 3, its keys 4. */
struct request {
    struct glpi glpi;
    int depth;
    bool content, device; /* in CONTENT; in its DEVICE */
};

static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    struct request *r = ctx;

    (void)attrs, (void)n;
    r->depth++;
    if (r->depth == 1) {
        if (strcmp(element, "REQUEST") != 0)
            return err_set(
                    err, ERR_INVALID,
                    "the root is '%.60s', expected REQUEST as GLPI-agent "
                    "writes it",
                    element);
    } else if (r->depth == 2) {
        r->content = strcmp(element, "CONTENT") == 0;
    } else if (r->depth == 3 && r->content) {
        r->device = strcmp(element, "DEVICE") == 0;
        glpi_section_begin(&r->glpi, glpi_section_of(element));
    }
    return true;
}

static void on_top_key(struct request *r, const char *element, const char *text)
{
    if (strcmp(element, "QUERY") == 0)
        glpi_query(&r->glpi, text);
    else if (strcmp(element, "DEVICEID") == 0)
        glpi_device_id(&r->glpi, text);
    else if (strcmp(element, "PARTIAL") == 0)
        r->glpi.host.m.partial =
                strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    struct request *r = ctx;
    bool network = r->device && (strcmp(element, "MODEL") == 0 ||
                                 strcmp(element, "NAME") == 0);

    (void)err;
    if ((r->depth == 2 && !r->content) ||
        (r->depth == 3 && strcmp(element, "PARTIAL") == 0))
        on_top_key(r, element, text);
    else if (r->depth == 3 && strcmp(element, "VERSIONCLIENT") == 0)
        r->glpi.ocs = r->glpi.ocs || imp_has(text, "ocs");
    else if (r->depth == 3)
        glpi_section_end(&r->glpi);
    else if (r->depth == 4 && r->content)
        glpi_value(&r->glpi, element, text);
    if (network && r->depth >= 4 && r->depth <= 5)
        glpi_equipment(&r->glpi, text);
    r->depth--;
    return true;
}

bool glpi_request_read(
        const char *path, bool ocs, const struct wire_sink *sink,
        struct err *err)
{
    struct request *r = xmalloc(sizeof *r);
    const struct xml_handler handler = {
            .ctx = r, .start = on_start, .end = on_end};
    FILE *in = NULL;
    bool ok = false;

    glpi_open(&r->glpi, sink, path);
    r->glpi.ocs = ocs;
    r->depth = 0;
    r->content = r->device = false;
    if (!file_open(path, &in, err) ||
        !xml_read_file(in, r->glpi.host.file, &handler, err))
        goto done;
    ok = glpi_deliver(&r->glpi, err);
done:
    if (in && in != stdin)
        fclose(in);
    glpi_close(&r->glpi);
    free(r);
    return ok;
}

static bool
glpi_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    return glpi_request_read(path, false, sink, err);
}

bool glpi_is_request(const char *head, size_t len)
{
    char root[16];

    return xml_root(head, len, root, sizeof root) &&
           strcmp(root, "REQUEST") == 0;
}

static int glpi_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return glpi_is_request(head, len) ? 90 : 0;
}

const struct imp_format imp_glpi_xml = {
        .name = "glpi-xml",
        .what = "GLPI-agent or FusionInventory: --local, or glpi-inventory",
        .recognise = glpi_recognise,
        .read = glpi_read,
};
