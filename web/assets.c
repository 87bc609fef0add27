/* SPDX-License-Identifier: Apache-2.0
 * Fixed files, health, and BoaviztAPI's estimate. */
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "web/web_priv.h"

static const char *type_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    if (dot && !strcmp(dot, ".css"))
        return "text/css; charset=utf-8";
    if (dot && !strcmp(dot, ".js"))
        return "text/javascript; charset=utf-8";
    if (dot && !strcmp(dot, ".svg"))
        return "image/svg+xml";
    return "application/octet-stream";
}

bool web_static(struct web_request *r, struct web_answer *a, struct err *err)
{
    const struct embed_file *file = embed_find(ui_assets, r->rest);
    const char *known;
    char hash[65];

    if (!file)
        return err_set(err, ERR_NOT_FOUND, "no file '%s'", r->rest);
    text_sha256(file->bytes, file->size, hash);
    a->etag = arena_printf(&a->arena, "\"%.32s\"", hash);
    a->type = type_of(file->name);
    known = r->header(r, "If-None-Match");
    if (known && strstr(known, a->etag)) {
        a->status = 304;
        return true;
    }
    buf_add(&a->body, file->bytes, file->size);
    return true;
}

bool web_livez(struct web_request *r, struct web_answer *a, struct err *err)
{
    (void)r, (void)err;
    a->type = "text/plain; charset=utf-8";
    return buf_str(&a->body, "ok\n");
}

bool web_estimate(struct web_request *r, struct web_answer *a, struct err *err)
{
    const struct rep_estimate_options options = {0};
    struct out out;

    a->type = "application/json";
    out_to_buf(&out, &a->body);
    return rep_estimate(
                   web_pack_of(r), r->body ? r->body : "", r->body_len,
                   &options, &out, err) &&
           out_finish(&out, err);
}
