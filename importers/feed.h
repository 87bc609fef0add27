/* SPDX-License-Identifier: Apache-2.0
 * Bodies that senders of energy push: bytes to struct wire_batch
 * [docs/feeds.md]; no database. */
#ifndef IMPORTERS_FEED_H
#define IMPORTERS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "wire/feed.h"

enum {
    IMP_FEED_TOLD = 100,      /* refused rows told; all are counted */
    IMP_FEED_BYTES = 8 << 20, /* of a body, as sent or unpacked */
    IMP_FEED_REST = 1 << 20,  /* of a batch, its samples left out */
    IMP_FEED_BATCHES = 256,   /* of one body of OTLP */
};

/* What a body holds; zeroed before its first use, then used again and again. */
struct imp_feed {
    const struct wire_batch *batches; /* one of JSON, some of OTLP */
    size_t n_batches;
    const char *node; /* how the sender names itself; NULL: it does not */
    uint64_t refused; /* rows that are none, whatever is in the database */
    struct {
        uint64_t seq;       /* 0: it has none */
        const char *reason; /* fixed text */
    } told[IMP_FEED_TOLD];
    size_t n_told;
    struct arena arena; /* texts and meters */
    struct wire_sample *samples;
    size_t room;
    uint64_t *heard; /* of refused rows that have a sequence number */
    size_t n_heard, heard_room;
};
void imp_feed_clear(struct imp_feed *f);

/* text[len] is a NUL. A bad row is refused and counted; ERR_INVALID, with the
 * place, for a body that is no such JSON; ERR_LIMIT for too many samples or
 * meters. Everything in out is borrowed until its next use. */
bool imp_feed_json(
        const char *text, size_t len, struct imp_feed *out, struct err *err);
/* OTLP/HTTP in JSON: hw.energy, hw.power, hw.host.energy, hw.host.power. */
bool imp_feed_otlp(
        const char *text, size_t len, struct imp_feed *out, struct err *err);

/* A decimal number as text, times `micro`, rounded half to even once to a whole
 * 0 to 2^63-1; else NULL is not returned but why not, as fixed text. */
const char *
imp_feed_amount(const char *text, size_t len, int64_t micro, int64_t *out);

/* What a body of gzip unpacks to, appended to out, whose maximum is never
 * passed: ERR_LIMIT as soon as it would be, ERR_INVALID for bytes that are
 * none. */
struct buf;
bool imp_feed_gunzip(
        const void *bytes, size_t len, struct buf *out, struct err *err);

#endif
