/* SPDX-License-Identifier: Apache-2.0
 * The tags of one file, in 16 bytes a row: 64 bits of a keyed hash and the
 * line. A file of 20 million lines has a chance of 1 in 90,000 that two
 * different tags look alike. */
#include "importers/csv_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct csv_tag_slot {
    uint64_t hash, line; /* line 0: free */
};

static uint64_t tag_hash(const char *tag)
{
    char room[4 * WIRE_MAX_TEXT + 2];
    size_t len = strlen(tag);
    uint64_t high;

    if (len > 4 * WIRE_MAX_TEXT)
        len = 4 * WIRE_MAX_TEXT;
    memcpy(room, tag, len);
    room[len] = '\n'; /* a second, independent hash: tags hold no line end */
    high = hash_bytes(room, len + 1);
    return high << 32 | hash_bytes(room, len);
}

/* The slot of a hash, or the free one where it belongs. */
static struct csv_tag_slot *slot_of(const struct csv_tags *t, uint64_t hash)
{
    size_t i = (size_t)hash & (t->size - 1);

    while (t->slots[i].line && t->slots[i].hash != hash)
        i = (i + 1) & (t->size - 1);
    return &t->slots[i];
}

static void grow(struct csv_tags *t)
{
    struct csv_tags wider = {.n = t->n, .size = t->size ? 2 * t->size : 1024};

    wider.slots = xcalloc(wider.size, sizeof *wider.slots);
    for (size_t i = 0; i < t->size; i++)
        if (t->slots[i].line)
            *slot_of(&wider, t->slots[i].hash) = t->slots[i];
    free(t->slots);
    *t = wider;
}

uint64_t csv_tag_line(struct csv_tags *t, const char *tag, uint64_t line)
{
    struct csv_tag_slot *slot;
    uint64_t hash;

    if (2 * t->n >= t->size)
        grow(t);
    hash = tag_hash(tag);
    slot = slot_of(t, hash);
    if (slot->line)
        return slot->line;
    *slot = (struct csv_tag_slot){hash, line};
    t->n++;
    return 0;
}

void csv_tags_clear(struct csv_tags *t)
{
    free(t->slots);
    *t = (struct csv_tags){0};
}
