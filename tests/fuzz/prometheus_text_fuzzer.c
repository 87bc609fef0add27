/* SPDX-License-Identifier: Apache-2.0
 * Metrics in text through the map: names and ids keep their bounds. */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "importers/metrics.h"

static struct imp_metric_map *map;

static bool on_sample(void *ctx, const struct imp_metric *m, struct err *err)
{
    const struct imp_rule *r = imp_metric_rule(map, m);
    char id[WIRE_MAX_METER_ID + 1];
    int64_t micro;

    (void)ctx, (void)err;
    FUZZ_HOLDS(m->name[0] && m->n_labels <= IMP_MAX_LABELS);
    for (size_t i = 0; i < m->n_labels; i++)
        FUZZ_HOLDS(
                text_utf8_ok(m->labels[i].value, strlen(m->labels[i].value)));
    if (r && imp_metric_micro(r, m->value, &micro)) {
        FUZZ_HOLDS(micro >= 0);
        imp_metric_id(r, m, id);
        FUZZ_HOLDS(id[0] && strlen(id) <= WIRE_MAX_METER_ID);
        FUZZ_HOLDS(text_utf8_ok(id, strlen(id)));
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct err err = {0};

    if (!map)
        FUZZ_HOLDS(imp_metric_map_open(&map, &err));
    if (!imp_exposition((const char *)bytes, len, on_sample, NULL, &err))
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    return 0;
}
