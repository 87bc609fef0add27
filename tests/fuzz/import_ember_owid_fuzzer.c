/* SPDX-License-Identifier: Apache-2.0
 * Ember at Our World in Data: every value delivered obeys its bounds. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_import(fuzz_file(bytes, len, ".csv"), "ember-owid");
    return 0;
}
