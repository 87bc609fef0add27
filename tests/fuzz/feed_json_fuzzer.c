/* SPDX-License-Identifier: Apache-2.0
 * Bodies of POST /api/v1/energy: a batch whose every value is in range, or an
 * error with its code; the same again from a cleared state. */
#include <string.h>

#include "fuzz.h"
#include "importers/feed.h"

static void check_batch(const struct wire_batch *b)
{
    FUZZ_HOLDS(b->run && b->run[0] && b->n_meters <= WIRE_MAX_METERS);
    FUZZ_HOLDS(b->n_samples <= WIRE_MAX_SAMPLES);
    for (size_t i = 0; i < b->n_samples; i++) {
        const struct wire_sample *s = &b->samples[i];

        FUZZ_HOLDS(s->seq >= 1 && s->seq <= INT64_MAX && s->t_ns >= 1);
        FUZZ_HOLDS(s->meter < b->n_meters && s->value >= 0);
        FUZZ_HOLDS(s->from_ns >= 0 && s->from_ns < s->t_ns);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char *text = malloc(len + 1);
    struct imp_feed f = {0};
    struct err err = {0};

    FUZZ_HOLDS(text);
    memcpy(text, bytes, len);
    text[len] = '\0';
    if (imp_feed_json(text, len, &f, &err)) {
        FUZZ_HOLDS(f.n_batches == 1);
        check_batch(f.batches);
    } else {
        FUZZ_HOLDS(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        FUZZ_HOLDS(err.msg[0]);
    }
    imp_feed_clear(&f);
    free(text);
    return 0;
}
