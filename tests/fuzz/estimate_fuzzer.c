/* SPDX-License-Identifier: Apache-2.0
 * The estimate's body: an answer that is JSON, or an error with its path. */
#include "base/json.h"
#include "fuzz.h"
#include "reports/reports.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct fac_pack *pack;
    const struct rep_estimate_options options = {.unrounded = len & 1};
    struct err err = {0};
    struct buf answer;
    struct out out;
    cJSON *tree = NULL;

    if (!pack)
        FUZZ_HOLDS(fac_pack_load(NULL, &pack, &err));
    buf_init(&answer, 16 * 1024 * 1024);
    out_to_buf(&out, &answer);
    if (rep_estimate(pack, (const char *)bytes, len, &options, &out, &err)) {
        FUZZ_HOLDS(out_finish(&out, &err));
        FUZZ_HOLDS(json_parse(buf_text(&answer), answer.len, &tree, &err));
        cJSON_Delete(tree);
    } else {
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    }
    buf_clear(&answer);
    return 0;
}
