/* SPDX-License-Identifier: Apache-2.0
 * Bodies of POST /v1/metrics: batches whose every value is in range, or an
 * error with its code. */
#include <string.h>

#include "fuzz.h"
#include "importers/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char *text = malloc(len + 1);
    struct imp_feed f = {0};
    struct err err = {0};

    FUZZ_HOLDS(text);
    memcpy(text, bytes, len);
    text[len] = '\0';
    if (!imp_feed_otlp(text, len, &f, &err))
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0] && f.n_batches == 0);
    for (size_t i = 0; i < f.n_batches; i++) {
        const struct wire_batch *b = &f.batches[i];

        FUZZ_HOLDS(b->run && b->n_meters >= 1 && b->n_samples >= 1);
        for (size_t k = 0; k < b->n_samples; k++) {
            const struct wire_sample *s = &b->samples[k];

            FUZZ_HOLDS(s->seq >= 1 && s->t_ns >= 1 && s->value >= 0);
            FUZZ_HOLDS(s->meter < b->n_meters && s->from_ns < s->t_ns);
        }
    }
    imp_feed_clear(&f);
    free(text);
    return 0;
}
