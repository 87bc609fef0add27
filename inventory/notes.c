/* SPDX-License-Identifier: Apache-2.0
 * Remarks of several tools as one note: "key: text; key: text". */
#include "inventory/inventory_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { REMARKS_MAX = 256 };

struct remark {
    const char *text;
    size_t len, key_len; /* key_len: of what stands before ": "; else len */
};
struct remarks {
    struct remark of[REMARKS_MAX];
    size_t n;
};

static struct remark remark_of(const char *text, size_t len)
{
    struct remark r = {text, len, len};

    for (size_t i = 0; i + 1 < len && r.key_len == len; i++)
        if (text[i] == ':' && text[i + 1] == ' ')
            r.key_len = i;
    return r;
}

/* False: more remarks than there is room for. *news: it says something that
 * was not said. */
static bool put(struct remarks *to, struct remark r, bool *news)
{
    for (size_t i = 0; i < to->n; i++)
        if (to->of[i].key_len == r.key_len &&
            memcmp(to->of[i].text, r.text, r.key_len) == 0) {
            *news = *news || to->of[i].len != r.len ||
                    memcmp(to->of[i].text, r.text, r.len) != 0;
            to->of[i] = r; /* the last word on that matter */
            return true;
        }
    *news = true;
    if (to->n == REMARKS_MAX)
        return false;
    to->of[to->n++] = r;
    return true;
}

static bool split(const char *note, struct remarks *to, bool *news)
{
    bool ok = true;

    while (ok && *note) {
        const char *end = strstr(note, "; ");
        size_t len = end ? (size_t)(end - note) : strlen(note);

        ok = len == 0 || put(to, remark_of(note, len), news);
        note += len + (end ? 2 : 0);
    }
    return ok;
}

static int by_text(const void *a, const void *b)
{
    const struct remark *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int c = memcmp(x->text, y->text, len);

    return c ? c : x->len < y->len ? -1 : x->len > y->len;
}

const char *
inv_notes_join(struct arena *a, const char *stored, const char *said)
{
    struct remarks all;
    struct buf b;
    const char *out = stored;
    bool ok, news = false;

    all.n = 0;
    ok = split(stored, &all, &news);
    news = false;
    ok = ok && split(said, &all, &news);
    if (!ok || !news)
        return stored;
    qsort(all.of, all.n, sizeof *all.of, by_text);
    buf_init(&b, WIRE_MAX_NOTE);
    for (size_t i = 0; i < all.n; i++)
        buf_printf(
                &b, "%s%.*s", i ? "; " : "", (int)all.of[i].len,
                all.of[i].text);
    if (!b.over)
        out = arena_str(a, buf_text(&b));
    buf_clear(&b);
    return out;
}
