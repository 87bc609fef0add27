/* SPDX-License-Identifier: Apache-2.0
 * The memory and disks that a product footprint was made for, read from the
 * sheet's own words. */
#include "factors/assess_priv.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { WORD_SIZE = 24 };

struct item { /* one "x4 1TB 2.5in HDD" */
    double count, gb;
    bool has_kind, ssd, blank, any;
};

struct reading {
    struct fac_sheet sheet;
    struct item item;
    bool ok, sized; /* some disk has a size: the text names them all */
};

/* Number at the start of a word, and where it ends. */
static bool leading(const char *word, double *out, const char **rest)
{
    size_t n = strspn(word, "0123456789.");

    *rest = word + n;
    return n > 0 && num_parse(word, n, NUM_POINT, out, NULL);
}

static void item_end(struct reading *r)
{
    struct item *it = &r->item;

    if (it->any && !it->has_kind)
        r->ok = false;
    if (it->any && it->has_kind && !it->blank && !it->ssd)
        r->sheet.n_hdd += it->count;
    if (it->any && it->has_kind && !it->blank && it->ssd) {
        r->sheet.n_ssd += it->count;
        if (isnan(it->gb))
            r->sheet.ssd_unsized += it->count;
        else
            r->sheet.ssd_gb += it->count * it->gb;
    }
    r->sized = r->sized || (it->any && !isnan(it->gb));
    *it = (struct item){.count = 1, .gb = NAN};
}

/* "300gb", "1.2tb"; anything else, as "2.5in", is no size. */
static void size_read(struct reading *r, double number, const char *unit)
{
    bool tb = strcmp(unit, "tb") == 0;

    if (!tb && strcmp(unit, "gb") != 0)
        return;
    if (!isnan(r->item.gb))
        item_end(r);
    r->item.gb = tb ? number * 1000 : number;
    r->item.any = true;
}

static void word_read(struct reading *r, const char *word)
{
    const char *rest;
    double number = 1;

    if (strcmp(word, "hdd") == 0 || strcmp(word, "ssd") == 0) {
        r->item.has_kind = r->item.any = true;
        r->item.ssd = word[0] == 's';
    } else if (strcmp(word, "blank") == 0) {
        r->item.blank = true;
    } else if (word[0] == 'x' && leading(word + 1, &number, &rest)) {
        item_end(r);
        r->item.count = number;
        r->item.any = true;
    } else if (leading(word, &number, &rest) && *rest == '\0') {
        r->item.count = number;
        r->item.any = true;
    } else if (*rest == 'x') {
        r->item.count = number;
        if (leading(rest + 1, &number, &rest))
            size_read(r, number, rest);
    } else {
        size_read(r, number, rest);
    }
}

static void disks_read(const char *disk, struct fac_sheet *out)
{
    struct reading r = {.ok = true, .item = {.count = 1, .gb = NAN}};
    char word[WORD_SIZE];

    if (strcmp(disk, "No Hard Drive") == 0) {
        out->hdd_known = out->ssd_known = true;
        return;
    }
    while (*disk) {
        size_t n = strcspn(disk, " "), len = n < sizeof word ? n : 0;

        memcpy(word, disk, len);
        word[len] = '\0';
        text_lower(word);
        if (len)
            word_read(&r, word);
        disk += n + (disk[n] == ' ');
    }
    item_end(&r);
    if (!r.ok)
        return;
    out->n_hdd = r.sheet.n_hdd;
    out->n_ssd = r.sheet.n_ssd;
    out->ssd_gb = r.sheet.ssd_gb;
    out->ssd_unsized = r.sheet.ssd_unsized;
    /* "4 SSD" alone says nothing of hard disks. */
    out->ssd_known = true;
    out->hdd_known = r.sized || r.sheet.n_hdd > 0;
}

void fac_sheet_read(const char *disk, const char *memory, struct fac_sheet *out)
{
    const char *rest;

    *out = (struct fac_sheet){0};
    if (memory && leading(memory, &out->ram_gb, &rest))
        out->ram_known = true;
    if (disk && *disk)
        disks_read(disk, out);
}
