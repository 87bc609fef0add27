/* SPDX-License-Identifier: Apache-2.0
 * Zeus' log: every stretch delivered has its times and an amount. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".csv"), "zeus");
    return 0;
}
