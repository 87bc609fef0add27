/* SPDX-License-Identifier: Apache-2.0
 * The firmware's table, by the offsets of DSP0134: modules, processors,
 * supplies, and tables that are none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "unit.h"

struct table {
    uint8_t bytes[4096];
    size_t len;
};

/* A structure of that type and fixed length, all zero; its strings behind. */
static uint8_t *
add(struct table *t, uint8_t type, uint8_t len, const char *strings, size_t n)
{
    uint8_t *p = t->bytes + t->len;

    memset(p, 0, len);
    p[0] = type;
    p[1] = len;
    memcpy(p + len, strings, n);
    p[len + n] = 0;
    t->len += (size_t)len + n + 1;
    if (n == 0)
        t->bytes[t->len++] = 0;
    return p;
}

#define STRINGS(text) text "\0", sizeof(text)

static struct ag_smbios *parse(const struct table *t, struct arena *text)
{
    /* Bytes on the heap, as many as there are: a read past them is seen. */
    uint8_t *bytes = xmalloc(t->len + 1);
    struct ag_smbios *out = xmalloc(sizeof *out);

    memcpy(bytes, t->bytes, t->len);
    bytes = xrealloc(bytes, t->len ? t->len : 1);
    ag_smbios_parse(bytes, t->len, text, out);
    free(bytes);
    return out;
}

static void test_modules(void)
{
    static const struct {
        const char *name;
        uint16_t size;
        uint32_t extended;
        double want; /* GiB; 0: none */
    } cases[] = {
            {"16 GiB", 16384, 0, 16},
            {"empty slot", 0, 0, 0},
            {"unknown size", 0xFFFF, 0, 0},
            {"kilobytes", 0x8000 | 512, 0, 512.0 / 1024 / 1024},
            {"extended 64 GiB", 0x7FFF, 65536, 64},
            {"extended 128 GiB", 0x7FFF, 131072, 128},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct table t = {0};
        struct arena text = {0};
        uint8_t *p = add(&t, 17, 0x28, STRINGS("A1\0Bank\0Micron\0S1\0P1"));
        struct ag_smbios *b;

        p[0x0C] = (uint8_t)cases[i].size;
        p[0x0D] = (uint8_t)(cases[i].size >> 8);
        for (int k = 0; k < 4; k++)
            p[0x1C + k] = (uint8_t)(cases[i].extended >> (8 * k));
        p[0x12] = 0x1A;
        p[0x17] = 3;
        p[0x18] = 4;
        p[0x1A] = 5;
        b = parse(&t, &text);
        UNIT_CHECK(b->slots == 1 && !b->truncated, "%s: slot", cases[i].name);
        UNIT_CHECK(
                b->n_modules == (cases[i].want > 0), "%s: filled",
                cases[i].name);
        if (b->n_modules) {
            UNIT_NEAR(b->modules[0].gib, cases[i].want, 1e-12, cases[i].name);
            UNIT_CHECK(
                    strcmp(b->modules[0].maker, "Micron") == 0 &&
                            strcmp(b->modules[0].serial, "S1") == 0 &&
                            strcmp(b->modules[0].model, "P1") == 0 &&
                            strcmp(b->modules[0].kind, "DDR4") == 0,
                    "%s: texts", cases[i].name);
        }
        free(b);
        arena_clear(&text);
    }
}

static void test_kinds(void)
{
    struct table t = {0};
    struct arena text = {0};
    uint8_t *p;
    struct ag_smbios *b;

    p = add(&t, 17, 0x29, "", 0); /* DDR3 */
    p[0x0D] = 0x20;               /* 8192 MiB */
    p[0x12] = 0x18;
    p = add(&t, 17, 0x29, "", 0); /* Optane: technology 7 */
    p[0x0C] = p[0x0D] = 0xFF;
    p[0x0D] = 0x7F;
    p[0x1D] = 0xF0; /* 126976 MiB: 0x1F000 */
    p[0x1E] = 0x01;
    p[0x28] = 0x07;
    p = add(&t, 17, 0x1B, "", 0); /* flash of the firmware */
    p[0x0D] = 0x20;
    p[0x12] = 0x09;
    p = add(&t, 17, 0x1B, STRINGS("Not Specified\0\x01\xff")); /* old, short */
    p[0x0D] = 0x10;                                            /* 4096 MiB */
    p[0x17] = 1;
    p[0x18] = 2;
    p[0x1A] = 9;
    b = parse(&t, &text);
    UNIT_CHECK(b->n_modules == 3 && b->slots == 3, "%zu modules", b->n_modules);
    UNIT_CHECK(b->modules[0].ddr3 && !b->modules[0].persistent, "DDR3");
    UNIT_CHECK(b->modules[1].persistent, "persistent");
    UNIT_NEAR(b->modules[1].gib, 124, 1e-12, "126976 MiB");
    UNIT_CHECK(
            !b->modules[2].maker && !b->modules[2].serial &&
                    !b->modules[2].model,
            "fillers, bad bytes and strings that are not there");
    free(b);
    arena_clear(&text);
}

static void test_others(void)
{
    struct table t = {0};
    struct arena text = {0};
    uint8_t *p;
    struct ag_smbios *b;

    for (int i = 0; i < 3; i++) {
        p = add(&t, 4, 0x2C, STRINGS("CPU 1\0Intel(R) Xeon(R) Gold 6130"));
        p[0x05] = 3;
        p[0x10] = 2;
        p[0x18] = i < 2 ? 0x41 : 0x00; /* the third socket is empty */
        p[0x23] = 16;
    }
    p = add(&t, 39, 0x16, STRINGS("PSU1\0DELTA\0PS-1\0DPS-750"));
    p[0x07] = 2;
    p[0x08] = 3;
    p[0x0A] = 4;
    p[0x0C] = 0xEE; /* 750 W */
    p[0x0D] = 0x02;
    p[0x0E] = 0x02;
    add(&t, 39, 0x16, "", 0); /* an empty bay */
    add(&t, 127, 4, "", 0);
    add(&t, 17, 0x28, "", 0)[0x0D] = 0x40; /* behind the end */
    b = parse(&t, &text);
    UNIT_CHECK(b->sockets == 2 && b->cores == 16, "sockets and cores");
    UNIT_CHECK(strcmp(b->cpu, "Intel(R) Xeon(R) Gold 6130") == 0, "processor");
    UNIT_CHECK(
            b->n_supplies == 1 && strcmp(b->supplies[0].model, "DPS-750") == 0,
            "supply");
    UNIT_NEAR(b->supplies[0].max_w, 750, 1e-12, "750 W");
    UNIT_CHECK(b->n_modules == 0 && !b->truncated, "nothing behind the end");
    free(b);
    arena_clear(&text);
}

static void test_cut(void)
{
    struct table t = {0};
    struct arena text = {0};
    uint8_t *p = add(&t, 17, 0x28, STRINGS("A1\0Bank\0Micron"));
    size_t whole = t.len;

    p[0x0D] = 0x40;
    p[0x17] = 3;
    for (size_t len = 0; len <= whole; len++) {
        struct ag_smbios *b;

        t.len = len;
        b = parse(&t, &text);
        UNIT_CHECK(
                b->n_modules == (len == whole) &&
                        b->truncated == (len > 0 && len < whole),
                "cut to %zu", len);
        free(b);
    }
    t.len = whole;
    t.bytes[1] = 3; /* shorter than its own head */
    free(parse(&t, &text));
    t.bytes[1] = 255;
    free(parse(&t, &text));
    arena_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"modules", test_modules},
            {"kinds", test_kinds},
            {"processors and supplies", test_others},
            {"cut", test_cut},
            {NULL, NULL}};

    return unit_main("agent smbios", tests);
}
