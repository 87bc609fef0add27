/* SPDX-License-Identifier: Apache-2.0
 * The node agent's settings: taken within their limits or refused in words. */
#include "agent/agent.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct ag_config c;
    struct err err = {0};

    ag_config_init(&c);
    if (ag_config_read(&c, (const char *)bytes, len, "f", &err)) {
        FUZZ_HOLDS(c.interval_ns == 0 || c.interval_ns >= 1000000);
        FUZZ_HOLDS(c.interval_ns <= INT64_C(3600000000000));
        FUZZ_HOLDS(c.spool_max >= 65536 && c.pue >= 1);
    } else {
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    }
    ag_config_clear(&c);
    return 0;
}
