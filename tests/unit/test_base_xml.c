/* SPDX-License-Identifier: Apache-2.0
 * XML in: what is delivered, the limits at their edges, and hostile files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/xml.h"
#include "unit.h"

/* Writes what is delivered: "<a x=1 y=2>" and "text</a>". */
static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    struct buf *b = ctx;

    if (strcmp(element, "stop") == 0)
        return err_set(err, ERR_CONFLICT, "stopped");
    buf_printf(b, "<%s", element);
    for (size_t i = 0; i < n; i++)
        buf_printf(b, " %s=%s", attrs[i].name, attrs[i].value);
    return buf_char(b, '>');
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    (void)err;
    return buf_printf(ctx, "%s</%s>", text, element);
}

static bool
read_text(const char *in, size_t len, struct buf *got, struct err *err)
{
    const struct xml_handler handler = {
            .ctx = got, .start = on_start, .end = on_end};

    buf_init(got, 1 << 20);
    return xml_read_mem(in, len, "host.xml", &handler, err);
}

static void test_good(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
            {"<a/>", "<a></a>"},
            {"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<a x='1' y=\"&lt;2\"> t "
             "</a>\n",
             "<a x=1 y=<2>t</a>"},
            {"<a x='R&amp;D &#38; &amp;#38;'/>", "<a x=R&D & &#38;></a>"},
            {"<a>x<b>y</b>z</a>", "<a><b>y</b>z</a>"},
            {"<a>1<!-- c -->2<![CDATA[<3]]>&amp;&#233;</a>",
             "<a>12<3&\xC3\xA9</a>"},
            {"<n:a xmlns:n='u' n:x='1'/>", "<a x=1></a>"},
            {"<n:a n:x='1'/>", "<a x=1></a>"}, /* a prefix never declared */
            {"<!DOCTYPE a><a/>", "<a></a>"},
            {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<a></a>"},
            {"<!DOCTYPE topology SYSTEM \"hwloc2.dtd\"><a/>", "<a></a>"},
            {"<!DOCTYPE a PUBLIC '-//X' 'http://127.0.0.1:1/x.dtd'><a/>",
             "<a></a>"},
            {"<?xml version='1.0' encoding='ISO-8859-1'?><a x='\xE9'>\xE0</a>",
             "<a x=\xC3\xA9>\xC3\xA0</a>"},
            {"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>",
             "<a>\xE2\x82\xAC</a>"},
            {"<?xml version='1.0' encoding='UTF-8'?><a>\xE2\x82\xAC</a>",
             "<a>\xE2\x82\xAC</a>"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct buf got;
        bool ok = read_text(cases[i].in, strlen(cases[i].in), &got, &err);

        UNIT_CHECK(ok, "%s: %s: %s", cases[i].in, err.where, err.msg);
        UNIT_CHECK(
                strcmp(buf_text(&got), cases[i].want) == 0, "%s: got %s",
                cases[i].in, buf_text(&got));
        buf_clear(&got);
    }
}

static void test_utf16(void)
{
    static const char in[] = "\xFF\xFE<\0a\0>\0\xE9\0<\0/\0a\0>\0";
    struct err err = {0};
    struct buf got;

    UNIT_CHECK(read_text(in, sizeof in - 1, &got, &err), "%s", err.msg);
    CU_ASSERT_STRING_EQUAL(buf_text(&got), "<a>\xC3\xA9</a>");
    buf_clear(&got);
}

static void test_bad(void)
{
    static const struct {
        const char *in;
        size_t len; /* 0: strlen */
        const char *where, *word;
    } cases[] = {
            {"", 0, "", "empty"},
            {"   \n ", 0, "", "XML"},
            {"hello", 0, "line 1", "not XML"},
            {"<a>", 0, "line 1", "cut short"},
            {"<a>\n<b/>", 0, "line 2", "cut short"},
            {"<a>\n<b></a>", 0, "line 2", "mismatch"},
            {"<a><b", 0, "line 1", ""},
            {"<a/><b/>", 0, "line 1", "content"},
            {"<a/>text", 0, "line 1", "content"},
            {"<a x='1' x='2'/>", 0, "line 1", "redefined"},
            {"<a x=1/>", 0, "line 1", ""},
            {"<a>\n\xE9</a>", 0, "line 2", "encoding"},
            {"<a x='\xFF\xFE'/>", 0, "line 1", ""},
            {"<?xml version='1.0' encoding='martian'?><a/>", 0, "line 1",
             "encoding"},
            {"<a>\n\0</a>", 9, "line 2", "NUL"},
            {"\0\0\0\0", 4, "line 1", "NUL"},
            {"<a>&#0;</a>", 0, "line 1", ""},
            {"<a>&#x1;</a>", 0, "line 1", ""},
            {"<a>\n&other;</a>", 0, "line 2", "&other;"},
            {"<!DOCTYPE a SYSTEM 'x.dtd'><a>&other;</a>", 0, "line 1",
             "&other;"},
            {"<a x='&other;'/>", 0, "line 1", "&other;"},
            {"<!DOCTYPE a []><a/>", 0, "line 1", "internal subset"},
            {"<!DOCTYPE a [ <!ELEMENT a ANY> ]><a/>", 0, "line 1",
             "internal subset"},
            {"<?xml version='1.0'?>\n<!DOCTYPE a [\n<!ENTITY x SYSTEM "
             "'file:///etc/passwd'>]><a>&x;</a>",
             0, "line 2", "internal subset"},
            {"<!DOCTYPE a SYSTEM 'x.dtd' [<!ENTITY % p SYSTEM "
             "'file:///etc/passwd'> %p;]><a/>",
             0, "line 1", "internal subset"},
            {"<a>\n<stop/></a>", 0, "line 2", "stopped"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].in);
        struct err err = {0};
        struct buf got;
        bool ok = read_text(cases[i].in, len, &got, &err);

        UNIT_CHECK(!ok, "%s: was taken", cases[i].in);
        UNIT_CHECK(
                strstr(err.where, "host.xml") && err.msg[0] &&
                        strstr(err.where, cases[i].where) &&
                        strstr(err.msg, cases[i].word),
                "%s: %s: %s", cases[i].in, err.where, err.msg);
        UNIT_CHECK(
                !strstr(buf_text(&got), "root:"), "%s: a file was read",
                cases[i].in);
        buf_clear(&got);
    }
}

static void test_billion_laughs(void)
{
    struct buf in, got;
    struct err err = {0};

    buf_init(&in, 100000);
    buf_str(&in, "<!DOCTYPE a [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 30; i++)
        buf_printf(
                &in, "<!ENTITY l%d \"&l%d;&l%d;&l%d;\">", i, i - 1, i - 1,
                i - 1);
    buf_str(&in, "]><a>&l29;</a>");
    CU_ASSERT_FALSE(read_text(in.p, in.len, &got, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "internal subset"));
    CU_ASSERT_EQUAL(got.len, 0);
    buf_clear(&in);
    buf_clear(&got);
}

static bool nested(int depth, struct err *err)
{
    struct buf in, got;
    bool ok;

    buf_init(&in, 1 << 20);
    for (int i = 0; i < depth; i++)
        buf_str(&in, "<a>");
    for (int i = 0; i < depth; i++)
        buf_str(&in, "</a>");
    ok = read_text(in.p, in.len, &got, err);
    buf_clear(&in);
    buf_clear(&got);
    return ok;
}

static void test_depth(void)
{
    struct err err = {0};

    CU_ASSERT_TRUE(nested(63, &err));
    CU_ASSERT_TRUE(nested(64, &err));
    CU_ASSERT_FALSE(nested(65, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    CU_ASSERT_FALSE(nested(100000, &err));
}

/* before + n letters + after */
static bool
long_field(const char *before, size_t n, const char *after, struct err *err)
{
    size_t a = strlen(before), b = strlen(after);
    char *in = xmalloc(a + n + b);
    struct buf got;
    bool ok;

    memcpy(in, before, a);
    memset(in + a, 'x', n);
    memcpy(in + a + n, after, b);
    ok = read_text(in, a + n + b, &got, err);
    free(in);
    buf_clear(&got);
    return ok;
}

static void test_long_fields(void)
{
    static const size_t megabytes = 10 * 1024 * 1024;
    struct err err = {0};
    static const struct {
        const char *before, *after;
    } cases[] = {
            {"<a>", "</a>"},
            {"<a><![CDATA[", "]]></a>"},
            {"<a b='", "'/>"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *before = cases[i].before, *after = cases[i].after;

        UNIT_CHECK(
                long_field(before, XML_MAX_FIELD - 1, after, &err), "%s: %s",
                before, err.msg);
        UNIT_CHECK(
                long_field(before, XML_MAX_FIELD, after, &err), "%s: %s",
                before, err.msg);
        UNIT_CHECK(
                !long_field(before, XML_MAX_FIELD + 1, after, &err) &&
                        err.code == ERR_LIMIT,
                "%s: %s", before, err.msg);
        UNIT_CHECK(
                !long_field(before, megabytes, after, &err), "%s: 10 MB taken",
                before);
    }
    /* Neither a comment nor a tag of that size harms. */
    CU_ASSERT_FALSE(long_field("<", 2 * megabytes, "/>", &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    long_field("<a><!--", 2 * megabytes, "--></a>", &(struct err){0});
}

static void test_many_attributes(void)
{
    for (int n = XML_MAX_ATTRS - 1; n <= XML_MAX_ATTRS + 1; n++) {
        struct err err = {0};
        struct buf in, got;
        bool ok;

        buf_init(&in, 1 << 20);
        buf_str(&in, "<a");
        for (int i = 0; i < n; i++)
            buf_printf(&in, " a%d='%d'", i, i);
        buf_str(&in, "/>");
        ok = read_text(in.p, in.len, &got, &err);
        UNIT_CHECK(ok == (n <= XML_MAX_ATTRS), "%d: %s", n, err.msg);
        UNIT_CHECK(ok || err.code == ERR_LIMIT, "%d: %s", n, err.msg);
        buf_clear(&in);
        buf_clear(&got);
    }
}

/* Every cut of a good document is refused, none crashes. */
static void test_cut(void)
{
    static const char whole[] =
            "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE a SYSTEM 'b'>"
            "<a x='1'><!-- c --><b>\xC3\xA9 &amp;</b></a>";

    for (size_t n = 0; n < sizeof whole - 1; n++) {
        struct err err = {0};
        struct buf got;

        UNIT_CHECK(
                !read_text(whole, n, &got, &err) && err.msg[0],
                "cut after %zu bytes", n);
        buf_clear(&got);
    }
}

/* The same file in parts through a stream, larger than one chunk. */
static void test_file(void)
{
    struct err err = {0};
    struct buf got;
    const struct xml_handler handler = {.ctx = &got, .end = on_end};
    FILE *f = tmpfile();

    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fputs("<l>", f);
    for (int i = 0; i < 20000; i++)
        fputs("<n v='1'>text</n>\n", f);
    fputs("</l>", f);
    rewind(f);
    buf_init(&got, 1 << 20);
    UNIT_CHECK(
            xml_read_file(f, "f.xml", &handler, &err), "%s: %s", err.where,
            err.msg);
    CU_ASSERT_EQUAL(got.len, 20000 * strlen("text</n>") + strlen("</l>"));
    buf_clear(&got);
    fclose(f);
    CU_ASSERT_FALSE(xml_read_mem("<a", 2, "x", &handler, NULL));
}

static bool no_skip(void *ctx, const char *element)
{
    (void)ctx;
    return strcmp(element, "skip") != 0;
}

/* What is not wanted gives nothing; its children are asked for. */
static void test_wanted(void)
{
    static const char in[] = "<a>x<skip v='1'>y<b w='2'>z</b>y</skip></a>";
    struct err err = {0};
    struct buf got;
    const struct xml_handler handler = {
            .ctx = &got, .wanted = no_skip, .start = on_start, .end = on_end};

    buf_init(&got, 1000);
    CU_ASSERT_TRUE(xml_read_mem(in, sizeof in - 1, "f.xml", &handler, &err));
    CU_ASSERT_STRING_EQUAL(buf_text(&got), "<a><b w=2>z</b></a>");
    buf_clear(&got);
}

/* What is plainly written passes by the parser: it must make no difference
 * that the twin is not. */
static void test_plain(void)
{
    static const struct {
        const char *in, *twin, *want;
    } cases[] = {
            {"<a>\n <b x=\"1\" y=\"2\">t u</b>\n <c/> <d z=\"&lt;\"/></a>",
             "<a>\n <b x='1' y='2'>t u</b >\n <c></c > <d z='&lt;'/></a>",
             "<a><b x=1 y=2>t u</b><c></c><d z=<></d></a>"},
            {"<a><b> t\n</b>u<b/></a>", "<a><b > t\n</b >u<b></b></a>",
             "<a><b>t</b><b></b></a>"},
            {"<a><b/>u</a>", "<a><b></b >u</a>", "<a><b></b>u</a>"},
            {"<a><b>x<c/>y</b></a>", "<a><b>x<c ></c >y</b></a>",
             "<a><b><c></c>y</b></a>"},
            {"<a><skip><b>1</b> 2 <skip x=\"1\"/></skip><b>3</b></a>",
             "<a><skip ><b>1</b > 2 <skip x='1'/></skip ><b>3</b ></a>",
             "<a><b>1</b><b>3</b></a>"},
            {"<a><skip>\n<skip>1</skip>\n</skip>\n<b>2</b>\n</a>",
             "<a><skip >\n<skip >1</skip >\n</skip >\n<b>2</b >\n</a>",
             "<a><b>2</b></a>"},
            {"<a><skip/><b x=\"1\" y=\"2\" z=\"3\"/></a>",
             "<a><skip></skip ><b x='1' y='2' z='3'/></a>",
             "<a><b x=1 y=2 z=3></b></a>"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const texts[] = {cases[i].in, cases[i].twin};

        for (size_t k = 0; k < 2; k++) {
            struct err err = {0};
            struct buf got;
            const struct xml_handler handler = {
                    .ctx = &got,
                    .wanted = no_skip,
                    .start = on_start,
                    .end = on_end};

            buf_init(&got, 1000);
            UNIT_CHECK(
                    xml_read_mem(
                            texts[k], strlen(texts[k]), "f.xml", &handler,
                            &err),
                    "%s: %s: %s", texts[k], err.where, err.msg);
            UNIT_CHECK(
                    strcmp(buf_text(&got), cases[i].want) == 0, "%s: got %s",
                    texts[k], buf_text(&got));
            buf_clear(&got);
        }
    }
}

/* Errors in what is passed over and behind it, at their places. */
static void test_plain_places(void)
{
    static const struct {
        const char *in, *where, *word;
    } cases[] = {
            {"<a>\n<b/>\n  <stop/></a>", "line 3, column 8", "stopped"},
            {"<a>\n<b/>\n  <stop x=\"1\">t</stop></a>", "line 3, column 14",
             "stopped"},
            {"<a><b/><b/>\n<skip><b/>\n<skip/>\n</d></a>", "line 4",
             "mismatch"},
            {"<a>\n<b>1</b>\n<b x=\"1\" x=\"2\"/></a>", "line 3", "redefined"},
            {"<a>\n<skip/>\n<skip x=\"1\" x=\"2\"/></a>", "line 3",
             "redefined"},
            {"<a>\n<skip/>\n<skip>]]></skip></a>", "line 3", "]]>"},
            {"<a>\n<skip/>\n<skip>\x01</skip></a>", "line 3", ""},
            {"<a>\n<skip/>\n<skip>\xE9</skip></a>", "line 3", "encoding"},
            {"<a>\n<skip/>\n<skip>&other;</skip></a>", "line 3", "&other;"},
            {"<a>\n<skip/>\n<skip x=\"<\"/></a>", "line 3", "<"},
            {"<a>\n<skip/>\n<skip><b/></skip>", "line 3", "cut short"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct buf got;
        const struct xml_handler handler = {
                .ctx = &got,
                .wanted = no_skip,
                .start = on_start,
                .end = on_end};

        buf_init(&got, 1000);
        UNIT_CHECK(
                !xml_read_mem(
                        cases[i].in, strlen(cases[i].in), "f.xml", &handler,
                        &err) &&
                        strstr(err.where, cases[i].where) &&
                        strstr(err.msg, cases[i].word),
                "%s: %s: %s", cases[i].in, err.where, err.msg);
        buf_clear(&got);
    }
}

/* A tag at every distance from the end of a chunk. */
static void test_plain_chunks(void)
{
    enum { SIZE = 70000 };
    static const char tail[] = "<b x=\"1\">t</b>\n<skip>u</skip>\n<c/></a>";
    char *in = xmalloc(SIZE + sizeof tail);

    for (size_t at = 65536 - sizeof tail; at <= 65536; at++) {
        struct err err = {0};
        struct buf got;
        const struct xml_handler handler = {
                .ctx = &got,
                .wanted = no_skip,
                .start = on_start,
                .end = on_end};

        memset(in, ' ', at);
        memcpy(in, "<a>", 3);
        memcpy(in + at, tail, sizeof tail);
        buf_init(&got, 1000);
        UNIT_CHECK(
                xml_read_mem(
                        in, at + sizeof tail - 1, "f.xml", &handler, &err) &&
                        strcmp(buf_text(&got), "<a><b x=1>t</b><c></c></a>") ==
                                0,
                "at %zu: %s: %s: %s", at, err.where, err.msg, buf_text(&got));
        buf_clear(&got);
    }
    free(in);
}

static void test_attr_get(void)
{
    const struct xml_attr attrs[] = {{"id", "core"}, {"class", "bus"}};

    CU_ASSERT_STRING_EQUAL(xml_attr_get(attrs, 2, "class"), "bus");
    CU_ASSERT_PTR_NULL(xml_attr_get(attrs, 2, "Class"));
    CU_ASSERT_PTR_NULL(xml_attr_get(attrs, 1, "class"));
}

static void test_root(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
            {"<list><node/>", "list"},
            {"\xEF\xBB\xBF <?xml version='1.0'?>\n<!-- <b> -->\n<!DOCTYPE t "
             "SYSTEM 'x'>\n<topology version='2.0'>",
             "topology"},
            {"<ns:REQUEST>", "REQUEST"},
            {"<a", "a"},
            {"<!-- never ends <a>", NULL},
            {"{\"a\": \"<b>\"}", NULL},
            {"", NULL},
            {"<", NULL},
            {"< a>", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[32] = "";
        bool ok = xml_root(cases[i].in, strlen(cases[i].in), got, sizeof got);

        UNIT_CHECK(ok == (cases[i].want != NULL), "%s", cases[i].in);
        UNIT_CHECK(
                !ok || strcmp(got, cases[i].want) == 0, "%s: %s", cases[i].in,
                got);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"good documents", test_good},
            {"UTF-16", test_utf16},
            {"bad documents", test_bad},
            {"billion laughs", test_billion_laughs},
            {"nesting of 63, 64, 65", test_depth},
            {"fields of 64 KiB and of 10 MB", test_long_fields},
            {"number of attributes", test_many_attributes},
            {"every cut", test_cut},
            {"a file in chunks", test_file},
            {"elements that are not wanted", test_wanted},
            {"plainly written or not", test_plain},
            {"places behind what is plain", test_plain_places},
            {"plain elements cut by a chunk", test_plain_chunks},
            {"attribute by name", test_attr_get},
            {"name of the root", test_root},
            {NULL, NULL},
    };

    return unit_main("base/xml", tests);
}
