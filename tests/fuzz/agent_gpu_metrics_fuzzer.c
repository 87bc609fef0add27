/* SPDX-License-Identifier: Apache-2.0
 * The driver's table of an AMD card: read within its bytes, never a zero. */
#include "agent/agent.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct err err = {0};

    for (int mi200 = 0; mi200 < 2; mi200++) {
        int64_t uj = -1;
        bool ok = ag_gpu_metrics_decode(bytes, len, mi200 != 0, &uj, &err);

        FUZZ_HOLDS(ok ? uj >= 0 && len >= 24 : uj == -1);
    }
    return 0;
}
