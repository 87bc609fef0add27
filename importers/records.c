/* SPDX-License-Identifier: Apache-2.0
 * Single records cut out of a JSON file of any size: only one is in memory. */
#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "importers/importers_priv.h"

/* Where the scan stands. Only strings and nesting matter here: each record is
 * then checked by json_parse. */
struct cutter {
    struct imp_records *r;
    struct buf buf;    /* the record, or the root object as far as read */
    int depth;         /* of open braces and brackets */
    int list_depth;    /* depth inside the list of records; 0: no list yet */
    bool list_done;    /* the list has been closed */
    bool begun, ended; /* the root value */
    bool in_text, escaped;
    bool capture;
    bool key_next;    /* at depth 1: the next text is a key */
    bool items_key;   /* the last key was "items" */
    size_t key_start; /* in buf */
};

static bool deliver(struct cutter *c, struct err *err)
{
    struct imp_records *r = c->r;
    cJSON *record = NULL;
    struct err why = {0};
    bool ok;

    r->count++;
    if (!json_parse(c->buf.p, c->buf.len, &record, &why))
        ok = r->bad(r->ctx, r->count, &why, err);
    else
        ok = r->record(r->ctx, r->count, record, err);
    cJSON_Delete(record);
    buf_reset(&c->buf);
    c->capture = false;
    return ok;
}

static void on_text_end(struct cutter *c)
{
    if (c->depth == 1 && c->list_depth == 0 && c->key_next && c->capture) {
        c->items_key = c->buf.len - c->key_start == 7 &&
                       memcmp(c->buf.p + c->key_start, "\"items\"", 7) == 0;
        c->key_next = false;
    }
}

static void on_open(struct cutter *c, char ch)
{
    c->depth++;
    if (!c->begun) {
        c->begun = true;
        c->key_next = ch == '{';
        c->capture = ch == '{';
        if (ch == '[')
            c->list_depth = 1;
    } else if (
            c->depth == 2 && c->list_depth == 0 && c->items_key && ch == '[') {
        c->list_depth = 2; /* what was read of the root is not needed */
        c->capture = false;
        buf_reset(&c->buf);
    } else if (
            c->list_depth > 0 && !c->list_done && ch == '{' &&
            c->depth == c->list_depth + 1) {
        c->capture = true;
    }
}

static bool on_close(struct cutter *c, struct err *err)
{
    c->depth--;
    if (c->depth < 0)
        return err_set(err, ERR_INVALID, "a bracket closes nothing");
    if (c->list_depth > 0 && c->depth == c->list_depth && c->capture)
        return deliver(c, err);
    if (c->list_depth > 0 && c->depth < c->list_depth)
        c->list_done = true;
    if (c->depth == 0) {
        c->ended = true;
        if (c->list_depth == 0)
            return deliver(c, err);
    }
    return true;
}

static bool on_char(struct cutter *c, char ch, struct err *err)
{
    bool blank = ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';

    if (!c->begun && ch != '{' && ch != '[') {
        if (blank)
            return true;
        return err_set(
                err, ERR_INVALID, "not JSON records, expected { or [ first");
    }
    if (c->ended)
        return blank ? true
                     : err_set(err, ERR_INVALID,
                               "text after the end of the JSON value");
    if (c->in_text) {
        if (c->capture && !buf_char(&c->buf, ch))
            return err_set(err, ERR_LIMIT, "a record larger than 64 MiB");
        if (c->escaped)
            c->escaped = false;
        else if (ch == '\\')
            c->escaped = true;
        else if (ch == '"') {
            c->in_text = false;
            on_text_end(c);
        }
        return true;
    }
    if (ch == '"') {
        c->in_text = true;
        c->key_start = c->buf.len;
    } else if (ch == ',' && c->depth == 1) {
        c->key_next = true;
    } else if (ch == '{' || ch == '[') {
        on_open(c, ch);
    }
    if (c->capture && !buf_char(&c->buf, ch))
        return err_set(err, ERR_LIMIT, "a record larger than 64 MiB");
    if (ch == '}' || ch == ']')
        return on_close(c, err);
    return true;
}

static bool at_end(struct cutter *c, struct err *err)
{
    if (!c->begun)
        return err_set(err, ERR_INVALID, "the file is empty");
    if (c->ended)
        return true;
    if (c->list_depth == 0)
        return err_set(
                err, ERR_INVALID, "the file ends before its JSON value does");
    c->r->cut = true;
    return true;
}

bool imp_records_read(struct imp_records *r, FILE *in, struct err *err)
{
    struct cutter c = {.r = r};
    unsigned char room[65536];
    bool first = true, ok = false;
    size_t n;

    r->cut = false;
    r->count = 0;
    buf_init(&c.buf, JSON_MAX_BYTES);
    while ((n = fread(room, 1, sizeof room, in)) > 0) {
        size_t at =
                first && n >= 3 && memcmp(room, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

        first = false;
        for (; at < n; at++)
            if (!on_char(&c, (char)room[at], err))
                goto done;
    }
    if (ferror(in)) {
        err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
        goto done;
    }
    ok = at_end(&c, err);
done:
    if (!ok)
        err_in(err, "%s", r->name);
    buf_clear(&c.buf);
    return ok;
}
