/* SPDX-License-Identifier: Apache-2.0
 * JSON reading: a tree or an error with its place, never a crash. */
#include "base/json.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct err err = {0};
    cJSON *tree = NULL;

    if (json_parse((const char *)bytes, len, &tree, &err)) {
        FUZZ_HOLDS(tree);
        cJSON_Delete(tree);
    } else {
        FUZZ_HOLDS(!tree && err.msg[0]);
    }
    return 0;
}
