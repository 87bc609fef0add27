/* SPDX-License-Identifier: Apache-2.0
 * JSON in and out: grammar, limits, duplicate keys, places of errors. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "unit.h"

static void test_good(void)
{
    static const struct {
        const char *in, *want; /* as cJSON prints it */
    } cases[] = {
            {"{}", "{}"},
            {" [ ] \n", "[]"},
            {"null", "null"},
            {"\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}"},
            {"[1,-2,0.5,1e3,true,false,null,\"x\"]",
             "[1,-2,0.5,1000,true,false,null,\"x\"]"},
            {"{\"a\":{\"b\":[{\"c\":[]}]},\"d\":0}",
             "{\"a\":{\"b\":[{\"c\":[]}]},\"d\":0}"},
            {"\"\\u00e9\\ud83d\\ude00\\n\\\"\\/\"",
             "\"\xC3\xA9\xF0\x9F\x98\x80\\n\\\"/\""},
            {"{\"a\":{\"a\":{\"a\":1}},\"A\":2}",
             "{\"a\":{\"a\":{\"a\":1}},\"A\":2}"},
            {"-0", "-0"},
            {"\xEF\xBB\xBF"
             "2",
             "2"},
            {"\"\x7f\"", "\"\x7f\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *j = NULL;
        struct err err = {0};
        char *text;
        bool ok = json_parse(cases[i].in, strlen(cases[i].in), &j, &err);

        UNIT_CHECK(ok, "%s: %s", cases[i].in, err.msg);
        if (!ok)
            continue;
        text = cJSON_PrintUnformatted(j);
        UNIT_CHECK(
                strcmp(text, cases[i].want) == 0, "%s: %s", cases[i].in, text);
        cJSON_free(text);
        cJSON_Delete(j);
    }
}

static void test_bad(void)
{
    static const struct {
        const char *in;
        size_t len; /* 0: strlen */
        const char *where, *word;
    } cases[] = {
            {"", 0, "line 1, column 1", "ends early"},
            {"  ", 0, "line 1, column 3", "ends early"},
            {"{", 0, "line 1, column 2", "key"},
            {"[1,", 0, "line 1, column 4", "ends early"},
            {"[1", 0, "line 1, column 3", "ends early"},
            {"[1 2]", 0, "line 1, column 4", "','"},
            {"[1,]", 0, "line 1, column 4", "value"},
            {"[,1]", 0, "line 1, column 2", "value"},
            {"{\"a\" 1}", 0, "line 1, column 6", "':'"},
            {"{\"a\":1,}", 0, "line 1, column 8", "key"},
            {"{a:1}", 0, "line 1, column 2", "key"},
            {"{\"a\":1 \"b\":2}", 0, "line 1, column 8", "','"},
            {"[1]]", 0, "line 1, column 4", "after the end"},
            {"[1}", 0, "line 1, column 3", "','"},
            {"{} x", 0, "line 1, column 4", "after the end"},
            {"\xEF\xBB\xBF[1 2]", 0, "line 1, column 4", "','"},
            {"tru", 0, "line 1, column 1", "value"},
            {"nulll", 0, "line 1, column 5", "after the end"},
            {"'a'", 0, "line 1, column 1", "value"},
            {"NaN", 0, "line 1, column 1", "value"},
            {"01", 0, "line 1, column 2", "number"},
            {"+1", 0, "line 1, column 1", "value"},
            {"-", 0, "line 1, column 2", "number"},
            {"1.", 0, "line 1, column 3", "number"},
            {".5", 0, "line 1, column 1", "value"},
            {"1e", 0, "line 1, column 3", "number"},
            {"0x1", 0, "line 1, column 2", "after the end"},
            {"\"abc", 0, "line 1, column 5", "never closed"},
            {"\"a\tb\"", 0, "line 1, column 3", "control"},
            {"[\n \"\xC3\xA9\nb\"]", 0, "line 2, column 4", "control"},
            {"\"\\x\"", 0, "line 1, column 3", "escape"},
            {"\"\\u12g4\"", 0, "line 1, column 3", "hexadecimal"},
            {"\"\\u12", 0, "line 1, column 3", "hexadecimal"},
            {"\"\\u0000\"", 0, "line 1, column 3", "NUL"},
            {"\"\\ud83d\"", 0, "line 1, column 8", "surrogate"},
            {"\"\\ude00\"", 0, "line 1, column 3", "surrogate"},
            {"\"\\ud83d\\u0041\"", 0, "line 1, column 8", "surrogate"},
            {"\"caf\xE9\"", 0, "line 1, column 5", "UTF-8"},
            {"\"a\0b\"", 5, "line 1, column 3", "NUL"},
            {"{}\0", 3, "line 1, column 3", "NUL"},
            {"[\0]", 3, "line 1, column 2", "NUL"},
            {"{\"a\":1,\n \"b\":{\"a\":3},\n \"a\":2}", 0, "line 3, column 2",
             "duplicate key 'a'"},
            {"[{\"x\":1},{\"y\":{\"b\":1,\"\\u0062\":2}}]", 0,
             "line 1, column 22", "duplicate key 'b'"},
            {"{\"\":1,\"\":2}", 0, "line 1, column 7", "duplicate"},
            {"[1e308,1e309]", 0, "line 1, column 8", "out of range"},
            {"-1E+999", 0, "line 1, column 1", "out of range"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].in);
        cJSON *j = NULL;
        struct err err = {0};

        UNIT_CHECK(
                !json_parse(cases[i].in, len, &j, &err) && !j &&
                        err.code == ERR_INVALID,
                "'%s' taken", cases[i].in);
        UNIT_CHECK(
                strcmp(err.where, cases[i].where) == 0 &&
                        strstr(err.msg, cases[i].word),
                "'%s': %s: %s", cases[i].in, err.where, err.msg);
    }
}

/* What reading the text fails with; ERR_NONE when it does not. */
static enum err_code result(const char *text, size_t len)
{
    cJSON *j = NULL;
    struct err err = {0};

    if (json_parse(text, len, &j, &err))
        cJSON_Delete(j);
    return err.code;
}

static void test_depth(void)
{
    char text[2 * (JSON_MAX_DEPTH + 1) + 1];

    for (int more = -1; more <= 1; more++) {
        size_t n = (size_t)(JSON_MAX_DEPTH + more);
        memset(text, '[', n);
        memset(text + n, ']', n);
        UNIT_CHECK(
                result(text, 2 * n) == (more > 0 ? ERR_LIMIT : ERR_NONE),
                "depth %zu", n);
    }
    UNIT_CHECK(result("[[[[[[", 6) == ERR_INVALID, "open");
    char *deep = xmalloc(1000000);
    memset(deep, '[', 1000000);
    UNIT_CHECK(result(deep, 1000000) == ERR_LIMIT, "very deep");
    free(deep);
}

static void test_sizes(void)
{
    char *text = xmalloc(JSON_MAX_BYTES + 1);
    size_t len;

    memset(text, ' ', JSON_MAX_BYTES + 1);
    text[0] = '1';
    UNIT_CHECK(result(text, JSON_MAX_BYTES - 1) == ERR_NONE, "bytes - 1");
    UNIT_CHECK(result(text, JSON_MAX_BYTES) == ERR_NONE, "bytes");
    UNIT_CHECK(result(text, JSON_MAX_BYTES + 1) == ERR_LIMIT, "bytes + 1");
    /* the array itself is one value */
    for (int more = -1; more <= 1; more++) {
        len = 0;
        text[len++] = '[';
        for (int i = 1; i < JSON_MAX_VALUES + more; i++) {
            text[len++] = '1';
            text[len++] = ',';
        }
        text[len - 1] = ']';
        UNIT_CHECK(
                result(text, len) == (more > 0 ? ERR_LIMIT : ERR_NONE),
                "values %d", more);
    }
    memset(text, '1', 64);
    UNIT_CHECK(result(text, 62) == ERR_NONE, "number - 1");
    UNIT_CHECK(result(text, 63) == ERR_NONE, "number");
    UNIT_CHECK(result(text, 64) == ERR_LIMIT, "number + 1");
    memset(text, 'x', JSON_MAX_TEXT + 3);
    text[0] = '"';
    for (int more = -1; more <= 1; more++) {
        len = (size_t)(JSON_MAX_TEXT + more) + 1;
        text[len++] = '"';
        UNIT_CHECK(
                result(text, len) == (more > 0 ? ERR_LIMIT : ERR_NONE),
                "string %d", more);
        text[len - 1] = 'x';
    }
    free(text);
}

static void test_many_keys(void)
{
    struct buf b;

    buf_init(&b, 8 << 20);
    buf_char(&b, '{');
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "\"key %d\":%d,", i, i);
    buf_str(&b, "\"last\":0}");
    UNIT_CHECK(result(b.p, b.len) == ERR_NONE, "100,001 keys");
    b.len -= strlen("\"last\":0}");
    buf_str(&b, "\"key 77\":0}");
    UNIT_CHECK(result(b.p, b.len) == ERR_INVALID, "one of them twice");
    buf_clear(&b);
}

static void test_typed(void)
{
    static const char in[] = "{\"s\":\"x\",\"n\":1.5,\"o\":{},\"a\":[],"
                             "\"z\":null,\"b\":true}";
    cJSON *j = NULL;
    const cJSON *part;
    const char *s;
    double v;
    struct err err = {0};

    CU_ASSERT_FATAL(json_parse(in, sizeof in - 1, &j, &err));
    UNIT_CHECK(json_get_str(j, "s", &s, &err) && !strcmp(s, "x"), "text");
    UNIT_CHECK(json_get_str(j, "z", &s, &err) && !s, "null");
    UNIT_CHECK(json_get_str(j, "S", &s, &err) && !s, "absent, case counts");
    UNIT_CHECK(!json_get_str(j, "n", &s, &err), "text from a number");
    UNIT_CHECK(strcmp(err.msg, "'n' must be text") == 0, "%s", err.msg);
    UNIT_CHECK(json_get_num(j, "n", &v, &err) && fabs(v - 1.5) < 1e-15, "num");
    UNIT_CHECK(json_get_num(j, "z", &v, &err) && isnan(v), "null");
    UNIT_CHECK(json_get_num(j, "q", &v, &err) && isnan(v), "absent");
    UNIT_CHECK(!json_get_num(j, "s", &v, &err), "number from text");
    UNIT_CHECK(!json_get_num(j, "b", &v, &err), "number from true");
    UNIT_CHECK(json_get_obj(j, "o", &part, &err) && part, "object");
    UNIT_CHECK(json_get_obj(j, "q", &part, &err) && !part, "absent");
    UNIT_CHECK(!json_get_obj(j, "a", &part, &err), "object from array");
    UNIT_CHECK(json_get_arr(j, "a", &part, &err) && part, "array");
    UNIT_CHECK(!json_get_arr(j, "o", &part, &err), "array from object");
    cJSON_Delete(j);
}

static void write_all(struct json_out *j)
{
    json_begin_obj(j, NULL);
    json_str(j, "s", "a\"\\\n\x01\xFFz\xC3\xA9");
    json_str(j, "none", NULL);
    json_num(j, "n", 0.1);
    json_num(j, "nan", NAN);
    json_int(j, "i", INT64_MIN);
    json_bool(j, "b", true);
    json_null(j, "z");
    json_begin_arr(j, "a");
    json_num(j, NULL, 1);
    json_begin_obj(j, NULL);
    json_end_obj(j);
    json_begin_arr(j, NULL);
    json_end_arr(j);
    json_end_arr(j);
    json_end_obj(j);
}

static void test_out(void)
{
    static const char flat[] =
            "{\"s\":\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBDz\xC3\xA9\",\"none\":null,"
            "\"n\":0.1,\"nan\":null,\"i\":-9223372036854775808,\"b\":true,"
            "\"z\":null,\"a\":[1,{},[]]}";
    static const char pretty[] =
            "{\n  \"s\": \"a\\\"\\\\\\n\\u0001\xEF\xBF\xBDz\xC3\xA9\",\n"
            "  \"none\": null,\n  \"n\": 0.1,\n  \"nan\": null,\n"
            "  \"i\": -9223372036854775808,\n  \"b\": true,\n  \"z\": null,\n"
            "  \"a\": [\n    1,\n    {},\n    []\n  ]\n}\n";
    struct out *o = xmalloc(sizeof *o);
    struct json_out j;
    struct buf b;
    struct err err = {0};

    buf_init(&b, 10000);
    out_to_buf(o, &b);
    json_out_init(&j, o, false);
    write_all(&j);
    UNIT_CHECK(out_finish(o, &err), "finish");
    UNIT_CHECK(strcmp(buf_text(&b), flat) == 0, "%s", buf_text(&b));
    UNIT_CHECK(result(b.p, b.len) == ERR_NONE, "reads back");
    buf_reset(&b);
    out_to_buf(o, &b);
    json_out_init(&j, o, true);
    write_all(&j);
    UNIT_CHECK(out_finish(o, &err), "finish");
    UNIT_CHECK(strcmp(buf_text(&b), pretty) == 0, "%s", buf_text(&b));
    buf_clear(&b);
    free(o);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"good", test_good},
            {"bad", test_bad},
            {"depth", test_depth},
            {"sizes", test_sizes},
            {"many keys", test_many_keys},
            {"typed", test_typed},
            {"out", test_out},
            {NULL, NULL},
    };

    return unit_main("base_json", tests);
}
