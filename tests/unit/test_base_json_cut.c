/* SPDX-License-Identifier: Apache-2.0
 * Records cut out of JSON files: which ones, where they stand, what is said of
 * damage, and that a long file takes no more memory than one record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "unit.h"

static const char *const lists[] = {"items", "nodes", NULL};

struct heard { /* what the callbacks said, as one text */
    char text[2000];
    size_t n;
};

static void say(struct heard *h, const char *a, const char *b)
{
    int n = snprintf(h->text + h->n, sizeof h->text - h->n, "%s%s;", a, b);

    if (n > 0 && (size_t)n < sizeof h->text - h->n)
        h->n += (size_t)n;
}

static void say_json(struct heard *h, const char *a, const cJSON *v)
{
    char *text = cJSON_PrintUnformatted(v);

    say(h, a, text);
    cJSON_free(text);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct heard *h = ctx;
    char place[100];

    (void)err;
    snprintf(
            place, sizeof place, "%llu@%llu %s=", (unsigned long long)r->index,
            (unsigned long long)r->line, r->text);
    if (r->value)
        say_json(h, place, r->value);
    else
        say(h, place, r->why->where);
    return true;
}

static bool on_rest(void *ctx, const cJSON *root, struct err *err)
{
    (void)err;
    say_json(ctx, "rest=", root);
    return true;
}

static bool
cut_text(const char *text, size_t len, struct json_cut *c, struct err *err)
{
    char *copy = malloc(len + 1);
    FILE *in;
    bool ok;

    memcpy(copy, text, len);
    in = len ? fmemopen(copy, len, "r") : fopen("/dev/null", "r");
    ok = json_cut_read(c, in, err);
    fclose(in);
    free(copy);
    return ok;
}

enum how { PLAIN, MEMBERS, TEXTS };

static void test_good(void)
{
    static const struct {
        const char *in;
        enum how how;
        bool cut;
        const char *want;
    } cases[] = {
            {"[{\"a\":1},\n{\"b\":2}]", PLAIN, false,
             "1@1 ={\"a\":1};2@2 ={\"b\":2};"},
            {"[]", PLAIN, false, ""},
            {"[1,\"x]\", null ,[2]]", PLAIN, false,
             "1@1 =1;2@1 =\"x]\";3@1 =null;4@1 =[2];"},
            {"\xEF\xBB\xBF{\"a\":{\"items\":[{}]}}", PLAIN, false,
             "1@1 ={\"a\":{\"items\":[{}]}};"},
            {"{\"next\":null,\"items\":[{\"a\":[{}]},{}],\"n\":2}\n", PLAIN,
             false,
             "1@1 ={\"a\":[{}]};2@1 ={};"
             "rest={\"next\":null,\"items\":[],\"n\":2};"},
            {"{\"items\":{\"x\":1},\"nodes\":[{}]}", PLAIN, false,
             "1@1 ={};rest={\"items\":{\"x\":1},\"nodes\":[]};"},
            {"{\"a\":\"items\",\"items\":\"a\"}", PLAIN, false,
             "1@1 ={\"a\":\"items\",\"items\":\"a\"};"},
            {"{\"\\\"}{\":\"[{\\\\\",\"nodes\":[{\"\\\"]\":\"{\"}]}", PLAIN,
             false,
             "1@1 ={\"\\\"]\":\"{\"};rest={\"\\\"}{\":\"[{\\\\\","
             "\"nodes\":[]};"},
            {"{\"items\":[{\"a\":1},\n{\"b\":", PLAIN, true, "1@1 ={\"a\":1};"},
            {"{\"items\":[{\"a\":1}", PLAIN, true, "1@1 ={\"a\":1};"},
            {"[", PLAIN, true, ""},
            {"[{\"a\":1},\n {\"b\":x}, {\"c\":3}]", PLAIN, false,
             "1@1 ={\"a\":1};2@2 =line 2, column 7;3@2 ={\"c\":3};"},
            {"{\"h1\":{\"a\":1},\"note\":[1],\n\"h2\":{}}", MEMBERS, false,
             "1@1 h1={\"a\":1};2@2 h2={};"
             "rest={\"h1\":null,\"note\":[1],\"h2\":null};"},
            {"{\"h1\":{\"a\":1},\"h2\":{\"b\"", MEMBERS, true,
             "1@1 h1={\"a\":1};"},
            {"{\"n\":1}", MEMBERS, false, "1@1 ={\"n\":1};"},
            {"h1 | SUCCESS => {\n \"a\": 1\n}\n[WARNING]: no\n\n"
             "h2 | UNREACHABLE! => {\"b\":2}\n",
             TEXTS, false,
             "1@1 h1 | SUCCESS =>={\"a\":1};2@6 h2 | UNREACHABLE! =>="
             "{\"b\":2};"},
            {"{\"a\":1}\n{\"b\":2}\n", TEXTS, false,
             "1@1 ={\"a\":1};2@2 ={\"b\":2};"},
            {"x => {\"a\":1}\ny => {\"b\":", TEXTS, true,
             "1@1 x =>={\"a\":1};"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct heard h = {0};
        struct json_cut c = {
                .lists = lists,
                .members = cases[i].how == MEMBERS,
                .texts = cases[i].how == TEXTS,
                .record = on_record,
                .rest = on_rest,
                .ctx = &h};
        struct err err = {0};
        bool ok = cut_text(cases[i].in, strlen(cases[i].in), &c, &err);

        UNIT_CHECK(ok, "%s: %s: %s", cases[i].in, err.where, err.msg);
        UNIT_CHECK(
                strcmp(h.text, cases[i].want) == 0, "%s: %s", cases[i].in,
                h.text);
        UNIT_CHECK(c.cut == cases[i].cut, "%s: cut", cases[i].in);
    }
}

static void test_utf16(void)
{
    static const char in[] = "\xFE\xFF\0[\0{\0\"\0\xE9\0\"\0:\0001\0}\0]";
    struct heard h = {0};
    struct json_cut c = {.record = on_record, .ctx = &h};
    struct err err = {0};
    bool ok = cut_text(in, sizeof in - 1, &c, &err);

    UNIT_CHECK(ok, "%s", err.msg);
    UNIT_CHECK(strcmp(h.text, "1@1 ={\"\xC3\xA9\":1};") == 0, "%s", h.text);
}

static void test_bad(void)
{
    static const struct {
        const char *in;
        size_t len; /* 0: strlen */
        const char *where, *word;
    } cases[] = {
            {"", 0, "line 1, column 1", "empty"},
            {" \n", 0, "line 2, column 1", "no JSON value"},
            {"x", 0, "line 1, column 1", "expected { or ["},
            {"[{}]x", 0, "line 1, column 5", "after the end"},
            {"[{}][]", 0, "line 1, column 5", "after the end"},
            {"[{}\n{}]", 0, "line 2, column 1", "between"},
            {"[,{}]", 0, "line 1, column 2", "without a record"},
            {"[{}}", 0, "line 1, column 4", "between"},
            {"{]", 0, "line 1, column 2", "closes"},
            {"{\"a\":1", 0, "line 1, column 7", "ends before"},
            {"{\"items\":[{}],x}", 0, "line 1, column 16", "around"},
            {"[\0]", 3, "line 1, column 2", "NUL"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct heard h = {0};
        struct json_cut c = {.lists = lists, .record = on_record, .ctx = &h};
        struct err err = {0};
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].in);

        UNIT_CHECK(!cut_text(cases[i].in, len, &c, &err), "%s", cases[i].in);
        UNIT_CHECK(
                strstr(err.msg, cases[i].word) &&
                        strcmp(err.where, cases[i].where) == 0,
                "%s: %s: %s", cases[i].in, err.where, err.msg);
    }
}

static bool stops(void *ctx, const struct json_record *r, struct err *err)
{
    (void)ctx;
    if (r->index < 2)
        return true;
    return err_set(err, ERR_CONFLICT, "enough");
}

static void test_stops(void)
{
    static const char in[] = "[1,2,3]";
    struct json_cut c = {.record = stops};
    struct err err = {0};

    CU_ASSERT_FALSE(cut_text(in, sizeof in - 1, &c, &err));
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    CU_ASSERT_EQUAL(c.count, 2);
}

static bool counts(void *ctx, const struct json_record *r, struct err *err)
{
    uint64_t *n = ctx;

    (void)err;
    *n += r->value != NULL;
    return true;
}

/* 70 MB of records, more than a JSON text that is read whole may have; and one
 * record that is too large. */
static void test_sizes(void)
{
    enum { RECORDS = 70000, RECORD = 1000 };
    char *record = malloc(RECORD + 1);
    FILE *f = tmpfile();
    uint64_t n = 0;
    struct json_cut c = {.lists = lists, .record = counts, .ctx = &n};
    struct err err = {0};

    memset(record, 'x', RECORD);
    record[RECORD] = '\0';
    fputs("{\"nodes\":[", f);
    for (int i = 0; i < RECORDS; i++)
        fprintf(f, "%s{\"name\":\"%s\"}", i ? "," : "", record);
    fputs("]}", f);
    rewind(f);
    UNIT_CHECK(json_cut_read(&c, f, &err), "%s", err.msg);
    UNIT_CHECK(n == RECORDS, "%llu records", (unsigned long long)n);

    rewind(f);
    fputs("[\"", f);
    for (int i = 0; i < JSON_MAX_RECORD / RECORD + 1; i++)
        fputs(record, f);
    rewind(f);
    CU_ASSERT_FALSE(json_cut_read(&c, f, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    fclose(f);
    free(record);
}

static void test_depth(void)
{
    char text[200] = "[";
    struct heard h = {0};
    struct json_cut c = {.record = on_record, .ctx = &h};
    struct err err = {0};

    memset(text + 1, '[', 64);
    memset(text + 65, ']', 65);
    CU_ASSERT_TRUE(cut_text(text, strlen(text), &c, &err));
    memset(text, '[', 67);
    memset(text + 67, ']', 67);
    CU_ASSERT_FALSE(cut_text(text, strlen(text), &c, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"good", test_good},   {"utf-16", test_utf16},
            {"bad", test_bad},     {"stops", test_stops},
            {"sizes", test_sizes}, {"depth", test_depth},
            {NULL, NULL},
    };

    return unit_main("json_cut", tests);
}
