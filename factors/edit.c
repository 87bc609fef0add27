/* SPDX-License-Identifier: Apache-2.0
 * The user's sets while an import changes them: a version for what changes, the
 * old figures into the audit trail, the hash of what results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/text.h"
#include "factors/user_priv.h"

enum {
    NOTE_BYTES = 3500,   /* of one entry of the audit trail */
    CHUNK_BYTES = 65536, /* hashed at once */
    MAX_VERSIONS = 10000,
};

#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[FAC_SQL_COUNT] = {FAC_SQL(AS_SQL)};

struct stmt *fac_stmt(struct db *db, enum fac_sql id, struct err *err)
{
    return db_stmt(db, &statements[id], err);
}

const struct sql *fac_sql_list(size_t *n)
{
    *n = FAC_SQL_COUNT;
    return statements;
}

struct edit_set {
    UT_hash_handle hh;
    char version[WIRE_MAX_SET + 12];
    char *title, *licence, *source;
    struct buf notes;
    char id[];
};

struct fac_edit {
    struct db *db;
    char *actor;
    struct edit_set *sets; /* in the order of their first change */
};

struct fac_digest {
    struct buf chunk;
    char sha256[65]; /* of the chunks before */
    size_t rows;
};

/* ---- digests ------------------------------------------------------------ */

static void digest_settle(struct fac_digest *d)
{
    struct buf b;

    buf_init(&b, sizeof d->sha256 + d->chunk.max);
    buf_str(&b, d->sha256);
    buf_add(&b, buf_text(&d->chunk), d->chunk.len);
    text_sha256(buf_text(&b), b.len, d->sha256);
    buf_clear(&b);
    buf_reset(&d->chunk);
}

void fac_digest_text(struct fac_digest *d, const char *text)
{
    if (text)
        buf_str(&d->chunk, text);
    buf_char(&d->chunk, '\t');
}

void fac_digest_num(struct fac_digest *d, double value)
{
    char text[NUM_TEXT];

    fac_digest_text(d, isnan(value) ? NULL : num_print(value, text));
}

void fac_digest_row(struct fac_digest *d)
{
    buf_char(&d->chunk, '\n');
    d->rows++;
    if (d->chunk.len >= CHUNK_BYTES)
        digest_settle(d);
}

/* ---- the edit ----------------------------------------------------------- */

struct fac_edit *fac_edit_new(struct db *db, const char *actor)
{
    struct fac_edit *e = xcalloc(1, sizeof *e);

    e->db = db;
    e->actor = xstrdup(actor);
    return e;
}

static bool version_used(
        struct db *db, const char *id, const char *version, bool *used,
        struct err *err)
{
    struct stmt *q = fac_stmt(db, FAC_SET_USED, err);
    bool row;

    if (!q)
        return false;
    stmt_text(q, ":id", id);
    stmt_text(q, ":version", version);
    if (!stmt_step(q, &row, err))
        return false;
    *used = stmt_col_int(q, 0) != 0;
    stmt_reset(q);
    return true;
}

/* Each state of a set has a version of its own. */
static bool version_make(
        struct db *db, const char *id, const char *edition, char *dst,
        size_t size, struct err *err)
{
    char today[DATE_TEXT];
    struct date d;
    bool used = true;

    if (!edition) {
        if (!date_today(&d, err))
            return false;
        edition = date_print(d, today);
    }
    snprintf(dst, size, "%s", edition);
    for (int n = 2; n < MAX_VERSIONS; n++) {
        if (!version_used(db, id, dst, &used, err))
            return false;
        if (!used)
            return true;
        snprintf(dst, size, "%s.%d", edition, n);
    }
    return err_set(
            err, ERR_LIMIT, "set '%s' has had %d versions of %s", id,
            (int)MAX_VERSIONS, edition);
}

static bool
set_add(struct fac_edit *e, const struct wire_origin *o, struct err *err)
{
    struct stmt *q = fac_stmt(e->db, FAC_SET_ADD, err);

    if (!q)
        return false;
    stmt_text(q, ":id", o->set);
    stmt_text(q, ":title", o->title ? o->title : o->set);
    stmt_text(q, ":licence", o->licence);
    stmt_text(q, ":source", o->source);
    stmt_int(q, ":at", (int64_t)time(NULL));
    return stmt_run(q, err);
}

bool fac_edit_set(
        struct fac_edit *e, const struct wire_origin *o, const char **version,
        struct err *err)
{
    struct edit_set *s = NULL;
    size_t len = strlen(o->set);

    HASH_FIND(hh, e->sets, o->set, len, s);
    if (s) {
        *version = s->version;
        return true;
    }
    s = xcalloc(1, sizeof *s + len + 1);
    memcpy(s->id, o->set, len + 1);
    if (!version_make(
                e->db, o->set, o->version, s->version, sizeof s->version,
                err) ||
        !set_add(e, o, err)) {
        free(s);
        return false;
    }
    s->title = xstrdup(o->title ? o->title : o->set);
    s->licence = xstrdup(o->licence);
    s->source = xstrdup(o->source);
    buf_init(&s->notes, 2 * NOTE_BYTES + WIRE_MAX_NOTE);
    HASH_ADD(hh, e->sets, id, len, s);
    *version = s->version;
    return true;
}

static bool
notes_settle(struct fac_edit *e, struct edit_set *s, struct err *err)
{
    struct buf b;
    bool ok;

    if (!s->notes.len)
        return true;
    buf_init(&b, s->notes.max + 200);
    buf_printf(&b, "set %s %s: %s", s->id, s->version, buf_text(&s->notes));
    ok = acc_audit(e->db, e->actor, "factor change", buf_text(&b), err);
    buf_clear(&b);
    buf_reset(&s->notes);
    return ok;
}

bool fac_edit_note(
        struct fac_edit *e, const char *set, const char *text, struct err *err)
{
    struct edit_set *s = NULL;
    size_t len = strlen(set);

    HASH_FIND(hh, e->sets, set, len, s);
    CHECK(s);
    if (s->notes.len)
        buf_str(&s->notes, "; ");
    buf_printf(&s->notes, "%.*s", (int)NOTE_BYTES, text);
    return s->notes.len < NOTE_BYTES || notes_settle(e, s, err);
}

static bool set_close(
        struct fac_edit *e, const struct edit_set *s,
        const struct fac_digest *d, struct err *err)
{
    struct stmt *q = fac_stmt(e->db, FAC_SET_CLOSE, err);

    if (!q)
        return false;
    stmt_text(q, ":id", s->id);
    stmt_text(q, ":version", s->version);
    stmt_text(q, ":title", s->title);
    stmt_text(q, ":licence", s->licence);
    stmt_text(q, ":source", s->source);
    stmt_int(q, ":rows", (int64_t)d->rows);
    stmt_text(q, ":sha256", d->sha256);
    stmt_int(q, ":at", (int64_t)time(NULL));
    if (!stmt_run(q, err))
        return false;
    q = fac_stmt(e->db, FAC_SET_KEEP, err);
    if (!q)
        return false;
    stmt_text(q, ":id", s->id);
    stmt_text(q, ":version", s->version);
    stmt_text(q, ":sha256", d->sha256);
    stmt_text(q, ":licence", s->licence);
    stmt_text(q, ":source", s->source);
    return stmt_run(q, err);
}

static bool audit_set(
        struct fac_edit *e, const struct edit_set *s,
        const struct fac_digest *d, struct err *err)
{
    char detail[200];

    snprintf(
            detail, sizeof detail, "set %s %s: %zu rows, sha256 %s", s->id,
            s->version, d->rows, d->sha256);
    return acc_audit(e->db, e->actor, "factor import", detail, err);
}

bool fac_edit_end(
        struct fac_edit *e,
        bool (*rows)(
                void *ctx, const char *set, struct fac_digest *d,
                struct err *err),
        void *ctx, struct err *err)
{
    struct edit_set *s, *next;
    bool ok = true;

    HASH_ITER(hh, e->sets, s, next)
    {
        struct fac_digest d = {.rows = 0};

        buf_init(&d.chunk, CHUNK_BYTES + 64 * WIRE_MAX_NOTE);
        ok = notes_settle(e, s, err) && rows(ctx, s->id, &d, err);
        digest_settle(&d);
        ok = ok && set_close(e, s, &d, err) && audit_set(e, s, &d, err);
        buf_clear(&d.chunk);
        if (!ok)
            break;
    }
    return ok;
}

void fac_edit_free(struct fac_edit *e)
{
    struct edit_set *s, *next;

    if (!e)
        return;
    HASH_ITER(hh, e->sets, s, next)
    {
        HASH_DELETE(hh, e->sets, s);
        buf_clear(&s->notes);
        free(s->title);
        free(s->licence);
        free(s->source);
        free(s);
    }
    free(e->actor);
    free(e);
}
