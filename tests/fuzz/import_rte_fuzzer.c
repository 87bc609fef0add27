/* SPDX-License-Identifier: Apache-2.0
 * RTE eCO2mix API: every value delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".json"), "rte-eco2mix");
    return 0;
}
