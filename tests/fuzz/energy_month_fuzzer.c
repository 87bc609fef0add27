/* SPDX-License-Identifier: Apache-2.0
 * A meter's month as bytes: refused, or a month that packs to one that is the
 * same; its exact hours likewise. */
#include <string.h>

#include "energy/month_priv.h"
#include "fuzz.h"

static void exact(const struct en_month *m, const uint8_t *bytes, size_t len)
{
    static struct month_exact x;
    static struct en_month round;
    struct err err = {0};

    if (!month_restore(m, len ? bytes : NULL, len, &x, &err)) {
        FUZZ_HOLDS(err.msg[0]);
        return;
    }
    for (int i = 0; i < x.n_hours; i++)
        if (x.uj[i] < 0)
            return; /* its rests contradict each other: only check tells */
    month_round(&x, &round);
    FUZZ_HOLDS(round.sum_uj == m->sum_uj);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct en_month m, again;
    struct err err = {0};
    struct buf b = {0};
    size_t half = len ? len * bytes[0] / 256 : 0;

    if (!en_month_unpack(bytes, len, &m, &err)) {
        FUZZ_HOLDS(err.msg[0]);
        if (!en_month_unpack(bytes + half, len - half, &m, &err))
            return 0;
        for (int i = 0; i < m.n_hours; i++)
            m.sum_uj += m.joules[i] * 1000000;
        m.month = 2026 * 12;
        exact(&m, bytes, half);
        return 0;
    }
    en_month_pack(&m, &b);
    FUZZ_HOLDS(en_month_unpack(b.p, b.len, &again, &err));
    FUZZ_HOLDS(memcmp(&m, &again, sizeof m) == 0);
    buf_clear(&b);
    return 0;
}
