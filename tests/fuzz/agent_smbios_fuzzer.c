/* SPDX-License-Identifier: Apache-2.0
 * The firmware's table: what is found stays within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct ag_smbios *b = xmalloc(sizeof *b);
    struct arena text = {0};

    ag_smbios_parse(bytes, len, &text, b);
    FUZZ_HOLDS(b->n_modules <= AG_MAX_MODULES && b->n_modules <= b->slots);
    FUZZ_HOLDS(b->n_supplies <= AG_MAX_SUPPLIES && b->cores >= -1);
    for (size_t i = 0; i < b->n_modules; i++) {
        FUZZ_HOLDS(b->modules[i].gib > 0);
        if (b->modules[i].model)
            FUZZ_HOLDS(
                    b->modules[i].model[0] &&
                    strlen(b->modules[i].model) <= 64);
    }
    arena_clear(&text);
    free(b);
    return 0;
}
