/* SPDX-License-Identifier: Apache-2.0
 * Zip and tar: what comes out is read as any folder, and nothing is left
 * behind outside it. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".zip"), NULL);
    return 0;
}
