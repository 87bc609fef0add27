/* SPDX-License-Identifier: Apache-2.0
 * Errors, buffers, arenas and numbers. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "unit.h"

static void test_err(void)
{
    struct err err = {0};
    char text[1200], small[12];

    UNIT_CHECK(!err_set(&err, ERR_INVALID, "'%s' is bad", "x"), "set");
    err_in(&err, "line %d", 41);
    err_in(&err, "%s", "fleet.csv");
    UNIT_CHECK(
            strcmp(err_text(&err, text, sizeof text),
                   "fleet.csv: line 41: 'x' is bad") == 0,
            "text: %s", text);
    UNIT_CHECK(
            strcmp(err_text(&err, small, sizeof small), "fleet.csv: ") == 0,
            "cut: %s", small);
    err_set(&err, ERR_LIMIT, "again: %s", err.msg);
    UNIT_CHECK(err.where[0] == '\0', "trail cleared");
    UNIT_CHECK(strcmp(err.msg, "again: 'x' is bad") == 0, "%s", err.msg);
    UNIT_CHECK(!err_set(NULL, ERR_IO, "nothing"), "NULL is fine");
    err_in(NULL, "nothing");
    err_clear(&err);
    UNIT_CHECK(err.code == ERR_NONE && !err.msg[0], "clear");
}

static void test_err_limits(void)
{
    struct err err = {0};
    char big[2000];

    memset(big, 'a', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    err_set(&err, ERR_INVALID, "%s", big);
    UNIT_CHECK(strlen(err.msg) == sizeof err.msg - 1, "message cut");
    for (int i = 0; i < 100; i++)
        err_in(&err, "%.50s", big);
    UNIT_CHECK(strlen(err.where) == sizeof err.where - 1, "trail cut");
    /* 398 bytes, then a character of two bytes that does not fit */
    big[398] = '\0';
    err_set(&err, ERR_INVALID, "%s\xC3\xA9", big);
    UNIT_CHECK(strlen(err.msg) == 398, "no half character");
    err_set(&err, ERR_INVALID, "a\nb\033c");
    UNIT_CHECK(strcmp(err.msg, "a b c") == 0, "one line: %s", err.msg);
}

static void test_err_table(void)
{
    UNIT_CHECK(err_exit_status(ERR_USAGE) == 2, "usage is 2");
    UNIT_CHECK(err_exit_status(ERR_NONE) == 0, "none is 0");
    for (int c = ERR_INVALID; c < ERR_USAGE; c++) {
        UNIT_CHECK(err_exit_status((enum err_code)c) == 1, "code %d", c);
        UNIT_CHECK(
                err_http_status((enum err_code)c) >= 400 &&
                        err_http_status((enum err_code)c) < 600,
                "code %d", c);
    }
    UNIT_CHECK(err_http_status(ERR_NOT_FOUND) == 404, "404");
    UNIT_CHECK(strcmp(err_word(ERR_NOT_FOUND), "not-found") == 0, "word");
}

static void test_buf(void)
{
    struct buf b;
    char *p;

    buf_init(&b, 10);
    UNIT_CHECK(strcmp(buf_text(&b), "") == 0, "empty");
    UNIT_CHECK(buf_str(&b, "hello") && buf_printf(&b, "%d", 1234), "fits");
    UNIT_CHECK(buf_char(&b, '!') && b.len == 10, "limit exactly");
    UNIT_CHECK(!buf_char(&b, '?') && b.over, "limit + 1");
    UNIT_CHECK(strcmp(buf_text(&b), "hello1234!") == 0, "content kept");
    UNIT_CHECK(!buf_add(&b, "", 0), "over stays");
    buf_reset(&b);
    UNIT_CHECK(!b.over && b.len == 0 && buf_str(&b, "x"), "reset");
    p = buf_take(&b);
    UNIT_CHECK(strcmp(p, "x") == 0 && b.len == 0, "taken");
    free(p);
    p = buf_take(&b);
    UNIT_CHECK(strcmp(p, "") == 0, "never NULL");
    free(p);
    UNIT_CHECK(!buf_printf(&b, "%s", "12345678901"), "printf over");
    buf_clear(&b);
    buf_clear(NULL);
}

static void test_arena(void)
{
    struct arena a = {0};
    char *s, *t;

    s = arena_str(&a, "one");
    t = arena_printf(&a, "%s-%d", s, 2);
    UNIT_CHECK(strcmp(t, "one-2") == 0, "printf");
    UNIT_CHECK(arena_str(&a, NULL) == NULL, "NULL");
    UNIT_CHECK(strcmp(arena_strn(&a, "abcdef", 3), "abc") == 0, "strn");
    for (int i = 0; i < 1000; i++) {
        unsigned char *p = arena_alloc(&a, 1000);
        UNIT_CHECK(
                (uintptr_t)p % 16 == 0 && p[0] == 0 && p[999] == 0,
                "aligned and zeroed");
        memset(p, 0xAA, 1000);
    }
    UNIT_CHECK(strcmp(t, "one-2") == 0, "still there");
    arena_reset(&a);
    UNIT_CHECK(((char *)arena_alloc(&a, 64))[0] == 0, "zeroed after reset");
    memset(arena_alloc(&a, 1000000), 1, 1000000);
    arena_reset(&a);
    arena_clear(&a);
    arena_clear(&a);
}

static const struct {
    const char *text;
    enum num_style style;
    double want; /* NAN: refused */
} parse_cases[] = {
        {"0", NUM_POINT, 0},
        {"1234.5", NUM_POINT, 1234.5},
        {"  -1.5e3\t", NUM_POINT, -1500},
        {"+7", NUM_POINT, 7},
        {".5", NUM_POINT, 0.5},
        {"5.", NUM_POINT, 5},
        {"1e22", NUM_POINT, 1e22},
        {"1e23", NUM_POINT, 1e23},
        {"9007199254740993", NUM_POINT, 9007199254740992.0},
        {"9007199254740993.00000000000000000001", NUM_POINT,
         9007199254740994.0},
        {"123456789012345678901234567890", NUM_POINT,
         123456789012345678901234567890.0},
        {"0.000000000000000000000000000001", NUM_POINT, 1e-30},
        {"2.2250738585072014e-308", NUM_POINT, DBL_MIN},
        {"4.9e-324", NUM_POINT, 4.9406564584124654e-324},
        {"1e-400", NUM_POINT, 0},
        {"1.7976931348623157e308", NUM_POINT, DBL_MAX},
        {"1.8e308", NUM_POINT, NAN},
        {"1e999999999999", NUM_POINT, NAN},
        {"0e999999999999", NUM_POINT, 0},
        {"", NUM_POINT, NAN},
        {" ", NUM_POINT, NAN},
        {"-", NUM_POINT, NAN},
        {".", NUM_POINT, NAN},
        {"e5", NUM_POINT, NAN},
        {"1e", NUM_POINT, NAN},
        {"1e+", NUM_POINT, NAN},
        {"--1", NUM_POINT, NAN},
        {"1.2.3", NUM_POINT, NAN},
        {"1,5", NUM_POINT, NAN},
        {"1 000", NUM_POINT, NAN},
        {"nan", NUM_POINT, NAN},
        {"inf", NUM_POINT, NAN},
        {"0x10", NUM_POINT, NAN},
        {"12 W", NUM_POINT, NAN},
        {"1234,5", NUM_COMMA, 1234.5},
        {"1 234,5", NUM_COMMA, 1234.5},
        {"-1\xC2\xA0"
         "234\xE2\x80\xAF"
         "567,25",
         NUM_COMMA, -1234567.25},
        {"\xC2\xA0"
         "12,5\xC2\xA0",
         NUM_COMMA, 12.5},
        {"12 34", NUM_COMMA, NAN},
        {"1234 567", NUM_COMMA, NAN},
        {"1 23", NUM_COMMA, NAN},
        {"1 234 ,5", NUM_COMMA, NAN},
        {"12.5", NUM_COMMA, NAN},
};

static void check_parse(void)
{
    for (size_t i = 0; i < sizeof parse_cases / sizeof *parse_cases; i++) {
        const char *s = parse_cases[i].text;
        struct err err = {0};
        double got = NAN;
        bool ok = num_parse(s, strlen(s), parse_cases[i].style, &got, &err);

        UNIT_CHECK(
                ok == !isnan(parse_cases[i].want), "'%s': %s", s,
                ok ? "taken" : err.msg);
        UNIT_NEAR(got, parse_cases[i].want, 0, s);
        UNIT_CHECK(ok || err.code == ERR_INVALID, "'%s' code", s);
    }
}

static void test_parse(void)
{
    check_parse();
}

static void test_parse_long(void)
{
    char text[500];
    double v;

    memset(text, '0', sizeof text);
    text[399] = '7';
    UNIT_CHECK(num_parse(text, 400, NUM_POINT, &v, NULL), "400 characters");
    UNIT_NEAR(v, 7, 0, "leading zeros");
    UNIT_CHECK(!num_parse(text, 401, NUM_POINT, &v, NULL), "401 characters");
}

static void test_parse_int(void)
{
    static const struct {
        const char *text;
        int64_t lo, hi, want;
        enum err_code code;
    } cases[] = {
            {"12", 0, 100, 12, ERR_NONE},
            {" -3 ", -5, 5, -3, ERR_NONE},
            {"+5", -5, 5, 5, ERR_NONE},
            {"6", -5, 5, 0, ERR_LIMIT},
            {"-6", -5, 5, 0, ERR_LIMIT},
            {"9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, ERR_NONE},
            {"9223372036854775808", INT64_MIN, INT64_MAX, 0, ERR_LIMIT},
            {"-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, ERR_NONE},
            {"-9223372036854775809", INT64_MIN, INT64_MAX, 0, ERR_LIMIT},
            {"99999999999999999999999999", 0, 10, 0, ERR_LIMIT},
            {"", 0, 10, 0, ERR_INVALID},
            {"-", 0, 10, 0, ERR_INVALID},
            {"1.0", 0, 10, 0, ERR_INVALID},
            {"1x", 0, 10, 0, ERR_INVALID},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        int64_t got = 0;
        const char *s = cases[i].text;

        num_parse_int(s, strlen(s), cases[i].lo, cases[i].hi, &got, &err);
        UNIT_CHECK(
                got == cases[i].want && err.code == cases[i].code,
                "'%s': %lld, %s", s, (long long)got, err.msg);
    }
}

static void check_print(void)
{
    static const struct {
        double value;
        const char *want;
    } cases[] = {
            {0, "0"},
            {-0.0, "0"},
            {1, "1"},
            {-42, "-42"},
            {0.1, "0.1"},
            {-0.25, "-0.25"},
            {1234.5, "1234.5"},
            {0.30000000000000004, "0.30000000000000004"},
            {1.0 / 3.0, "0.3333333333333333"},
            {9007199254740991.0, "9007199254740991"},
            {1e22, "1e+22"},
            {5e-324, "5e-324"},
            {DBL_MAX, "1.7976931348623157e+308"},
            {1e-7, "1e-07"},
            {0.0001, "0.0001"},
            {NAN, "null"},
            {-INFINITY, "null"},
    };
    char text[NUM_TEXT];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                strcmp(num_print(cases[i].value, text), cases[i].want) == 0,
                "%s: got %s", cases[i].want, text);
}

static void test_print(void)
{
    check_print();
}

/* Any double reads back as itself, and no text of fewer digits does. */
static void test_round_trip(void)
{
    uint64_t x = 88172645463325252u;
    char text[NUM_TEXT], shorter[64];

    for (int i = 0; i < 200000; i++) {
        double v, back = NAN;
        uint64_t bits;

        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        bits = x;
        memcpy(&v, &bits, sizeof v);
        if (i % 2)
            v = (double)(int64_t)(x % 2000000000) / 1000.0 * (i % 3 ? 1 : 1.1);
        if (!isfinite(v))
            continue;
        num_print(v, text);
        UNIT_CHECK(
                num_parse(text, strlen(text), NUM_POINT, &back, NULL) &&
                        !(fabs(back - v) > 0),
                "%.17g printed as %s", v, text);
        /* an independent reader, in the C locale of this program */
        sscanf(text, "%lf", &back);
        UNIT_CHECK(!(fabs(back - v) > 0), "scanf of %s", text);
        size_t digits = 0;
        for (const char *p = text + strspn(text, "-0."); *p && *p != 'e'; p++)
            digits += *p != '.';
        while (digits > 1 && strcspn(text, "e") == strlen(text) &&
               !strchr(text, '.') && text[strlen(text) - 1] == '0')
            break;
        if (digits > 1 && digits <= 17 && strchr(text, '.')) {
            snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 2, v);
            sscanf(shorter, "%lf", &back);
            UNIT_CHECK(fabs(back - v) > 0, "%s, but %s does", text, shorter);
        }
    }
}

static void test_fixed(void)
{
    static const struct {
        double value;
        int decimals;
        const char *want;
    } cases[] = {
            {1.005, 2, "1.00"}, /* the double is below 1.005 */
            {0.125, 2, "0.12"}, /* a tie goes to even */
            {2.5, 0, "2"},
            {1234.5678, 1, "1234.6"},
            {-0.001, 2, "0.00"},
            {-1.5, 1, "-1.5"},
            {NAN, 2, "null"},
            {1e300, 9, "1e+300"},
            {1e15, 9, "1000000000000000.000000000"},
    };
    char text[NUM_TEXT];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                strcmp(num_fixed(cases[i].value, cases[i].decimals, text),
                       cases[i].want) == 0,
                "%s: got %s", cases[i].want, text);
}

static void test_i128(void)
{
    char text[NUM_TEXT + 4];
    num_i128 top = (num_i128)INT64_MAX * INT64_MAX;
    num_i128 low = (num_i128)((__extension__(unsigned __int128) 1) << 127);

    UNIT_CHECK(strcmp(num_print_i128(0, text), "0") == 0, "0");
    UNIT_CHECK(strcmp(num_print_i128(-1, text), "-1") == 0, "-1");
    UNIT_CHECK(
            strcmp(num_print_i128(top, text),
                   "85070591730234615847396907784232501249") == 0,
            "square: %s", text);
    UNIT_CHECK(
            strcmp(num_print_i128(low, text),
                   "-170141183460469231731687303715884105728") == 0,
            "lowest: %s", text);
}

/* A locale with a decimal comma changes nothing. */
static void test_locale(void)
{
    static const char *const names[] = {
            "fr_FR.UTF-8", "fr_FR.utf8", "de_DE.UTF-8", "fr_FR"};
    bool set = false;

    for (size_t i = 0; i < 4 && !set; i++)
        set = setlocale(LC_ALL, names[i]) != NULL;
    check_print();
    check_parse();
    test_fixed();
    setlocale(LC_ALL, "C");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"err", test_err},
            {"err limits", test_err_limits},
            {"err table", test_err_table},
            {"buf", test_buf},
            {"arena", test_arena},
            {"parse", test_parse},
            {"parse long", test_parse_long},
            {"parse int", test_parse_int},
            {"print", test_print},
            {"round trip", test_round_trip},
            {"fixed", test_fixed},
            {"i128", test_i128},
            {"locale", test_locale},
            {NULL, NULL},
    };

    return unit_main("base_num", tests);
}
