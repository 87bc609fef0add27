/* SPDX-License-Identifier: Apache-2.0
 * Whether two spellings name the same thing: tools write makers, products,
 * hosts and models each in their own way. */
#include "inventory/inventory_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
    KEY_MAX = 256,
    TOKENS_MAX = 32,
};

struct tokens {
    char key[KEY_MAX];
    const char *of[TOKENS_MAX];
    size_t n;
};

/* Words that every maker puts in and that tell nothing apart. */
static bool noise(const char *token)
{
    static const char *const words[] = {
            "r",        "tm",    "c",       "cpu",      "processor",
            "intel",    "amd",   "nvidia",  "ati",      "corporation",
            "corp",     "inc",   "co",      "ltd",      "technologies",
            "advanced", "micro", "devices", "graphics", "accelerator",
            NULL};

    for (size_t i = 0; words[i]; i++)
        if (strcmp(token, words[i]) == 0)
            return true;
    return false;
}

static void tokens_of(const char *text, size_t len, struct tokens *out)
{
    char *s = out->key;

    out->n = 0;
    text_key(text, len, out->key, sizeof out->key);
    while (*s && out->n < TOKENS_MAX) {
        size_t n = strcspn(s, "_");
        bool more = s[n] == '_';

        s[n] = '\0';
        if (!noise(s))
            out->of[out->n++] = s;
        s += n + (more ? 1 : 0);
    }
}

static bool all_in(const struct tokens *a, const struct tokens *b)
{
    for (size_t i = 0; i < a->n; i++) {
        bool found = false;

        for (size_t k = 0; k < b->n && !found; k++)
            found = strcmp(a->of[i], b->of[k]) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* One names everything that the other does. */
static bool one_in_other(const struct tokens *a, const struct tokens *b)
{
    if (a->n == 0 || b->n == 0)
        return a->n == b->n;
    return all_in(a, b) || all_in(b, a);
}

bool inv_alike_model(const char *a, const char *b)
{
    struct tokens x, y;

    if (!a || !b)
        return a == b;
    if (strcmp(a, b) == 0)
        return true;
    /* "... CPU @ 2.10GHz": the clock is no name */
    tokens_of(a, strcspn(a, "@"), &x);
    tokens_of(b, strcspn(b, "@"), &y);
    return one_in_other(&x, &y);
}

enum { DISK_NUMBER = 6 }; /* characters that tell a series of disks */

/* A number as makers give disks, "mz7lh960", begins another one. */
static bool begins(const struct tokens *a, const struct tokens *b)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t len = strlen(a->of[i]);

        if (len < DISK_NUMBER || strcspn(a->of[i], "0123456789") == len ||
            strspn(a->of[i], "0123456789") == len)
            continue;
        for (size_t k = 0; k < b->n; k++)
            if (strncmp(a->of[i], b->of[k], len) == 0)
                return true;
    }
    return false;
}

bool inv_alike_disk(const char *a, const char *b)
{
    struct tokens x, y;

    if (inv_alike_model(a, b))
        return true;
    tokens_of(a, strlen(a), &x);
    tokens_of(b, strlen(b), &y);
    return begins(&x, &y) || begins(&y, &x);
}

/* Length without a suffix in brackets, as lshw appends SKU and family. */
static size_t without_brackets(const char *s)
{
    const char *open = strstr(s, " (");
    size_t len = strlen(s);

    return open && open > s && s[len - 1] == ')' ? (size_t)(open - s) : len;
}

bool inv_alike_product(const char *a, const char *b)
{
    struct tokens x, y;

    if (!a || !b)
        return a == b;
    if (strcmp(a, b) == 0)
        return true;
    tokens_of(a, without_brackets(a), &x);
    tokens_of(b, without_brackets(b), &y);
    return one_in_other(&x, &y);
}

bool inv_alike_maker(const char *a, const char *b)
{
    char x[64], y[64];

    if (!a || !b)
        return false;
    text_key(a, strlen(a), x, sizeof x);
    text_key(b, strlen(b), y, sizeof y);
    x[strcspn(x, "_")] = '\0'; /* "Dell Inc." is "Dell" */
    y[strcspn(y, "_")] = '\0';
    return x[0] && strcmp(x, y) == 0;
}

bool inv_alike_host(const char *a, const char *b)
{
    size_t x = strcspn(a, "."), y = strcspn(b, ".");

    if (a[x] && b[y]) /* both whole: text_same decides */
        return text_same(a, b);
    if (x != y || x == 0)
        return false;
    for (size_t i = 0; i < x; i++) {
        char c[2] = {a[i], '\0'}, d[2] = {b[i], '\0'};

        if (!text_same(c, d))
            return false;
    }
    return true;
}

/* Hex digits alone, in lower case; false when it is no UUID. */
static bool uuid_digits(const char *s, char out[static 33])
{
    size_t n = 0;

    for (; *s; s++) {
        char c = *s >= 'A' && *s <= 'F' ? (char)(*s - 'A' + 'a') : *s;

        if (c == '-')
            continue;
        if (n == 32 || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n == 32;
}

/* The first three groups, byte by byte: SMBIOS 2.6 writes them little endian,
 * and tools disagree about it. */
static void turn(const char from[static 33], char to[static 33])
{
    static const size_t turned[16] = {3, 2, 1,  0,  5,  4,  7,  6,
                                      8, 9, 10, 11, 12, 13, 14, 15};

    for (size_t i = 0; i < 16; i++)
        memcpy(to + 2 * i, from + 2 * turned[i], 2);
    to[32] = '\0';
}

bool inv_alike_uuid(const char *a, const char *b)
{
    char x[33], y[33], z[33];

    if (!uuid_digits(a, x) || !uuid_digits(b, y))
        return text_same(a, b);
    turn(y, z);
    return strcmp(x, y) == 0 || strcmp(x, z) == 0;
}

static void write_uuid(const char digits[static 33], bool large, char *out)
{
    for (int i = 0; i < 32; i++) {
        char c = digits[i];

        if (i == 8 || i == 12 || i == 16 || i == 20)
            *out++ = '-';
        *out++ = large && c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
    }
    *out = '\0';
}

void inv_uuid_forms(const char *uuid, char out[INV_UUID_FORMS][INV_UUID_TEXT])
{
    char digits[33], turned[33];

    if (!uuid_digits(uuid, digits)) {
        for (int i = 0; i < INV_UUID_FORMS; i++)
            snprintf(out[i], INV_UUID_TEXT, "%.39s", uuid);
        return;
    }
    turn(digits, turned);
    write_uuid(digits, false, out[0]);
    write_uuid(digits, true, out[1]);
    write_uuid(turned, false, out[2]);
    write_uuid(turned, true, out[3]);
}

/* Where servers of every kind end and desks begin: tools guess within. */
static int category_class(enum calc_category c)
{
    switch (c) {
    case CALC_SERVER:
    case CALC_GPU_NODE:
    case CALC_STORAGE:
        return 1;
    case CALC_WORKSTATION:
    case CALC_DESKTOP:
        return 2;
    default:
        return 10 + (int)c;
    }
}

bool inv_alike_category(enum calc_category a, enum calc_category b)
{
    return category_class(a) == category_class(b) || b == CALC_OTHER_UNIT;
}

bool inv_alike_date(struct date a, struct date b)
{
    return a.year == b.year && (!a.month || !b.month || a.month == b.month) &&
           (!a.day || !b.day || a.day == b.day);
}

/* node1 and node2: neighbours, not one machine under a new name. */
bool inv_neighbours(const char *a, const char *b)
{
    bool differ = false;

    for (;;) {
        size_t x = strspn(a, "0123456789"), y = strspn(b, "0123456789");

        if ((x == 0) != (y == 0))
            return false;
        if (x) {
            differ = differ || x != y || memcmp(a, b, x) != 0;
            a += x;
            b += y;
            continue;
        }
        if (*a != *b)
            return false;
        if (!*a)
            return differ;
        a++;
        b++;
    }
}
