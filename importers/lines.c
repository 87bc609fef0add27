/* SPDX-License-Identifier: Apache-2.0
 * Lines of text files, whatever their line ends and encoding. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "importers/json_priv.h"

void imp_lines_open(struct imp_lines *l, FILE *in)
{
    *l = (struct imp_lines){.in = in};
    buf_init(&l->line, IMP_MAX_LINE);
    buf_init(&l->whole, 2 * (size_t)IMP_MAX_DOC);
}

void imp_lines_close(struct imp_lines *l)
{
    buf_clear(&l->line);
    buf_clear(&l->whole);
}

/* UTF-16 is read whole. */
static bool read_whole(struct imp_lines *l, bool big, struct err *err)
{
    struct buf raw;
    char room[4096];
    size_t n;
    bool ok = true;

    l->utf16 = true;
    buf_init(&raw, IMP_MAX_DOC);
    while (ok && (n = fread(room, 1, sizeof room, l->in)) > 0)
        ok = buf_add(&raw, room, n);
    ok = ok && text_from_utf16(buf_text(&raw), raw.len, big, &l->whole);
    buf_clear(&raw);
    return ok || err_set(err, ERR_LIMIT, "UTF-16 text larger than 16 MiB");
}

static bool begin(struct imp_lines *l, struct err *err)
{
    int a = fgetc(l->in), b = a == EOF ? EOF : fgetc(l->in), c;

    l->begun = true;
    if ((a == 0xFF && b == 0xFE) || (a == 0xFE && b == 0xFF))
        return read_whole(l, a == 0xFE, err);
    if (a == 0xEF && b == 0xBB) {
        c = fgetc(l->in);
        if (c == 0xBF)
            return true;
        buf_add(&l->whole, "\xEF\xBB", 2);
        if (c != EOF)
            buf_char(&l->whole, (char)c);
        return true;
    }
    if (a != EOF)
        buf_char(&l->whole, (char)a);
    if (b != EOF)
        buf_char(&l->whole, (char)b);
    return true;
}

/* From what was read already, then from the file. */
static int next_char(struct imp_lines *l)
{
    if (l->at < l->whole.len)
        return (unsigned char)l->whole.p[l->at++];
    return l->utf16 ? EOF : fgetc(l->in);
}

static bool
wrong(struct imp_lines *l, enum err_code code, const char *why, struct err *err)
{
    err_set(err, code, "%s", why);
    err_in(err, "line %llu", (unsigned long long)l->number);
    return false;
}

static bool as_utf8(struct imp_lines *l, struct err *err)
{
    struct buf other;

    if (text_utf8_ok(buf_text(&l->line), l->line.len))
        return true;
    buf_init(&other, 3 * (size_t)IMP_MAX_LINE);
    text_from_cp1252(l->line.p, l->line.len, &other);
    buf_reset(&l->line);
    if (!buf_add(&l->line, buf_text(&other), other.len)) {
        buf_clear(&other);
        return wrong(l, ERR_LIMIT, "a line longer than 1 MiB", err);
    }
    buf_clear(&other);
    return true;
}

bool imp_lines_next(struct imp_lines *l, const char **line, struct err *err)
{
    int c;

    *line = NULL;
    if (!l->begun && !begin(l, err))
        return false;
    buf_reset(&l->line);
    l->number++;
    for (c = next_char(l); c != EOF; c = next_char(l)) {
        bool lf_of_crlf = c == '\n' && l->after_cr;

        l->after_cr = false;
        if (lf_of_crlf)
            continue;
        if (c == '\n' || c == '\r') {
            l->after_cr = c == '\r';
            break;
        }
        if (c == '\0')
            return wrong(l, ERR_INVALID, "a NUL byte, expected text", err);
        if (!buf_char(&l->line, (char)c))
            return wrong(l, ERR_LIMIT, "a line longer than 1 MiB", err);
    }
    if (ferror(l->in))
        return err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
    if (c == EOF && l->line.len == 0)
        return true;
    l->open_end = c == EOF;
    if (!as_utf8(l, err))
        return false;
    *line = buf_text(&l->line);
    return true;
}
