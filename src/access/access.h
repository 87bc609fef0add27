/* SPDX-License-Identifier: Apache-2.0
 * Who acts, the trail of what they changed, and the bearer tokens of machines.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

/* "cli:LOGIN" of the user that runs the command; never NULL. */
const char *acc_cli_actor(void);
/* Appends to the audit table, inside the caller's transaction. */
bool acc_audit(
        struct db *db, const char *actor, const char *action,
        const char *detail, struct err *err);

/* The newest entry's id; 0: none. Every change of the data is audited in its
 * own transaction, so connections that see the same entry see the same data. */
bool acc_last(struct db *db, int64_t *id, struct err *err);

/* When that was last done, UTC seconds; 0: never. */
bool acc_last_of(
        struct db *db, const char *action, int64_t *at_s, struct err *err);

/* ---- tokens: token.c ------------------------------------------------------
 */

/* 256 random bits in base64url behind a prefix that tells the kind; only a hash
 * of it is kept [docs/feeds.md]. */
enum acc_token_kind {
    ACC_NODE,   /* sends readings of its source */
    ACC_ENROL,  /* lets nodes of a site ask to be let in */
    ACC_SCRAPE, /* reads the server's own figures */
    ACC_TOKEN_KINDS
};
enum {
    ACC_TOKEN_TEXT = 48, /* with the NUL */
    ACC_TOKEN_HASH = 32, /* BLAKE2b-256 */
};

const char *acc_token_word(enum acc_token_kind kind); /* "node" ... */
/* A new one. The caller wipes dst (acc_wipe) when it has been handed out. */
void acc_token_draw(enum acc_token_kind kind, char dst[static ACC_TOKEN_TEXT]);
void acc_wipe(void *bytes, size_t len);
/* Whether text has the shape of a token, and of which kind. */
bool acc_token_shape(const char *text, enum acc_token_kind *kind);
void acc_token_hash(const char *text, unsigned char dst[static ACC_TOKEN_HASH]);

struct acc_token {
    int64_t id;
    enum acc_token_kind kind;
    int64_t source_id; /* feed_source.id of a node's; 0 none */
    int64_t site_id;   /* of an enrolment key; 0 none */
    const char *note;  /* borrowed; NULL none */
    int64_t created_s; /* UTC seconds */
    int64_t expires_s; /* 0: never */
    int64_t used_s;    /* to the hour; 0: never */
    int64_t revoked_s; /* 0: it holds */
};
/* Stores the hash of text with kind, source, site, note and expiry of t;
 * ERR_CONFLICT for a text that is stored already. */
bool acc_token_add(
        struct db *db, const struct acc_token *t, const char *text, int64_t *id,
        struct err *err);
/* The token of that hash, whether or not it still holds; its note is not
 * told (NULL). */
bool acc_token_find(
        struct db *db, const unsigned char hash[static ACC_TOKEN_HASH],
        struct acc_token *out, bool *found, struct err *err);
bool acc_token_holds(const struct acc_token *t, int64_t now_s);
/* Keeps that it was used, to the hour. */
bool acc_token_used(struct db *db, int64_t id, int64_t now_s, struct err *err);
/* ERR_NOT_FOUND; one that is revoked stays as it is. */
bool acc_token_revoke(
        struct db *db, int64_t id, struct acc_token *out, struct err *err);
/* All, or those of one source (0: all), in the order of their ids; the row is
 * borrowed until the callback returns. */
bool acc_tokens(
        struct db *db, int64_t source_id,
        bool (*row)(void *ctx, const struct acc_token *t, struct err *err),
        void *ctx, struct err *err);

/* SQL of this module, for the test that prepares all. */
const struct sql *acc_sql_list(size_t *n);

#endif
