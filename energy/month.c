/* SPDX-License-Identifier: Apache-2.0
 * A meter's month as bytes: seconds covered as runs, then joules of the hours
 * that have any as zigzag deltas in blocks of 32, each of the width its largest
 * needs. A constant load takes a few bytes, a noisy one 2 to 3 an hour. */
#include "energy/month_priv.h"

#include <string.h>

#include "base/date.h"

enum {
    FORMAT = 1,
    BLOCK = 32, /* hours whose deltas are of one width */
    LEAST_HOURS = 672,
    FULL_S = 3600,
    UJ_PER_J = 1000000,
    NS_PER_S = 1000000000,
    PLAIN_BITS = 48,    /* of a delta: a shift of 7 more still fits 64, and a
                           month of them an int64 */
    PACKED_MAX = 32768, /* bytes: 744 hours, four numbers of ten bytes */
};
__extension__ typedef unsigned __int128 wide;
/* Bits stand low first: where numbers do too, eight bytes are read at once. */
#define PLAIN_HERE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define MOST_J (INT64_MAX / UJ_PER_J) /* of a month */
#define MOST_NS (INT64_C(1) << 62)

/* ---- numbers of variable length -------------------------------------------
 */

struct reader {
    const uint8_t *p;
    size_t n, at;
    bool bad;
};

/* Filled on the stack, added to a buf at once. */
struct writer {
    size_t n;
    uint8_t p[PACKED_MAX];
};

static inline void put(struct writer *w, uint64_t v)
{
    while (v >= 0x80) {
        w->p[w->n++] = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    w->p[w->n++] = (uint8_t)v;
}

static void writer_end(const struct writer *w, struct buf *out)
{
    if (!out->max)
        buf_init(out, PACKED_MAX);
    buf_add(out, w->p, w->n);
}

static uint64_t get_long(struct reader *r)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64 && r->at < r->n; shift += 7) {
        uint8_t c = r->p[r->at++];

        v |= (uint64_t)(c & 0x7f) << shift;
        if (!(c & 0x80))
            return v;
    }
    r->bad = true;
    return 0;
}

/* One to four bytes hold nearly all there is. Their number differs from value
 * to value, which no branch foretells: it is counted instead. */
static inline uint64_t get(struct reader *r)
{
    const uint8_t *p = r->p + r->at;
    uint32_t w, ends, v;
    unsigned n;

    if (r->n - r->at < 4)
        return get_long(r);
    w = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
        (uint32_t)p[3] << 24;
    ends = ~w & 0x80808080u;
    if (!ends)
        return get_long(r);
    n = ((unsigned)__builtin_ctz(ends) >> 3) + 1;
    v = (w & 0x7f) | (w >> 1 & 0x3f80) | (w >> 2 & 0x1fc000) |
        (w >> 3 & 0xfe00000);
    r->at += n;
    return v & ((UINT32_C(1) << (7 * n)) - 1);
}

static uint64_t zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* ---- months ---------------------------------------------------------------
 */

int64_t month_start_ns(int month)
{
    struct date d = {
            .year = (int16_t)(month / 12),
            .month = (uint8_t)(month % 12 + 1),
            .day = 1};

    return (int64_t)date_days(d) * 24 * EN_HOUR_NS;
}

int month_hours(int month)
{
    return (int)((month_start_ns(month + 1) - month_start_ns(month)) / EN_HOUR_NS);
}

/* ---- whole joules ---------------------------------------------------------
 */

/* What is known of an hour: 0 nothing, 1 energy of less than a second, else
 * its seconds and one. */
static unsigned symbol(const struct en_month *m, int hour)
{
    if (m->covered[hour])
        return m->covered[hour] + 1u;
    return m->joules[hour] != 0;
}

static void pack_covered(const struct en_month *m, struct writer *out)
{
    for (int i = 0, n; i < m->n_hours; i += n) {
        unsigned s = symbol(m, i);

        n = 1;
        while (i + n < m->n_hours && symbol(m, i + n) == s)
            n++;
        put(out, s);
        put(out, (uint64_t)n);
    }
}

static unsigned width_of(uint64_t v)
{
    return v ? 64u - (unsigned)__builtin_clzll(v) : 0;
}

/* Low bits first, from a whole byte on. */
static void
put_bits(struct writer *w, const uint64_t *values, unsigned n, unsigned width)
{
    wide room = 0;
    unsigned held = 0;

    for (unsigned i = 0; i < n; i++) {
        room |= (wide)values[i] << held;
        for (held += width; held >= 8; held -= 8) {
            w->p[w->n++] = (uint8_t)room;
            room >>= 8;
        }
    }
    if (held)
        w->p[w->n++] = (uint8_t)room;
}

static void put_block(struct writer *w, const uint64_t *values, unsigned n)
{
    uint64_t all = 0;

    for (unsigned i = 0; i < n; i++)
        all |= values[i];
    put(w, width_of(all));
    put_bits(w, values, n, width_of(all));
}

void en_month_pack(const struct en_month *m, struct buf *out)
{
    uint64_t block[BLOCK];
    struct writer w;
    int64_t last = 0;
    unsigned n = 0;
    bool any = false;

    w.n = 0;
    put(&w, FORMAT);
    put(&w, (uint64_t)m->n_hours);
    pack_covered(m, &w);
    for (int i = 0; i < m->n_hours; i++) {
        if (!symbol(m, i))
            continue;
        if (!any) { /* by itself, so that its block stays narrow */
            put(&w, zigzag(m->joules[i]));
            last = m->joules[i];
            any = true;
        }
        block[n++] = zigzag(m->joules[i] - last);
        last = m->joules[i];
        if (n == BLOCK) {
            put_block(&w, block, n);
            n = 0;
        }
    }
    if (n)
        put_block(&w, block, n);
    writer_end(&w, out);
}

static bool unpack_covered(struct reader *r, struct en_month *m, uint8_t *there)
{
    for (int i = 0; i < m->n_hours;) {
        uint64_t s = get(r), n = get(r);

        uint16_t covered = (uint16_t)(s > 1 ? s - 1 : 0);

        if (r->bad || s > FULL_S + 1 || n < 1 || n > (uint64_t)(m->n_hours - i))
            return false;
        for (uint64_t k = 0; k < n; k++)
            m->covered[(uint64_t)i + k] = covered;
        memset(there + i, s > 0, n);
        m->covered_s += (int64_t)n * covered;
        i += (int)n;
    }
    return true;
}

/* Eight bytes at p, low first; beyond the end they are 0. */
static inline uint64_t eight(const struct reader *r, size_t at)
{
    uint64_t v = 0;

    if (r->n - at >= 8) {
        for (unsigned k = 0; k < 8; k++) /* one load */
            v |= (uint64_t)r->p[at + k] << (8 * k);
        return v;
    }
    for (size_t k = 0; at + k < r->n; k++)
        v |= (uint64_t)r->p[at + k] << (8 * k);
    return v;
}

static bool get_block(struct reader *r, uint64_t *values, unsigned n)
{
    uint64_t width = get(r), mask;
    size_t bit = 0, bytes;

    if (r->bad || width > 64)
        return false;
    bytes = ((size_t)width * n + 7) / 8;
    if (r->n - r->at < bytes)
        return false;
    mask = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
    for (unsigned i = 0; i < n; i++, bit += width) {
        size_t at = r->at + bit / 8;
        unsigned shift = bit % 8;
        uint64_t v = width ? eight(r, at) >> shift : 0;

        if (width + shift > 64)
            v |= (uint64_t)r->p[at + 8] << (64 - shift);
        values[i] = v & mask;
    }
    r->at += bytes;
    return true;
}

/* The usual month: every hour is there and none is very large. *at is moved
 * only where that was so; else the careful reader below has it. */
static bool unpack_plain(struct reader *at, struct en_month *m)
{
    struct reader r = *at;
    int64_t last = unzigzag(get(&r)), all = last;
    uint64_t block[BLOCK];

    if (last < 0 || last > MOST_J / EN_MONTH_HOURS)
        return false;
    for (int i = 0; i < m->n_hours;) {
        unsigned n = (unsigned)(m->n_hours - i), width, bit = 0;

        n = n < BLOCK ? n : BLOCK;
        width = r.at < r.n ? r.p[r.at] : PLAIN_BITS + 1u;
        if (width > PLAIN_BITS)
            return false;
        if (r.n - r.at < 1 + (width * n + 7) / 8 + sizeof(uint64_t)) {
            if (!get_block(&r, block, n))
                return false;
        } else {
            uint64_t mask = (UINT64_C(1) << width) - 1;
            const uint8_t *p = r.p + r.at + 1;

            for (unsigned k = 0; k < n; k++, bit += width) {
                uint64_t v;

                memcpy(&v, p + bit / 8, sizeof v);
                last += unzigzag(v >> bit % 8 & mask);
                all |= last;
                m->joules[i++] = last;
            }
            r.at += 1 + (width * n + 7) / 8;
            continue;
        }
        for (unsigned k = 0; k < n; k++) {
            last += unzigzag(block[k]);
            all |= last;
            m->joules[i++] = last;
        }
    }
    if (r.bad || r.at != r.n || all < 0 || all > MOST_J / EN_MONTH_HOURS)
        return false;
    *at = r;
    return true;
}

static bool
unpack_joules(struct reader *r, struct en_month *m, const uint8_t *there)
{
    uint64_t block[BLOCK] = {0};
    int64_t last = 0, sum = 0;
    unsigned left = 0, at = 0, n = 0;

    for (int i = 0; i < m->n_hours; i++)
        left += there[i];
    if (PLAIN_HERE && left == (unsigned)m->n_hours && unpack_plain(r, m))
        return true;
    memset(m->joules, 0, sizeof m->joules);
    if (left)
        last = unzigzag(get(r));
    for (int i = 0; i < m->n_hours; i++) {
        if (!there[i])
            continue;
        if (at == n) {
            n = left < BLOCK ? left : BLOCK;
            at = 0;
            left -= n;
            if (!get_block(r, block, n))
                return false;
        }
        if (__builtin_add_overflow(last, unzigzag(block[at++]), &last) ||
            last < 0 || last > MOST_J - sum)
            return false;
        sum += last;
        m->joules[i] = last;
    }
    return !r->bad && r->at == r->n;
}

bool en_month_unpack(
        const void *bytes, size_t n, struct en_month *out, struct err *err)
{
    struct reader r = {.p = bytes, .n = n};
    uint8_t there[EN_MONTH_HOURS] = {0};
    uint64_t format = get(&r), hours = get(&r);

    if (r.bad || format != FORMAT || hours < LEAST_HOURS ||
        hours > EN_MONTH_HOURS)
        return err_set(err, ERR_DB, "%zu bytes are no month of hours", n);
    out->month = 0;
    out->flags = 0;
    out->sum_uj = out->covered_s = 0;
    out->n_hours = (int)hours;
    for (uint64_t i = hours; i < EN_MONTH_HOURS; i++) {
        out->joules[i] = 0;
        out->covered[i] = 0;
    }
    if (!unpack_covered(&r, out, there) || !unpack_joules(&r, out, there)) {
        memset(out, 0, sizeof *out);
        return err_set(err, ERR_DB, "%zu bytes are a damaged month", n);
    }
    return true;
}

/* ---- exact hours ----------------------------------------------------------
 */

void month_round(const struct month_exact *x, struct en_month *out)
{
    memset(out, 0, sizeof *out);
    out->month = x->month;
    out->n_hours = x->n_hours;
    out->flags = x->base_flags;
    out->sum_uj = calc_whole_joules(x->uj, (size_t)x->n_hours, out->joules);
    for (int i = 0; i < x->n_hours; i++) {
        int64_t s = x->ns[i] / NS_PER_S;

        out->covered[i] = (uint16_t)(s > FULL_S ? FULL_S : s);
        out->covered_s += out->covered[i];
        out->flags |= x->flags[i];
    }
}

void month_fine_pack(const struct month_exact *x, struct buf *out)
{
    uint64_t skipped = 0;
    struct writer w;
    int64_t sum = 0;

    w.n = 0;
    put(&w, x->base_flags);
    for (int i = 0; i < x->n_hours; i++) {
        sum += x->uj[i];
        if (!x->uj[i] && !x->ns[i] && !x->flags[i]) {
            skipped++;
            continue;
        }
        put(&w, skipped);
        put(&w, x->flags[i]);
        put(&w, zigzag(EN_HOUR_NS - x->ns[i]));
        put(&w, (uint64_t)(sum % UJ_PER_J));
        skipped = 0;
    }
    writer_end(&w, out);
}

static bool
fine_unpack(const struct en_month *m, struct reader *r, struct month_exact *out)
{
    int64_t whole = 0, sum = 0;
    int i = 0;

    out->base_flags = (unsigned)get(r);
    while (r->at < r->n) {
        uint64_t skipped = get(r), flags = get(r);
        int64_t off = unzigzag(get(r)), exact;
        uint64_t rest = get(r);

        if (r->bad || off > EN_HOUR_NS || off < -MOST_NS ||
            skipped >= (uint64_t)(m->n_hours - i) || flags > 255 ||
            rest >= UJ_PER_J)
            return false;
        for (; skipped; skipped--)
            whole += m->joules[i++];
        whole += m->joules[i];
        exact = whole == MOST_J ? m->sum_uj : whole * UJ_PER_J + (int64_t)rest;
        out->uj[i] = exact - sum;
        out->ns[i] = EN_HOUR_NS - off;
        out->flags[i] = (uint8_t)flags;
        sum = exact;
        if (++i == m->n_hours)
            break;
    }
    return !r->bad && r->at == r->n && sum == m->sum_uj;
}

/* The month was closed: what its hours lost goes to the last that has any. */
static void coarse(const struct en_month *m, struct month_exact *out)
{
    int64_t sum = 0;
    int last = 0;

    out->base_flags = m->flags;
    for (int i = 0; i < m->n_hours; i++) {
        out->uj[i] = m->joules[i] * UJ_PER_J;
        out->ns[i] = (int64_t)m->covered[i] * NS_PER_S;
        sum += out->uj[i];
        if (m->joules[i] || m->covered[i])
            last = i;
    }
    out->uj[last] += m->sum_uj - sum;
}

bool month_restore(
        const struct en_month *m, const void *bytes, size_t n,
        struct month_exact *out, struct err *err)
{
    struct reader r = {.p = bytes, .n = n};

    memset(out, 0, sizeof *out);
    out->month = m->month;
    out->n_hours = m->n_hours;
    if (!bytes) {
        coarse(m, out);
        return true;
    }
    return fine_unpack(m, &r, out) || err_set(err, ERR_DB,
                                              "J1 does not hold: its exact "
                                              "hours do not add up to its sum");
}
