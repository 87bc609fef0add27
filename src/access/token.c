/* SPDX-License-Identifier: Apache-2.0
 * Bearer tokens: drawn, hashed, kept as hashes. */
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "access/access_priv.h"

enum {
    SECRET = 32, /* random bytes */
    PREFIX = 4,
    ENCODED = 43, /* base64url without padding */
    HOUR_S = 3600,
};

static const struct {
    const char *word, *prefix;
} kinds[ACC_TOKEN_KINDS] = {
        {"node", "fpn_"},
        {"enrol", "fpe_"},
        {"scrape", "fps_"},
};

const char *acc_token_word(enum acc_token_kind kind)
{
    return kinds[kind].word;
}

static void start_sodium(void)
{
    CHECK(sodium_init() >= 0); /* any number of times */
}

void acc_token_draw(enum acc_token_kind kind, char dst[static ACC_TOKEN_TEXT])
{
    unsigned char secret[SECRET];

    start_sodium();
    randombytes_buf(secret, sizeof secret);
    memcpy(dst, kinds[kind].prefix, PREFIX);
    sodium_bin2base64(
            dst + PREFIX, ACC_TOKEN_TEXT - PREFIX, secret, sizeof secret,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
}

void acc_wipe(void *bytes, size_t len)
{
    sodium_memzero(bytes, len);
}

bool acc_token_shape(const char *text, enum acc_token_kind *kind)
{
    static const char letters[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    if (strlen(text) != PREFIX + ENCODED ||
        strspn(text + PREFIX, letters) != ENCODED)
        return false;
    for (int i = 0; i < ACC_TOKEN_KINDS; i++)
        if (!memcmp(text, kinds[i].prefix, PREFIX)) {
            *kind = (enum acc_token_kind)i;
            return true;
        }
    return false;
}

void acc_token_hash(const char *text, unsigned char dst[static ACC_TOKEN_HASH])
{
    start_sodium();
    crypto_generichash(
            dst, ACC_TOKEN_HASH, (const unsigned char *)text, strlen(text),
            NULL, 0);
}

bool acc_token_add(
        struct db *db, const struct acc_token *t, const char *text, int64_t *id,
        struct err *err)
{
    unsigned char hash[ACC_TOKEN_HASH];
    struct acc_token other;
    struct stmt *q;
    bool found;

    acc_token_hash(text, hash);
    if (!acc_token_find(db, hash, &other, &found, err))
        return false;
    if (found)
        return err_set(err, ERR_CONFLICT, "this token is known already");
    q = db_stmt(db, &acc_statements[ACC_TOKEN_ADD], err);
    if (!q)
        return false;
    stmt_blob(q, ":hash", hash, sizeof hash);
    stmt_text(q, ":kind", kinds[t->kind].word);
    if (t->source_id)
        stmt_int(q, ":source", t->source_id);
    if (t->site_id)
        stmt_int(q, ":site", t->site_id);
    stmt_text(q, ":note", t->note);
    stmt_int(q, ":now", (int64_t)time(NULL));
    if (t->expires_s)
        stmt_int(q, ":expires", t->expires_s);
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(db);
    return true;
}

static bool from_row(struct stmt *q, struct acc_token *out, struct err *err)
{
    const char *word = stmt_col_text(q, 1);
    int kind = 0;

    while (kind < ACC_TOKEN_KINDS && strcmp(kinds[kind].word, word) != 0)
        kind++;
    if (kind == ACC_TOKEN_KINDS)
        return err_set(err, ERR_DB, "a token of kind '%.40s'", word);
    *out = (struct acc_token){
            .id = stmt_col_int(q, 0),
            .kind = (enum acc_token_kind)kind,
            .source_id = stmt_col_int(q, 2),
            .site_id = stmt_col_int(q, 3),
            .note = stmt_col_text(q, 4),
            .created_s = stmt_col_int(q, 5),
            .expires_s = stmt_col_int(q, 6),
            .used_s = stmt_col_int(q, 7),
            .revoked_s = stmt_col_int(q, 8)};
    return true;
}

bool acc_token_find(
        struct db *db, const unsigned char hash[static ACC_TOKEN_HASH],
        struct acc_token *out, bool *found, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_TOKEN_FIND], err);
    bool ok;

    if (!q)
        return false;
    stmt_blob_at(q, 1, hash, ACC_TOKEN_HASH);
    ok = stmt_step(q, found, err) && (!*found || from_row(q, out, err));
    stmt_reset(q);
    return ok;
}

bool acc_token_holds(const struct acc_token *t, int64_t now_s)
{
    return !t->revoked_s && (!t->expires_s || now_s < t->expires_s);
}

bool acc_token_used(struct db *db, int64_t id, int64_t now_s, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_TOKEN_USED], err);

    if (!q)
        return false;
    stmt_int_at(q, 1, now_s - now_s % HOUR_S);
    stmt_int_at(q, 2, id);
    return stmt_run(q, err);
}

bool acc_token_revoke(
        struct db *db, int64_t id, struct acc_token *out, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_TOKEN_BY_ID], err);
    struct acc_token t;
    bool found = false, ok;

    if (!q)
        return false;
    stmt_int_at(q, 1, id);
    ok = stmt_step(q, &found, err) && (!found || from_row(q, &t, err));
    stmt_reset(q);
    if (!ok)
        return false;
    if (!found)
        return err_set(
                err, ERR_NOT_FOUND,
                "no token %lld, 'fleetprint token list' names them",
                (long long)id);
    q = db_stmt(db, &acc_statements[ACC_TOKEN_REVOKE], err);
    if (!q)
        return false;
    stmt_int(q, ":now", (int64_t)time(NULL));
    stmt_int(q, ":id", id);
    if (!stmt_run(q, err))
        return false;
    *out = t;
    return true;
}

bool acc_tokens(
        struct db *db, int64_t source_id,
        bool (*row)(void *ctx, const struct acc_token *t, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_TOKENS], err);
    bool more = true, ok = true;
    struct acc_token t;

    if (!q)
        return false;
    stmt_int(q, ":source", source_id);
    while (ok && more) {
        ok = stmt_step(q, &more, err);
        if (ok && more)
            ok = from_row(q, &t, err) && row(ctx, &t, err);
    }
    stmt_reset(q);
    return ok;
}
