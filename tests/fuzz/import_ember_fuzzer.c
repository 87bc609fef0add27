/* SPDX-License-Identifier: Apache-2.0
 * Ember's own release: every value delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".csv"), "ember");
    return 0;
}
