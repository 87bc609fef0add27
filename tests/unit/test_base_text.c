/* SPDX-License-Identifier: Apache-2.0
 * UTF-8, legacy encodings, folding, hashes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "unit.h"

static void test_utf8(void)
{
    static const struct {
        const char *name, *s;
        size_t len;
        bool ok;
    } cases[] = {
            {"ascii", "plain ascii of some length", 26, true},
            {"empty", "", 0, true},
            {"two", "\xC3\xA9", 2, true},
            {"three", "\xE2\x82\xAC", 3, true},
            {"four", "\xF0\x9F\x98\x80", 4, true},
            {"last", "\xF4\x8F\xBF\xBF", 4, true},
            {"before surrogates", "\xED\x9F\xBF", 3, true},
            {"late accent", "0123456789abcdef\xC3\xA9 and more text after", 38,
             true},
            {"NUL", "a\0b", 3, false},
            {"late NUL", "0123456789\0b", 12, false},
            {"NUL in a word", "0123\0x67", 8, false},
            {"alone", "\x80", 1, false},
            {"cut", "\xC3", 1, false},
            {"cut three", "\xE2\x82", 2, false},
            {"cut four", "\xF0\x9F\x98", 3, false},
            {"overlong", "\xC0\xAF", 2, false},
            {"overlong three", "\xE0\x9F\xBF", 3, false},
            {"overlong four", "\xF0\x8F\xBF\xBF", 4, false},
            {"surrogate", "\xED\xA0\x80", 3, false},
            {"above", "\xF4\x90\x80\x80", 4, false},
            {"five", "\xF8\x88\x80\x80\x80", 5, false},
            {"latin-1", "caf\xE9", 4, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                text_utf8_ok(cases[i].s, cases[i].len) == cases[i].ok, "%s",
                cases[i].name);
}

static void test_encodings(void)
{
    struct buf b;

    buf_init(&b, 100);
    UNIT_CHECK(text_from_cp1252("\x80 caf\xE9 \x9C", 8, &b), "cp1252");
    UNIT_CHECK(
            strcmp(buf_text(&b), "\xE2\x82\xAC caf\xC3\xA9 \xC5\x93") == 0,
            "%s", buf_text(&b));
    buf_reset(&b);
    UNIT_CHECK(
            text_from_utf16("a\0\xE9\0\x3D\xD8\x00\xDE", 8, false, &b), "le");
    UNIT_CHECK(
            strcmp(buf_text(&b), "a\xC3\xA9\xF0\x9F\x98\x80") == 0, "%s",
            buf_text(&b));
    buf_reset(&b);
    UNIT_CHECK(text_from_utf16("\0a\0\xE9\xD8\x3D\xDE\x00", 8, true, &b), "be");
    UNIT_CHECK(
            strcmp(buf_text(&b), "a\xC3\xA9\xF0\x9F\x98\x80") == 0, "%s",
            buf_text(&b));
    buf_reset(&b);
    UNIT_CHECK(
            text_from_utf16("\xDE\x00\xD8\x3D\0a\xD8\x3D\0", 9, true, &b),
            "halves");
    UNIT_CHECK(
            strcmp(buf_text(&b), "\xEF\xBF\xBD\xEF\xBF\xBD"
                                 "a\xEF\xBF\xBD") == 0,
            "%s", buf_text(&b));
    buf_clear(&b);
    buf_init(&b, 4);
    UNIT_CHECK(!text_from_cp1252("\x80\x80", 2, &b), "over the maximum");
    buf_clear(&b);
}

static void test_small(void)
{
    char s[20];

    UNIT_CHECK(text_same("Serial", "sERIAL"), "same");
    UNIT_CHECK(!text_same("Serial", "Serial2"), "longer");
    UNIT_CHECK(!text_same("", "a") && text_same("", ""), "empty");
    UNIT_CHECK(text_starts("lshw-xml", "lshw"), "starts");
    UNIT_CHECK(!text_starts("ls", "lshw"), "shorter");
    UNIT_CHECK(text_trim(" \t a b\xC2\xA0\r\n", 9, s, sizeof s) == 3, "trim");
    UNIT_CHECK(strcmp(s, "a b") == 0, "%s", s);
    UNIT_CHECK(text_trim("   ", 3, s, sizeof s) == 0 && !s[0], "blank");
    UNIT_CHECK(text_trim("ab\xC3\xA9", 4, s, 4) == 2, "cut between letters");
    UNIT_CHECK(strcmp(s, "ab") == 0, "%s", s);
    memcpy(s, "ABC-x9", 7);
    text_lower(s);
    UNIT_CHECK(strcmp(s, "abc-x9") == 0, "%s", s);
}

static void test_key(void)
{
    static const struct {
        const char *s, *want;
    } cases[] = {
            {"Nom d'usage", "nom_d_usage"},
            {"N\xC2\xB0 de s\xC3\xA9rie", "n_de_serie"},
            {"RAM (GiB)", "ram_gib"},
            {"  Mod\xC3\xA8le  ", "modele"},
            {"Re\xCC\x81seau", "reseau"},
            {"\xC5\x92uvre c\xC5\x93ur", "oeuvre_coeur"},
            {"\xC3\x89T\xC3\x89", "ete"},
            {"cpu_count", "cpu_count"},
            {"___", ""},
            {"", ""},
            {"bad\xFF"
             "byte",
             "bad_byte"},
    };
    char s[40];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_key(cases[i].s, strlen(cases[i].s), s, sizeof s);
        UNIT_CHECK(strcmp(s, cases[i].want) == 0, "'%s': '%s'", cases[i].s, s);
    }
    text_key("abc def", 7, s, 5);
    UNIT_CHECK(strcmp(s, "abc") == 0, "cut: '%s'", s);
    text_key("\xC5\x93", 2, s, 2);
    UNIT_CHECK(strcmp(s, "") == 0, "no half letter: '%s'", s);
}

static void test_sha256(void)
{
    char hex[65];

    /* FIPS 180-2, appendix B.1, and the empty message */
    text_sha256("abc", 3, hex);
    UNIT_CHECK(
            strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff"
                        "61f20015ad") == 0,
            "%s", hex);
    text_sha256("", 0, hex);
    UNIT_CHECK(
            strcmp(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca49599"
                        "1b7852b855") == 0,
            "%s", hex);
}

struct entry {
    char key[16];
    int value;
    UT_hash_handle hh;
};

static void test_map(void)
{
    struct entry *map = NULL, *e, *next;
    char key[16];
    int found = 0;

    for (int i = 0; i < 1000; i++) {
        e = xcalloc(1, sizeof *e);
        snprintf(e->key, sizeof e->key, "key %d", i);
        e->value = i;
        HASH_ADD_STR(map, key, e);
    }
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "key %d", i);
        HASH_FIND_STR(map, key, e);
        found += e && e->value == i;
    }
    UNIT_CHECK(found == 1000, "%d of 1000 found", found);
    HASH_FIND_STR(map, "key 1000", e);
    UNIT_CHECK(e == NULL, "absent");
    HASH_ITER(hh, map, e, next)
    {
        HASH_DEL(map, e);
        free(e);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"utf8", test_utf8},
            {"encodings", test_encodings},
            {"small", test_small},
            {"key", test_key},
            {"sha256", test_sha256},
            {"map", test_map},
            {NULL, NULL},
    };

    return unit_main("base_text", tests);
}
