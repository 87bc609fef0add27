/* SPDX-License-Identifier: Apache-2.0
 * Output, markup, files and logs. */
#include <libxml/parser.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/log.h"
#include "base/markup.h"
#include "base/mem.h"
#include "unit.h"

static char folder[] = "/tmp/test_out_XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static int turn;
    char *p = path[turn++ % 4];

    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static void test_out_to_buf(void)
{
    struct out *o = xmalloc(sizeof *o);
    struct buf b;
    struct err err = {0};
    char *big = xmalloc(40001);
    size_t at = 0;

    memset(big, 'x', 40000);
    big[40000] = '\0';
    buf_init(&b, 1 << 20);
    out_to_buf(o, &b);
    for (int i = 0; i < 3000; i++)
        out_printf(o, "%d\n", i);
    out_bytes(o, big, 40000);
    out_printf(o, "%s!", big);
    out_char(o, '.');
    UNIT_CHECK(out_finish(o, &err), "finish");
    for (int i = 0; i < 3000; i++) {
        char line[20];
        size_t n = (size_t)snprintf(line, sizeof line, "%d\n", i);
        UNIT_CHECK(memcmp(b.p + at, line, n) == 0, "line %d", i);
        at += n;
    }
    UNIT_CHECK(b.len == at + 80002, "length");
    UNIT_CHECK(strcmp(b.p + b.len - 3, "x!.") == 0, "end");
    buf_clear(&b);

    buf_init(&b, 100);
    out_to_buf(o, &b);
    out_bytes(o, big, 40000);
    out_str(o, "more");
    UNIT_CHECK(
            !out_finish(o, &err) && err.code == ERR_LIMIT, "over the maximum");
    buf_clear(&b);
    free(big);
    free(o);
}

static void test_out_full(void)
{
    struct out *o = xmalloc(sizeof *o);
    struct err err = {0};
    FILE *f = fopen("/dev/full", "wb");

    CU_ASSERT_FATAL(f != NULL);
    out_to_file(o, f);
    out_str(o, "a few bytes");
    UNIT_CHECK(!out_finish(o, &err), "a full disk is seen");
    UNIT_CHECK(err.code == ERR_IO, "code %d", err.code);
    UNIT_CHECK(strstr(err.msg, "space") != NULL, "%s", err.msg);
    fclose(f);
    free(o);
}

/* Writes with fn and gives the text; the caller frees it. */
static char *written(enum mk_kind kind, void (*fn)(struct mk *))
{
    struct out *o = xmalloc(sizeof *o);
    struct buf b;
    struct err err = {0};
    struct mk *mk;

    buf_init(&b, 1 << 20);
    out_to_buf(o, &b);
    mk = mk_open(o, kind);
    fn(mk);
    UNIT_CHECK(mk_close(mk, &err) && out_finish(o, &err), "%s", err.msg);
    free(o);
    return buf_take(&b);
}

static void page(struct mk *mk)
{
    mk_begin(mk, "html");
    mk_attr(mk, "lang", "fr");
    mk_begin(mk, "head");
    mk_begin(mk, "meta");
    mk_attr(mk, "charset", "utf-8");
    mk_end(mk, "meta");
    mk_begin(mk, "style");
    mk_asset(mk, "a > b { content: \"<&\"; }");
    mk_end(mk, "style");
    mk_end(mk, "head");
    mk_begin(mk, "body");
    mk_element(mk, "td", NULL);
    mk_element(mk, "p", "1 < 2 & \"3\" > '4'");
    mk_begin(mk, "a");
    mk_attr(mk, "title", "<\"&'\n\xC3\xA9>");
    mk_attrf(mk, "href", "/m/%d?a=%s", 7, "x&y");
    mk_attr_num(mk, "data-v", 0.25);
    mk_textf(mk, "n\xC2\xB0 %d", 7);
    mk_end(mk, "a");
    mk_begin(mk, "br");
    mk_end(mk, "br");
    mk_begin(mk, "svg");
    mk_begin(mk, "path");
}

static void test_html(void)
{
    static const char want[] =
            "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"/>"
            "<style>a > b { content: \"<&\"; }</style></head><body><td></td>"
            "<p>1 &lt; 2 &amp; &quot;3&quot; &gt; '4'</p>"
            "<a title=\"&lt;&quot;&amp;'\n\xC3\xA9&gt;\" "
            "href=\"/m/7?a=x&amp;y\" data-v=\"0.25\">n\xC2\xB0 7</a><br/>"
            "<svg><path></path></svg></body></html>\n";
    char *got = written(MK_HTML, page);

    UNIT_CHECK(strcmp(got, want) == 0, "%s", got);
    free(got);
}

static void document(struct mk *mk)
{
    mk_begin(mk, "year");
    mk_begin(mk, "empty");
    mk_end(mk, "empty");
    mk_begin(mk, "empty");
    mk_attr(mk, "a", NULL);
    mk_end(mk, "empty");
    mk_element(
            mk, "text",
            "a\x01"
            "b\x1F\xFF\xED\xA0\x80 \t\n\r\xEF\xBF\xBF\xF0\x9F\x98\x80]]>");
}

static void test_xml(void)
{
    static const char want[] =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<year><empty/>"
            "<empty a=\"\"/><text>a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD "
            "\t\n&#13;\xEF\xBF\xBD\xF0\x9F\x98\x80]]&gt;</text></year>\n";
    char *got = written(MK_XML, document);
    xmlDocPtr doc;

    UNIT_CHECK(strcmp(got, want) == 0, "%s", got);
    doc = xmlReadMemory(
            got, (int)strlen(got), "x", NULL,
            XML_PARSE_NONET | XML_PARSE_NOERROR);
    UNIT_CHECK(doc != NULL, "well-formed");
    xmlFreeDoc(doc);
    free(got);
}

static void style_attribute(struct mk *mk)
{
    mk_begin(mk, "p");
    mk_attr(mk, "style", "color:red");
}

static void wrong_end(struct mk *mk)
{
    mk_begin(mk, "p");
    mk_end(mk, "div");
}

static void late_attribute(struct mk *mk)
{
    mk_begin(mk, "p");
    mk_text(mk, "x");
    mk_attr(mk, "class", "late");
}

static void void_content(struct mk *mk)
{
    mk_begin(mk, "br");
    mk_text(mk, "x");
}

static void bad_name(struct mk *mk)
{
    mk_begin(mk, "p onclick=x");
}

static void bad_asset(struct mk *mk)
{
    mk_begin(mk, "style");
    mk_asset(mk, "a { } </style><script>");
}

static void text_in_script(struct mk *mk)
{
    mk_begin(mk, "script");
    mk_text(mk, "x");
}

/* Our own mistakes end the program, in every build. */
static void test_mistakes(void)
{
    static void (*const wrong[])(struct mk *) = {
            style_attribute, wrong_end, late_attribute, void_content,
            bad_name,        bad_asset, text_in_script};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int status = 0;
        fflush(stdout);
        pid_t child = fork();

        CU_ASSERT_FATAL(child >= 0);
        if (child == 0) {
            freopen("/dev/null", "w", stderr);
            signal(SIGABRT, SIG_DFL);
            written(MK_HTML, wrong[i]);
            _exit(0);
        }
        waitpid(child, &status, 0);
        UNIT_CHECK(
                WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
                "mistake %zu", i);
    }
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");

    CU_ASSERT_FATAL(f != NULL);
    fputs(text, f);
    fclose(f);
}

static bool holds(const char *path, const char *text)
{
    struct buf b;
    struct err err = {0};
    bool same;

    buf_init(&b, 1000);
    same = file_read(path, 1000, &b, &err) && strcmp(buf_text(&b), text) == 0;
    buf_clear(&b);
    return same;
}

static void test_file_read(void)
{
    struct buf b;
    struct err err = {0};
    FILE *f = NULL;

    buf_init(&b, 100);
    put(in_folder("ten"), "0123456789");
    UNIT_CHECK(file_read(in_folder("ten"), 11, &b, &err), "limit - 1");
    UNIT_CHECK(file_read(in_folder("ten"), 10, &b, &err), "limit");
    UNIT_CHECK(b.len == 20, "appended");
    UNIT_CHECK(
            !file_read(in_folder("ten"), 9, &b, &err) && err.code == ERR_LIMIT,
            "limit + 1");
    UNIT_CHECK(
            !file_read(in_folder("no"), 9, &b, &err) &&
                    err.code == ERR_NOT_FOUND,
            "absent");
    UNIT_CHECK(
            !file_open(folder, &f, &err) && err.code == ERR_INVALID && !f,
            "folder");
    UNIT_CHECK(file_kind(folder) == FILE_FOLDER, "kind");
    UNIT_CHECK(file_kind("/dev/null") == FILE_OTHER, "kind");
    UNIT_CHECK(file_kind(in_folder("ten")) == FILE_REGULAR, "kind");
    UNIT_CHECK(file_kind(in_folder("no")) == FILE_NONE, "kind");
    buf_clear(&b);
}

static size_t temporaries(void)
{
    char **names = NULL;
    size_t n = 0, found = 0;
    struct err err = {0};

    CU_ASSERT_FATAL(file_names(folder, &names, &n, &err));
    for (size_t i = 0; i < n; i++)
        found += strstr(names[i], ".tmp") != NULL;
    file_names_free(names, n);
    return found;
}

static void test_file_out(void)
{
    const char *path = in_folder("report");
    struct file_out f;
    struct err err = {0};
    struct stat st;

    CU_ASSERT_FATAL(file_out_open(&f, path, &err));
    fputs("first", f.file);
    UNIT_CHECK(file_kind(path) == FILE_NONE, "not there before the commit");
    UNIT_CHECK(file_out_commit(&f, &err), "%s", err.msg);
    UNIT_CHECK(holds(path, "first"), "first");
    file_out_clear(&f);

    chmod(path, 0640);
    CU_ASSERT_FATAL(file_out_open(&f, path, &err));
    fputs("second, dropped", f.file);
    file_out_clear(&f);
    UNIT_CHECK(holds(path, "first"), "kept");
    UNIT_CHECK(temporaries() == 0, "nothing left");

    CU_ASSERT_FATAL(symlink("report", in_folder("link")) == 0);
    CU_ASSERT_FATAL(file_out_open(&f, in_folder("link"), &err));
    fputs("third", f.file);
    UNIT_CHECK(file_out_commit(&f, &err), "%s", err.msg);
    UNIT_CHECK(holds(path, "third"), "through the link");
    UNIT_CHECK(
            lstat(in_folder("link"), &st) == 0 && S_ISLNK(st.st_mode), "link");
    UNIT_CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640, "mode");

    CU_ASSERT_FATAL(file_out_open(&f, "/dev/full", &err));
    fputs("x", f.file);
    UNIT_CHECK(!file_out_commit(&f, &err) && err.code == ERR_IO, "full");
    UNIT_CHECK(strstr(err.msg, "/dev/full") != NULL, "%s", err.msg);
    UNIT_CHECK(
            !file_out_open(&f, in_folder("no/x"), &err) && err.code == ERR_IO,
            "no folder");
    UNIT_CHECK(
            !file_out_open(&f, folder, &err) && err.code == ERR_INVALID,
            "a folder");
}

static void test_folders(void)
{
    char **names = NULL;
    size_t n = 0;
    struct err err = {0};
    struct stat st;

    UNIT_CHECK(file_make_parents(in_folder("d/e/f"), &err), "%s", err.msg);
    UNIT_CHECK(file_make_parents(in_folder("d/e/f"), &err), "%s", err.msg);
    UNIT_CHECK(
            stat(in_folder("d/e"), &st) == 0 && (st.st_mode & 0777) == 0700,
            "0700");
    put(in_folder("d/b"), "");
    put(in_folder("d/B"), "");
    put(in_folder("d/.hidden"), "");
    CU_ASSERT_FATAL(file_names(in_folder("d"), &names, &n, &err));
    UNIT_CHECK(
            n == 3 && !strcmp(names[0], "B") && !strcmp(names[1], "b") &&
                    !strcmp(names[2], "e"),
            "sorted bytewise");
    file_names_free(names, n);
    UNIT_CHECK(
            !file_make_parents(in_folder("d/b/x"), &err) && err.code == ERR_IO,
            "a file in the way");
    UNIT_CHECK(
            !file_names(in_folder("no"), &names, &n, &err) &&
                    err.code == ERR_NOT_FOUND,
            "absent");
    remove(in_folder("d/.hidden"));
}

static void test_temp(void)
{
    char *file = NULL, *dir = NULL, *old = getenv("TMPDIR");
    struct err err = {0};
    struct stat st;

    old = old ? xstrdup(old) : NULL;
    setenv("TMPDIR", folder, 1);
    CU_ASSERT_FATAL(file_temp(&file, &err) && file_temp_folder(&dir, &err));
    CU_ASSERT(strncmp(file, folder, strlen(folder)) == 0);
    CU_ASSERT(stat(file, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0);
    CU_ASSERT((st.st_mode & 077) == 0);
    CU_ASSERT(stat(dir, &st) == 0 && S_ISDIR(st.st_mode));
    CU_ASSERT((st.st_mode & 077) == 0);
    unlink(file);
    rmdir(dir);
    free(file);
    free(dir);
    setenv("TMPDIR", in_folder("nowhere"), 1);
    CU_ASSERT(!file_temp(&file, &err) && err.code == ERR_NOT_FOUND);
    CU_ASSERT(strstr(err.msg, "nowhere/fleetprint-") != NULL);
    CU_ASSERT(!file_temp_folder(&dir, &err) && err.code == ERR_NOT_FOUND);
    if (old)
        setenv("TMPDIR", old, 1);
    else
        unsetenv("TMPDIR");
    free(old);
}

static void test_log(void)
{
    const char *path = in_folder("log");
    int old = dup(2);

    unsetenv("JOURNAL_STREAM");
    fflush(stderr);
    CU_ASSERT_FATAL(freopen(path, "wb", stderr) != NULL);
    log_line(LOG_INFO, "serve", "listen=%s port=%d", "127.0.0.1", 8420);
    log_line(LOG_DEBUG, "hidden", "x=%d", 1);
    log_line(LOG_WARN, "row", "file=%s n=%zu", "a b\n\"c\".csv", (size_t)3);
    log_line(LOG_ERROR, "end", "%s", "");
    setenv("JOURNAL_STREAM", "8:1", 1);
    log_line(LOG_ERROR, "x", "ms=%.2f big=%lld 5%%", 1.5, 1LL << 40);
    unsetenv("JOURNAL_STREAM");
    fflush(stderr);
    dup2(old, 2);
    close(old);
    UNIT_CHECK(
            holds(path, "info serve listen=127.0.0.1 port=8420\n"
                        "warn row file=\"a b\\x0a\\\"c\\\".csv\" n=3\n"
                        "error end \"\"\n"
                        "<3>error x ms=1.50 big=1099511627776 5%\n"),
            "lines");
}

static void test_embed(void)
{
    static const struct embed_file table[] = {
            {"a.css", (const unsigned char *)"x", 1}, {NULL, NULL, 0}};

    UNIT_CHECK(embed_find(table, "a.css") == &table[0], "found");
    UNIT_CHECK(embed_find(table, "b.css") == NULL, "absent");
}

static void remove_all(const char *name)
{
    char **names = NULL, inner[600];
    size_t n = 0;
    struct err err;

    if (file_kind(name) == FILE_FOLDER && file_names(name, &names, &n, &err)) {
        for (size_t i = 0; i < n; i++) {
            snprintf(inner, sizeof inner, "%s/%s", name, names[i]);
            remove_all(inner);
        }
        file_names_free(names, n);
    }
    remove(name);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"out", test_out_to_buf},    {"out full", test_out_full},
            {"html", test_html},         {"xml", test_xml},
            {"mistakes", test_mistakes}, {"file read", test_file_read},
            {"file out", test_file_out}, {"folders", test_folders},
            {"temporaries", test_temp},  {"log", test_log},
            {"embed", test_embed},       {NULL, NULL},
    };
    int status;

    if (!mkdtemp(folder))
        return 2;
    status = unit_main("base_out", tests);
    remove_all(folder);
    return status;
}
