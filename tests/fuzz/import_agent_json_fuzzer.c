/* SPDX-License-Identifier: Apache-2.0
 * The node agent's inventory: every record delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".json"), "agent-json");
    return 0;
}
