/* SPDX-License-Identifier: Apache-2.0
 * A site's row as a JSON array, and back. */
#include "inventory/image_priv.h"

#include <math.h>
#include <string.h>

#include "base/json.h"

enum { IMAGE_MAX = 64 * 1024 };

/* Columns of INV_SITE_KEEP: text, or a number. */
static const char types[] = "sssnnnssns";

bool inv_image_site(struct db *db, int64_t id, char **out, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_SITE_KEEP, err);
    struct json_out j;
    struct out o;
    struct buf b;
    bool row, ok = false;

    if (!q)
        return false;
    buf_init(&b, IMAGE_MAX);
    out_to_buf(&o, &b);
    json_out_init(&j, &o, false);
    stmt_int(q, ":id", id);
    if (!stmt_step(q, &row, err))
        goto done;
    if (!row) {
        err_set(err, ERR_NOT_FOUND, "no site with id %lld", (long long)id);
        goto done;
    }
    json_begin_arr(&j, NULL);
    for (int i = 0; types[i]; i++)
        if (types[i] == 's')
            json_str(&j, NULL, stmt_col_text(q, i));
        else
            json_num(&j, NULL, stmt_col_num(q, i));
    json_end_arr(&j);
    if (!out_finish(&o, err))
        goto done;
    *out = buf_take(&b);
    ok = true;
done:
    stmt_reset(q);
    buf_clear(&b);
    return ok;
}

bool inv_image_restore_site(
        struct db *db, int64_t id, const char *image, struct err *err)
{
    struct stmt *q;
    cJSON *root = NULL;
    const cJSON *v;
    int at = 2;
    bool ok = false;

    if (!json_parse(image, strlen(image), &root, err))
        return false;
    if (cJSON_GetArraySize(root) != (int)sizeof types - 1) {
        err_set(err, ERR_DB, "an image of a site that lacks columns");
        goto done;
    }
    q = inv_stmt(db, INV_SITE_RESTORE, err);
    if (!q)
        goto done;
    stmt_int_at(q, 1, id);
    cJSON_ArrayForEach(v, root)
    {
        bool year = at == 10;

        if (cJSON_IsNumber(v) && year)
            stmt_int_at(q, at++, (int64_t)v->valuedouble);
        else if (cJSON_IsNumber(v))
            stmt_num_at(q, at++, v->valuedouble);
        else
            stmt_text_at(q, at++, cJSON_IsString(v) ? v->valuestring : NULL);
    }
    ok = stmt_run(q, err);
done:
    cJSON_Delete(root);
    return ok;
}
