/* SPDX-License-Identifier: Apache-2.0
 * CSV in and out: dialects, encodings, lines, limits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/csv_priv.h"
#include "base/mem.h"
#include "unit.h"

/* What was read, as "line/row:cell|cell;line/row:..." */
struct seen {
    struct buf text;
    struct csv_dialect dialect;
    uint64_t stop_at; /* row that the callback refuses */
    uint64_t rows;
    size_t cells;
};

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct seen *s = ctx;

    s->dialect = *dialect;
    s->rows++;
    s->cells = row->n;
    if (row->row == s->stop_at) {
        err_set(err, ERR_INVALID, "no good");
        err_in(err, "column 'x'");
        return false;
    }
    buf_printf(
            &s->text, "%llu/%llu:", (unsigned long long)row->line,
            (unsigned long long)row->row);
    for (size_t i = 0; i < row->n; i++) {
        UNIT_CHECK(
                strlen(row->fields[i].p) == row->fields[i].len, "terminated");
        buf_printf(&s->text, "%s%s", i ? "|" : "", row->fields[i].p);
    }
    buf_char(&s->text, ';');
    return true;
}

static void seen_init(struct seen *s)
{
    *s = (struct seen){0};
    buf_init(&s->text, 1 << 20);
}

static const struct {
    const char *name, *in;
    size_t len; /* 0: strlen */
    const char *want, *encoding;
    char delimiter;
} good[] = {
        {"plain", "a,b\n1,2\n", 0, "1/1:a|b;2/2:1|2;", "UTF-8", ','},
        {"no last line end", "a,b\n1,2", 0, "1/1:a|b;2/2:1|2;", "UTF-8", ','},
        {"crlf", "a;b\r\n1;2\r\n", 0, "1/1:a|b;2/2:1|2;", "UTF-8", ';'},
        {"cr", "a;b\r1;2\r3;4", 0, "1/1:a|b;2/2:1|2;3/3:3|4;", "UTF-8", ';'},
        {"tab", "a\tb c\n1\t\n", 0, "1/1:a|b c;2/2:1|;", "UTF-8", '\t'},
        {"bar", "a|b,c|d\n1|2|3\n", 0, "1/1:a|b,c|d;2/2:1|2|3;", "UTF-8", '|'},
        {"one column", "a\n1\n", 0, "1/1:a;2/2:1;", "UTF-8", ','},
        {"bom",
         "\xEF\xBB\xBF"
         "a,b\n1,2\n",
         0, "1/1:a|b;2/2:1|2;", "UTF-8", ','},
        {"bom and quote", "\xEF\xBB\xBF\"a\",b\n", 0, "1/1:a|b;", "UTF-8", ','},
        {"utf-8", "n\xC3\xA9,b\n\xE2\x82\xAC,2\n", 0,
         "1/1:n\xC3\xA9|b;2/2:\xE2\x82\xAC|2;", "UTF-8", ','},
        {"cp1252", "n\xE9;b\n\x80;2\n", 0,
         "1/1:n\xC3\xA9|b;2/2:\xE2\x82\xAC|2;", "windows-1252", ';'},
        {"utf-16le",
         "\xFF\xFE"
         "a\0;\0\xE9\0\n\0"
         "1\0;\0"
         "2\0",
         16, "1/1:a|\xC3\xA9;2/2:1|2;", "UTF-16", ';'},
        {"utf-16be",
         "\xFE\xFF\0a\0;\0\xE9\0\n\0"
         "1\0;\0"
         "2",
         16, "1/1:a|\xC3\xA9;2/2:1|2;", "UTF-16", ';'},
        {"quotes", "a,b\n\"x,\"\"y\"\"\",\"\"\n", 0, "1/1:a|b;2/2:x,\"y\"|;",
         "UTF-8", ','},
        {"newline in quotes", "a,b\n\"1\n2\r\n3\",4\n5,6\n", 0,
         "1/1:a|b;2/2:1\n2\r\n3|4;5/3:5|6;", "UTF-8", ','},
        {"cr in quotes", "a,b\r\"1\r2\",4\r5,6\r", 0,
         "1/1:a|b;2/2:1\r2|4;4/3:5|6;", "UTF-8", ','},
        {"line ends mixed", "a,b\r\n1,2\n3,4\r5,6\r\n", 0,
         "1/1:a|b;2/2:1|2;3/3:3|4;4/4:5|6;", "UTF-8", ','},
        {"blank lines", "\n  \n\r\na,b\n\n1,2\n,,,\n \n3,4\n", 0,
         "4/1:a|b;6/2:1|2;9/3:3|4;", "UTF-8", ','},
        {"blanks", " a ,\tb\n\" x \", y z \n", 0, "1/1:a|b;2/2:x|y z;", "UTF-8",
         ','},
        {"no-break space", "a,b\n\xC2\xA0x\xC2\xA0,y\n", 0, "1/1:a|b;2/2:x|y;",
         "UTF-8", ','},
        {"delimiter in quotes", "\"a;b;c\",d\n1,2\n", 0, "1/1:a;b;c|d;2/2:1|2;",
         "UTF-8", ','},
        {"ragged", "a,b\n1\n1,2,3\n", 0, "1/1:a|b;2/2:1;3/3:1|2|3;", "UTF-8",
         ','},
        {"quote at the end", "a,b\n1,\"2\"", 0, "1/1:a|b;2/2:1|2;", "UTF-8",
         ','},
        {"stated delimiter", "sep=|\na|b,c\n1|2\n", 0, "2/1:a|b,c;3/2:1|2;",
         "UTF-8", '|'},
        {"stated, quoted, cr lf", "\"sep=;\";;\r\na;b\r\n", 0, "2/1:a|b;",
         "UTF-8", ';'},
        {"no statement", "sep=x\n1\n", 0, "1/1:sep=x;2/2:1;", "UTF-8", ','},
        {"title without delimiter", "# all of it\na;b\n1;2\n", 0,
         "1/1:# all of it;2/2:a|b;3/3:1|2;", "UTF-8", ';'},
        {"title with another", "Us, all, 2025\na;b\n1;2\n3;4\n", 0,
         "1/1:Us, all, 2025;2/2:a|b;3/3:1|2;4/4:3|4;", "UTF-8", ';'},
};

static void test_good(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t len = good[i].len ? good[i].len : strlen(good[i].in);
        struct seen s;
        struct err err = {0};

        seen_init(&s);
        bool ok = csv_read_mem(good[i].in, len, "f", on_row, &s, &err);
        UNIT_CHECK(ok, "%s: %s: %s", good[i].name, err.where, err.msg);
        UNIT_CHECK(
                strcmp(buf_text(&s.text), good[i].want) == 0, "%s: '%s'",
                good[i].name, buf_text(&s.text));
        UNIT_CHECK(
                strcmp(s.dialect.encoding, good[i].encoding) == 0, "%s: %s",
                good[i].name, s.dialect.encoding);
        UNIT_CHECK(
                s.dialect.delimiter == good[i].delimiter, "%s: delimiter %c",
                good[i].name, s.dialect.delimiter);
        UNIT_CHECK(
                s.dialect.decimal_comma == (good[i].delimiter != ','),
                "%s: decimal comma", good[i].name);
        buf_clear(&s.text);
    }
}

static void test_bad(void)
{
    static const struct {
        const char *name, *in;
        size_t len;
        const char *where, *word;
    } cases[] = {
            {"empty", "", 0, "f", "no rows"},
            {"only blank", "\n \n,,\n", 0, "f", "no rows"},
            {"only bom", "\xEF\xBB\xBF", 3, "f", "no rows"},
            {"NUL", "a,b\n1,\0\n", 8, "f: line 2", "NUL"},
            {"NUL in cp1252", "a\xE9,b\n1,\0\n", 9, "f: line 2", "NUL"},
            {"NUL in utf-16",
             "\xFF\xFE"
             "a\0\n\0\0\0",
             8, "f: line 2", "NUL"},
            {"open quote", "a,b\n1,\"2\n3,4\n", 0, "f: line 2", "never closed"},
            {"quote inside", "a,b\n1,2\n3,24\" x\n", 0, "f: line 3", "quote"},
            {"after the quote", "a,b\n\"1\"x,2\n", 0, "f: line 2", "quote"},
            {"bad utf-8 after a bom",
             "\xEF\xBB\xBF"
             "a\nb\nc\xE9\n",
             0, "f: line 3", "not UTF-8"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].in);
        struct seen s;
        struct err err = {0};

        seen_init(&s);
        bool ok = csv_read_mem(cases[i].in, len, "f", on_row, &s, &err);
        UNIT_CHECK(!ok && err.code == ERR_INVALID, "%s", cases[i].name);
        UNIT_CHECK(
                strcmp(err.where, cases[i].where) == 0 &&
                        strstr(err.msg, cases[i].word),
                "%s: %s: %s", cases[i].name, err.where, err.msg);
        buf_clear(&s.text);
    }
}

static void test_callback_stops(void)
{
    struct seen s;
    struct err err = {0};

    seen_init(&s);
    s.stop_at = 3;
    UNIT_CHECK(
            !csv_read_mem("a\n\"1\n1\"\n2\n3\n", 13, "f.csv", on_row, &s, &err),
            "refused");
    UNIT_CHECK(
            strcmp(err.where, "f.csv: line 4: column 'x'") == 0, "%s",
            err.where);
    UNIT_CHECK(strcmp(err.msg, "no good") == 0, "%s", err.msg);
    UNIT_CHECK(s.rows == 3, "no more rows");
    buf_clear(&s.text);
}

/* Gives each flawed row a '!' behind. */
static bool on_flawed(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    struct seen *s = ctx;
    bool ok = on_row(ctx, dialect, row, err);

    if (row->flaw)
        buf_char(&s->text, '!');
    if (row->open_end)
        buf_char(&s->text, '?');
    return ok;
}

static void test_flawed(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
            {"a,b\n24\" x,2\n3,4\n", "1/1:a|b;2/2:24\" x|2;3/3:3|4;"},
            {"a,b\n\"24\" x,2\n3,4\n", "1/1:a|b;2/2:24\" x|2;!3/3:3|4;"},
            {"a,b\n\"1\"x\n3,\"4\"\n", "1/1:a|b;2/2:1\"x;!3/3:3|4;"},
            {"a,b\n\"1\" \"2\",5\n3,4\n", "1/1:a|b;2/2:1\" \"2\"|5;!3/3:3|4;"},
            {"a,b\n1,\"x\"\"y\"\n", "1/1:a|b;2/2:1|x\"y;"},
            {"a,b\n1,2", "1/1:a|b;2/2:1|2;?"},
            {"a,b\n1,\"2\"", "1/1:a|b;2/2:1|2;?"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen s;
        struct err err = {0};

        seen_init(&s);
        UNIT_CHECK(
                csv_read_mem_flawed(
                        cases[i].in, strlen(cases[i].in), "f", on_flawed, &s,
                        &err),
                "%s: %s", cases[i].in, err.msg);
        UNIT_CHECK(
                strcmp(buf_text(&s.text), cases[i].want) == 0, "%s: '%s'",
                cases[i].in, buf_text(&s.text));
        buf_clear(&s.text);
    }
}

/* A callback that knows the place already: it is said once. */
static bool
placed(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    (void)ctx;
    (void)dialect;
    if (row->row == 1)
        return true;
    err_set(err, ERR_IO, "disk full");
    err_in(err, "f.csv: line 2");
    return false;
}

static void test_place_once(void)
{
    struct err err = {0};

    UNIT_CHECK(
            !csv_read_mem("a\n1\n", 4, "f.csv", placed, NULL, &err), "stops");
    UNIT_CHECK(strcmp(err.where, "f.csv: line 2") == 0, "%s", err.where);
}

/* A row "x,x,..." with one long cell; returns whether it is read. */
static enum err_code try_sizes(size_t cell, size_t cells, size_t row_bytes)
{
    size_t len = 0, size = cell + 2 * cells + row_bytes + 16;
    char *in = xmalloc(size);
    struct seen s;
    struct err err = {0};

    seen_init(&s);
    s.text.max = 4 << 20;
    in[len++] = 'a';
    in[len++] = '\n';
    memset(in + len, 'x', cell);
    len += cell;
    for (size_t i = 1; i < cells; i++) {
        in[len++] = ',';
        in[len++] = 'y';
    }
    while (len - 2 < row_bytes) { /* cells of up to 60,000 bytes */
        size_t n = row_bytes - (len - 2);
        n = n > 60000 ? 60000 : n;
        memset(in + len, 'z', n);
        in[len] = ',';
        len += n;
    }
    in[len++] = '\n';
    if (csv_read_mem(in, len, "f", on_row, &s, &err))
        UNIT_CHECK(s.rows == 2, "both rows");
    else
        UNIT_CHECK(strcmp(err.where, "f: line 2") == 0, "%s", err.where);
    buf_clear(&s.text);
    free(in);
    return err.code;
}

static void test_limits(void)
{
    UNIT_CHECK(try_sizes(CSV_MAX_FIELD - 1, 1, 0) == ERR_NONE, "field - 1");
    UNIT_CHECK(try_sizes(CSV_MAX_FIELD, 1, 0) == ERR_NONE, "field");
    UNIT_CHECK(try_sizes(CSV_MAX_FIELD + 1, 1, 0) == ERR_LIMIT, "field + 1");
    UNIT_CHECK(try_sizes(1, CSV_MAX_FIELDS - 1, 0) == ERR_NONE, "cells - 1");
    UNIT_CHECK(try_sizes(1, CSV_MAX_FIELDS, 0) == ERR_NONE, "cells");
    UNIT_CHECK(try_sizes(1, CSV_MAX_FIELDS + 1, 0) == ERR_LIMIT, "cells + 1");
    UNIT_CHECK(try_sizes(1, 1, CSV_MAX_ROW - 1) == ERR_NONE, "row - 1");
    UNIT_CHECK(try_sizes(1, 1, CSV_MAX_ROW) == ERR_NONE, "row");
    UNIT_CHECK(try_sizes(1, 1, CSV_MAX_ROW + 1) == ERR_LIMIT, "row + 1");
}

static bool
count(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
      struct err *err)
{
    (void)dialect;
    (void)row;
    (void)err;
    ++*(uint64_t *)ctx;
    return true;
}

static void test_row_limit(void)
{
    static const char in[] = "a\n1\n2\n3\n";
    uint64_t n = 0;
    struct err err = {0};

    UNIT_CHECK(
            csv_read_mem_rows(in, sizeof in - 1, "f", 5, count, &n, &err),
            "limit - 1");
    UNIT_CHECK(
            csv_read_mem_rows(in, sizeof in - 1, "f", 4, count, &n, &err),
            "limit");
    UNIT_CHECK(n == 8, "all rows");
    UNIT_CHECK(
            !csv_read_mem_rows(in, sizeof in - 1, "f", 3, count, &n, &err) &&
                    err.code == ERR_LIMIT,
            "limit + 1");
    UNIT_CHECK(strcmp(err.where, "f: line 4") == 0, "%s", err.where);
}

/* An endless quoted cell is refused before it fills the memory. */
static void test_quote_bomb(void)
{
    size_t len = 8u << 20;
    char *in = xmalloc(len);
    struct err err = {0};
    uint64_t n = 0;

    memset(in, '\n', len);
    memcpy(in, "a\n\"", 3);
    UNIT_CHECK(
            !csv_read_mem(in, len, "f", count, &n, &err) &&
                    err.code == ERR_LIMIT,
            "%s", err.msg);
    UNIT_CHECK(strcmp(err.where, "f: line 2") == 0, "%s", err.where);
    free(in);
}

/* Rows of many lengths across chunk borders, in each encoding and line end,
 * from memory and from a file, give the same cells and lines. */
static void test_chunks(void)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    struct buf in, want;
    struct seen s;
    struct err err = {0};

    buf_init(&in, 4 << 20);
    buf_init(&want, 4 << 20);
    for (int e = 0; e < 3; e++)
        for (int bom = 0; bom < 2; bom++) {
            unsigned line = 2;
            buf_reset(&in);
            buf_reset(&want);
            buf_printf(&in, "%sa;b%s", bom ? "\xEF\xBB\xBF" : "", ends[e]);
            buf_str(&want, "1/1:a|b;");
            for (unsigned i = 2; i < 9000; i++) {
                bool quoted = i % 7 == 0;
                const char *inner = quoted ? ends[e] : "";
                buf_printf(
                        &in, "%s\xC3\xA9%*s%s%s\xE2\x82\xAC;%u%s",
                        quoted ? "\"" : "", (int)(i % 29), "x", inner,
                        quoted ? "\"\"" : "", i, "");
                if (quoted) { /* close the cell before the delimiter */
                    in.len = (size_t)(strrchr(in.p, ';') - in.p);
                    buf_printf(&in, "\";%u", i);
                }
                buf_str(&in, ends[e]);
                buf_printf(
                        &want, "%u/%u:\xC3\xA9%*s%s%s\xE2\x82\xAC|%u;", line, i,
                        (int)(i % 29), "x", inner, quoted ? "\"" : "", i);
                line += quoted ? 2 : 1;
            }
            for (int file = 0; file < 2; file++) {
                FILE *f = file ? tmpfile() : NULL;
                bool ok;
                seen_init(&s);
                s.text.max = 4 << 20;
                if (f) {
                    fwrite(in.p, 1, in.len, f);
                    rewind(f);
                    ok = csv_read_file(f, "f", on_row, &s, &err);
                    fclose(f);
                } else {
                    ok = csv_read_mem(in.p, in.len, "f", on_row, &s, &err);
                }
                UNIT_CHECK(
                        ok, "ends %d bom %d file %d: %s: %s", e, bom, file,
                        err.where, err.msg);
                UNIT_CHECK(
                        strcmp(buf_text(&s.text), buf_text(&want)) == 0,
                        "ends %d bom %d file %d", e, bom, file);
                buf_clear(&s.text);
            }
        }
    UNIT_CHECK(!in.over && !want.over && in.len > 3 * 65536, "large enough");
    buf_clear(&in);
    buf_clear(&want);
}

/* Encoding is decided on the first 64 KiB: a bad byte after that is an error
 * with its line, and cp1252 stays cp1252. */
static void test_late_bytes(void)
{
    struct buf in;
    struct err err = {0};
    uint64_t n = 0;

    for (int first = 0; first < 2; first++) {
        buf_init(&in, 1 << 20);
        buf_str(&in, first ? "caf\xE9\n" : "cafe\n");
        for (int i = 2; i < 20000; i++)
            buf_str(&in, "0123456789\n");
        buf_str(&in, "caf\xE9\n");
        bool ok = csv_read_mem(in.p, in.len, "f", count, &n, &err);
        UNIT_CHECK(ok == (first == 1), "%d: %s", first, err.msg);
        if (!ok)
            UNIT_CHECK(
                    strcmp(err.where, "f: line 20000") == 0 &&
                            strstr(err.msg, "UTF-8"),
                    "%s: %s", err.where, err.msg);
        buf_clear(&in);
    }
}

static void test_out(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
            {"plain", "plain"},
            {"", ""},
            {NULL, ""},
            {"a,b", "\"a,b\""},
            {"say \"hi\"", "\"say \"\"hi\"\"\""},
            {"two\nlines", "\"two\nlines\""},
            {" blank", "\" blank\""},
            {"=1+1", "'=1+1"},
            {"+33 1", "'+33 1"},
            {"-5", "'-5"},
            {"@cmd", "'@cmd"},
            {"\tx", "\"'\tx\""},
            {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
            {"a=b", "a=b"},
    };
    struct out *o = xmalloc(sizeof *o);
    struct buf b;
    struct err err = {0};

    buf_init(&b, 10000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_reset(&b);
        out_to_buf(o, &b);
        csv_cell(o, cases[i].text, true);
        UNIT_CHECK(out_finish(o, &err), "finish");
        UNIT_CHECK(
                strcmp(buf_text(&b), cases[i].want) == 0, "'%s': %s",
                cases[i].text, buf_text(&b));
    }
    buf_reset(&b);
    out_to_buf(o, &b);
    csv_cell(o, "x", true);
    csv_cell_num(o, -1.5, false);
    csv_cell_num(o, NAN, false);
    csv_cell(o, "", false);
    csv_end_row(o);
    UNIT_CHECK(out_finish(o, &err), "finish");
    UNIT_CHECK(strcmp(buf_text(&b), "x,-1.5,,\r\n") == 0, "%s", buf_text(&b));
    buf_clear(&b);
    free(o);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"good", test_good},
            {"bad", test_bad},
            {"callback stops", test_callback_stops},
            {"flawed rows", test_flawed},
            {"place once", test_place_once},
            {"limits", test_limits},
            {"row limit", test_row_limit},
            {"quote bomb", test_quote_bomb},
            {"chunks", test_chunks},
            {"late bytes", test_late_bytes},
            {"out", test_out},
            {NULL, NULL},
    };

    return unit_main("base_csv", tests);
}
