/* SPDX-License-Identifier: Apache-2.0
 * EAR's applications: every stretch delivered has its times and an amount. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".csv"), "ear");
    return 0;
}
