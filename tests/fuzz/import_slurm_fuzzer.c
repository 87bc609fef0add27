/* SPDX-License-Identifier: Apache-2.0
 * Slurm's nodes: every record delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".json"), "slurm-nodes");
    return 0;
}
