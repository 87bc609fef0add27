/* SPDX-License-Identifier: Apache-2.0
 * hwloc's XML: every record delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".xml"), "hwloc-xml");
    return 0;
}
