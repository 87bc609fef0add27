/* SPDX-License-Identifier: Apache-2.0
 * Two records of one machine become one: what measures or models the record
 * that goes follows to the one that stays, and comes back when the join is
 * taken back. */
#include <string.h>

#include "base/json.h"
#include "energy/energy.h"
#include "energy/joined_sql.h"

#define AS_ENUM(id, text) id,
enum ej_sql { EJ_SQL(AS_ENUM) EJ_SQL_COUNT };
#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[EJ_SQL_COUNT] = {EJ_SQL(AS_SQL)};

const struct sql *en_joined_sql_list(size_t *n)
{
    *n = EJ_SQL_COUNT;
    return statements;
}

struct join {
    struct db *db;
    int64_t keep, drop;
};

static struct stmt *
ask(const struct join *x, enum ej_sql id, int64_t machine, struct err *err)
{
    struct stmt *q = db_stmt(x->db, &statements[id], err);

    if (q)
        stmt_int(q, ":drop", machine);
    return q;
}

/* ---- how it was -----------------------------------------------------------
 */

static bool
ids_put(const struct join *x, struct json_out *j, const char *key,
        enum ej_sql id, int64_t machine, struct err *err)
{
    struct stmt *q = ask(x, id, machine, err);
    bool row;

    if (!q)
        return false;
    json_begin_arr(j, key);
    for (;;) {
        if (!stmt_step(q, &row, err)) {
            stmt_reset(q);
            return false;
        }
        if (!row)
            break;
        json_int(j, NULL, stmt_col_int(q, 0));
    }
    stmt_reset(q);
    json_end_arr(j);
    return true;
}

/* Its id and columns: where the other has one too, it goes with its machine. */
static bool model_put(const struct join *x, struct json_out *j, struct err *err)
{
    enum { LOADS = 14, SOURCE = 17, CALENDAR = 18 };
    struct stmt *q = ask(x, EJ_MODEL_OF, x->drop, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    if (row) {
        json_begin_arr(j, "model");
        json_int(j, NULL, stmt_col_int(q, 0));
        json_str(j, NULL, stmt_col_text(q, 1));
        for (int i = 2; i < CALENDAR; i++)
            if (i == LOADS || i == SOURCE)
                json_str(j, NULL, stmt_col_text(q, i));
            else
                json_num(j, NULL, stmt_col_num(q, i));
        if (stmt_is_null(q, CALENDAR))
            json_null(j, NULL);
        else
            json_int(j, NULL, stmt_col_int(q, CALENDAR));
        json_end_arr(j);
    }
    stmt_reset(q);
    return true;
}

static bool write_down(const struct join *x, struct buf *out, struct err *err)
{
    struct json_out j;
    struct out o;

    out_to_buf(&o, out);
    json_out_init(&j, &o, false);
    json_begin_obj(&j, NULL);
    if (!ids_put(x, &j, "sources", EJ_SOURCES_OF, x->drop, err) ||
        !ids_put(x, &j, "targets", EJ_TARGETS_OF, x->drop, err) ||
        !ids_put(x, &j, "meters", EJ_METERS_OF, x->drop, err) ||
        !ids_put(x, &j, "kept_meters", EJ_METERS_OF, x->keep, err) ||
        !model_put(x, &j, err))
        return false;
    json_end_obj(&j);
    return out_finish(&o, err);
}

bool en_machine_joined(
        struct db *db, int64_t keep, int64_t drop, struct buf *undo,
        struct err *err)
{
    static const enum ej_sql moves[] = {
            EJ_SOURCES, EJ_TARGETS, EJ_METERS, EJ_MODEL_MOVE};
    const struct join x = {db, keep, drop};

    if (!write_down(&x, undo, err))
        return false;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        struct stmt *q = ask(&x, moves[i], drop, err);

        if (!q)
            return false;
        stmt_int(q, ":keep", keep);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

/* ---- and again ------------------------------------------------------------
 */

static bool
back(const struct join *x, enum ej_sql id, const cJSON *row, bool from_keep,
     struct err *err)
{
    struct stmt *q = ask(x, id, x->drop, err);

    if (!q)
        return false;
    if (from_keep)
        stmt_int(q, ":keep", x->keep);
    stmt_int(q, ":id", (int64_t)row->valuedouble);
    return stmt_run(q, err);
}

static bool ids_back(
        const struct join *x, const cJSON *list, enum ej_sql id,
        struct err *err)
{
    const cJSON *v;

    cJSON_ArrayForEach(v, list)
    {
        if (cJSON_IsNumber(v) && !back(x, id, v, true, err))
            return false;
    }
    return true;
}

static bool has(const cJSON *list, const cJSON *id)
{
    const cJSON *v;

    cJSON_ArrayForEach(v, list)
    {
        if (cJSON_IsNumber(v) && v->valuedouble >= id->valuedouble &&
            v->valuedouble <= id->valuedouble)
            return true;
    }
    return false;
}

/* One that stood behind a meter of both stands behind it again. */
static bool meters_back(
        const struct join *x, const cJSON *list, const cJSON *kept,
        struct err *err)
{
    const cJSON *v;

    cJSON_ArrayForEach(v, list)
    {
        bool both = cJSON_IsNumber(v) && has(kept, v);

        if (cJSON_IsNumber(v) &&
            !back(x, both ? EJ_METER_AGAIN : EJ_METER_BACK, v, !both, err))
            return false;
    }
    return true;
}

/* It went along, or was lost where the other had its own. */
static bool
model_back(const struct join *x, const cJSON *model, struct err *err)
{
    const cJSON *v = model ? model->child : NULL;
    struct stmt *q;
    int at = 2;

    if (!v || !cJSON_IsNumber(v))
        return true;
    if (!back(x, EJ_MODEL_BACK, v, true, err))
        return false;
    if (db_changes(x->db) > 0)
        return true;
    q = db_stmt(x->db, &statements[EJ_MODEL_AGAIN], err);
    if (!q)
        return false;
    stmt_int_at(q, 1, x->drop);
    for (v = v->next; v && at <= 19; v = v->next, at++)
        if (cJSON_IsNumber(v))
            stmt_num_at(q, at, v->valuedouble);
        else
            stmt_text_at(q, at, cJSON_IsString(v) ? v->valuestring : NULL);
    return stmt_run(q, err);
}

bool en_machine_parted(
        struct db *db, int64_t keep, int64_t drop, const char *undo,
        struct err *err)
{
    const struct join x = {db, keep, drop};
    cJSON *root = NULL;
    bool ok;

    if (!json_parse(undo, strlen(undo), &root, err))
        return false;
    ok = ids_back(
                 &x, cJSON_GetObjectItemCaseSensitive(root, "sources"),
                 EJ_SOURCE_BACK, err) &&
         ids_back(
                 &x, cJSON_GetObjectItemCaseSensitive(root, "targets"),
                 EJ_TARGET_BACK, err) &&
         meters_back(
                 &x, cJSON_GetObjectItemCaseSensitive(root, "meters"),
                 cJSON_GetObjectItemCaseSensitive(root, "kept_meters"), err) &&
         model_back(&x, cJSON_GetObjectItemCaseSensitive(root, "model"), err);
    cJSON_Delete(root);
    return ok;
}
