/* SPDX-License-Identifier: Apache-2.0
 * Boavizta's product footprints: every row delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".csv"), "boavizta-pcf");
    return 0;
}
