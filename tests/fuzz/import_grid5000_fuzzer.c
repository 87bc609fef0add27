/* SPDX-License-Identifier: Apache-2.0
 * Grid'5000 node files: every record delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".json"), "grid5000");
    return 0;
}
