/* SPDX-License-Identifier: Apache-2.0
 * CSV in through libcsv: pieces of at most one physical line go to the parser,
 * so that line numbers and row sizes are exact and memory is constant. */
#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv_priv.h"
#include "base/mem.h"
#include "base/text.h"

enum {
    CHUNK = 64 * 1024,
    KEEP = 8,                     /* bytes of a character cut in two */
    DECODED_MAX = 3 * CHUNK + 64, /* a cp1252 byte gives up to three */
};

struct reader {
    struct csv_parser parser;
    const char *name;
    csv_row_fn *row_fn;
    void *ctx;
    struct err *err;
    bool failed; /* err is set; libcsv cannot be stopped from a callback */

    struct csv_dialect dialect;
    enum csv_encoding encoding;
    bool started; /* encoding and delimiter are known */

    uint64_t line;     /* physical line of the piece being fed */
    uint64_t row_line; /* line on which the row being read starts */
    uint64_t rows;     /* given to row_fn */
    uint64_t max_rows;
    size_t row_bytes; /* of the row being read, line ends inside counted */
    bool line_open;   /* the last piece did not end its line */
    bool after_cr;    /* the last byte was CR: LF would be its other half */
    bool row_ended;   /* libcsv saw the end of the row in this piece */
    bool lenient;     /* a stray quote costs a row, not the file */
    const char *flaw; /* of the row being read */

    struct csv_field fields[CSV_MAX_FIELDS];
    size_t n;
    bool any; /* a field of this row has content */
    size_t fill;
    char *text; /* the fields of this row, each with a NUL */
};

/* Puts the place in front of an error, unless the callback did. */
static void place(struct reader *r)
{
    size_t len = strlen(r->name);

    if (r->err && strncmp(r->err->where, r->name, len) == 0 &&
        text_starts(r->err->where + len, ": line "))
        return;
    err_in(r->err, "%s: line %llu", r->name, (unsigned long long)r->row_line);
}

static void fail(struct reader *r, enum err_code code, const char *msg)
{
    if (r->failed)
        return;
    r->failed = true;
    err_set(r->err, code, "%s", msg);
    place(r);
}

static void on_field(void *bytes, size_t len, void *ctx)
{
    struct reader *r = ctx;
    const char *s = bytes;
    size_t start, end;

    if (r->failed)
        return;
    if (len > CSV_MAX_FIELD) {
        fail(r, ERR_LIMIT, "a cell larger than 65536 bytes");
        return;
    }
    if (r->n == CSV_MAX_FIELDS) {
        fail(r, ERR_LIMIT, "a row of more than 1024 cells");
        return;
    }
    end = text_blank_end(s, len);
    start = text_blank_start(s, end);
    len = end - start;
    /* fits: a row has at most CSV_MAX_ROW bytes and each field one NUL */
    if (len)
        memcpy(r->text + r->fill, s + start, len);
    r->text[r->fill + len] = '\0';
    r->fields[r->n++] = (struct csv_field){r->text + r->fill, len};
    r->fill += len + 1;
    r->any = r->any || len > 0;
}

static void on_row(int end, void *ctx)
{
    struct reader *r = ctx;
    struct csv_row row = {
            .fields = r->fields,
            .n = r->n,
            .line = r->row_line,
            .row = r->rows + 1,
            .open_end = end < 0,
            .flaw = r->flaw};

    r->row_ended = true;
    if (!r->failed && r->any) {
        if (r->rows == r->max_rows) {
            fail(r, ERR_LIMIT, "more rows than a file may have (20000000)");
        } else {
            r->rows++;
            if (!r->row_fn(r->ctx, &r->dialect, &row, r->err)) {
                r->failed = true;
                place(r);
            }
        }
    }
    r->n = r->fill = 0;
    r->any = false;
    r->flaw = NULL;
}

enum { STRICT = CSV_STRICT | CSV_STRICT_FINI };

/* libcsv stops in front of a quote, or of text behind one, that RFC 4180 does
 * not allow. Both go in as letters; behind a closing quote the cell goes on to
 * the next delimiter, so that the lines after it are not taken into it. */
static void parse(struct reader *r, const char *s, size_t len)
{
    size_t at = csv_parse(&r->parser, s, len, on_field, on_row, r);

    while (at < len && !r->failed) {
        if (!r->lenient) {
            fail(r, ERR_INVALID,
                 "a quote inside a cell, expected the cell in quotes and the "
                 "quote doubled");
            return;
        }
        if (r->parser.quoted) {
            r->parser.quoted = 0;
            r->flaw = "text behind a closing quote, expected the whole cell in "
                      "quotes and quotes in it doubled";
        }
        csv_set_opts(&r->parser, CSV_STRICT_FINI);
        csv_parse(&r->parser, s + at, 1, on_field, on_row, r);
        csv_set_opts(&r->parser, STRICT);
        at++;
        at += csv_parse(&r->parser, s + at, len - at, on_field, on_row, r);
    }
}

/* Feeds bytes of one line, with or without its end. */
static bool feed(struct reader *r, const char *s, size_t len, size_t ends)
{
    bool row_open = r->parser.pstate != 0; /* 0: between rows */

    if (!r->line_open)
        r->line++;
    r->line_open = ends == 0;
    if (!row_open && r->row_bytes == 0)
        r->row_line = r->line;
    r->row_bytes += len;
    if (r->row_bytes - ends > CSV_MAX_ROW) {
        fail(r, ERR_LIMIT, "a row larger than 1048576 bytes");
        return false;
    }
    if (r->encoding != CSV_CP1252 || memchr(s, 0, len)) {
        if (!text_utf8_ok(s, len)) {
            r->row_line = r->line;
            fail(r, ERR_INVALID,
                 memchr(s, 0, len)
                         ? "a NUL byte, expected text"
                         : "bytes that are not UTF-8, expected one encoding in "
                           "the whole file");
            return false;
        }
    }
    r->row_ended = false;
    parse(r, s, len);
    /* A blank line ends without a row. */
    if (r->row_ended || (ends && r->parser.pstate == 0))
        r->row_bytes = 0;
    return !r->failed;
}

/* Cuts decoded text into physical lines: LF, CRLF or CR. */
static bool feed_lines(struct reader *r, const char *s, size_t len)
{
    const char *end = s + len;
    const char *cr = memchr(s, '\r', len);

    if (r->after_cr && len) {
        r->after_cr = false;
        if (*s == '\n') /* the other half of a line end already seen */
            s++;
    }
    while (s < end) {
        const char *lf = memchr(s, '\n', (size_t)(end - s));
        const char *stop = lf ? lf : end;
        size_t ends = lf ? 1 : 0;

        if (cr && cr < s)
            cr = memchr(s, '\r', (size_t)(end - s));
        if (cr && cr < stop) {
            ends = cr + 1 == lf ? 2 : 1;
            stop = cr + ends - 1;
            r->after_cr = cr + 1 == end;
        }
        size_t n = (size_t)(stop - s) + (ends ? 1 : 0);
        if (!feed(r, s, n, ends))
            return false;
        s += n;
    }
    return true;
}

/* Length of a first line 'sep=;' with its end, which is no row; 0 when there is
 * none. */
static size_t sep_line(const char *s, size_t len, char *delimiter)
{
    size_t at = len > 0 && s[0] == '"' ? 1 : 0;

    if (len < at + 6 || !text_starts(s + at, "sep=") || !s[at + 4] ||
        !strchr(",;\t|", s[at + 4]))
        return 0;
    *delimiter = s[at + 4];
    for (at += 5; at < len && s[at] != '\r' && s[at] != '\n'; at++)
        if (s[at] != '"' && s[at] != ' ' && s[at] != *delimiter)
            return 0;
    if (at < len)
        at += at + 1 < len && s[at] == '\r' && s[at + 1] == '\n' ? 2 : 1;
    return at;
}

/* Settles the delimiter; returns the bytes that are no row. */
static size_t start(struct reader *r, const char *s, size_t len)
{
    size_t skip = sep_line(s, len, &r->dialect.delimiter);

    r->dialect.encoding = csv_encoding_name(r->encoding);
    if (skip)
        r->line++;
    else
        r->dialect.delimiter = csv_find_delimiter(s, len);
    r->dialect.decimal_comma = r->dialect.delimiter != ',';
    csv_set_opts(&r->parser, STRICT);
    csv_set_delim(&r->parser, (unsigned char)r->dialect.delimiter);
    r->started = true;
    return skip;
}

/* Where the bytes come from. */
struct source {
    FILE *file; /* or */
    const char *bytes;
    size_t len;
};

static bool
take(struct source *in, char *room, size_t size, size_t *got, struct err *err)
{
    if (!in->file) {
        *got = in->len < size ? in->len : size;
        if (*got)
            memcpy(room, in->bytes, *got);
        in->bytes += *got;
        in->len -= *got;
        return true;
    }
    *got = fread(room, 1, size, in->file);
    if (*got < size && ferror(in->file))
        return err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
    return true;
}

static bool decode_and_feed(
        struct reader *r, const char *s, size_t len, struct buf *decoded)
{
    if (r->encoding != CSV_UTF8) {
        buf_reset(decoded);
        if (r->encoding == CSV_CP1252)
            CHECK(text_from_cp1252(s, len, decoded));
        else
            CHECK(text_from_utf16(s, len, r->encoding == CSV_UTF16BE, decoded));
        s = buf_text(decoded);
        len = decoded->len;
    }
    if (!r->started) {
        size_t skip = start(r, s, len);

        s += skip;
        len -= skip;
    }
    return feed_lines(r, s, len);
}

static bool read_all(struct reader *r, struct source *in, struct buf *decoded)
{
    char *room = xmalloc(CHUNK + KEEP);
    size_t kept = 0, got, bom = 0, cut;
    bool ok = false, first = true, last = false;

    while (!last) {
        if (!take(in, room + kept, CHUNK, &got, r->err)) {
            err_in(r->err, "%s", r->name);
            goto done;
        }
        last = got < CHUNK;
        got += kept;
        bom = 0;
        if (first)
            r->encoding = csv_find_encoding(room, got, last, &bom);
        first = false;
        cut = last ? 0 : csv_cut_bytes(r->encoding, room, got);
        if (got - cut > bom &&
            !decode_and_feed(r, room + bom, got - cut - bom, decoded))
            goto done;
        memmove(room, room + got - cut, cut);
        kept = cut;
    }
    ok = true;
done:
    free(room);
    return ok;
}

struct limits {
    uint64_t max_rows;
    bool lenient;
};

static bool csv_read(
        struct source *in, const char *name, struct limits limits,
        csv_row_fn *row, void *ctx, struct err *err)
{
    struct reader *r = xcalloc(1, sizeof *r);
    struct buf decoded;
    bool ok = false;

    buf_init(&decoded, DECODED_MAX);
    r->name = name;
    r->row_fn = row;
    r->ctx = ctx;
    r->err = err;
    r->max_rows = limits.max_rows;
    r->lenient = limits.lenient;
    r->text = xmalloc(CSV_MAX_ROW + CSV_MAX_FIELDS + 1);
    CHECK(csv_init(&r->parser, 0) == 0);
    csv_set_realloc_func(&r->parser, xrealloc);
    csv_set_blk_size(&r->parser, 4096);
    if (!read_all(r, in, &decoded))
        goto done;
    if (csv_fini(&r->parser, on_field, on_row, r) != 0)
        fail(r, ERR_INVALID, "a quote that is never closed");
    if (!r->failed && r->rows == 0) {
        err_set(err, ERR_INVALID, "no rows, expected a header row");
        err_in(err, "%s", name);
        goto done;
    }
    ok = !r->failed;
done:
    csv_free(&r->parser);
    buf_clear(&decoded);
    free(r->text);
    free(r);
    return ok;
}

static const struct limits usual = {CSV_MAX_ROWS, false};
static const struct limits lenient = {CSV_MAX_ROWS, true};

bool csv_read_file(
        FILE *in, const char *name, csv_row_fn *row, void *ctx, struct err *err)
{
    struct source source = {.file = in};

    return csv_read(&source, name, usual, row, ctx, err);
}

bool csv_read_mem(
        const char *bytes, size_t len, const char *name, csv_row_fn *row,
        void *ctx, struct err *err)
{
    struct source source = {.bytes = bytes, .len = len};

    return csv_read(&source, name, usual, row, ctx, err);
}

bool csv_read_file_flawed(
        FILE *in, const char *name, csv_row_fn *row, void *ctx, struct err *err)
{
    struct source source = {.file = in};

    return csv_read(&source, name, lenient, row, ctx, err);
}

bool csv_read_mem_flawed(
        const char *bytes, size_t len, const char *name, csv_row_fn *row,
        void *ctx, struct err *err)
{
    struct source source = {.bytes = bytes, .len = len};

    return csv_read(&source, name, lenient, row, ctx, err);
}

bool csv_read_mem_rows(
        const char *bytes, size_t len, const char *name, uint64_t max_rows,
        csv_row_fn *row, void *ctx, struct err *err)
{
    struct source source = {.bytes = bytes, .len = len};
    const struct limits few = {max_rows, false};

    return csv_read(&source, name, few, row, ctx, err);
}
