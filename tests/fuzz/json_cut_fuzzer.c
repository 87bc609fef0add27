/* SPDX-License-Identifier: Apache-2.0
 * Records cut out of a file: each one parses or says why not, in order. The
 * first byte chooses how the file is cut. */
#include "base/json.h"
#include "fuzz.h"

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    uint64_t *seen = ctx;

    (void)err;
    FUZZ_HOLDS(r->index == ++*seen && r->line >= 1 && r->text);
    FUZZ_HOLDS(r->value ? !r->why : r->why && r->why->msg[0]);
    return true;
}

static bool on_rest(void *ctx, const cJSON *root, struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(cJSON_IsObject(root));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const lists[] = {"items", "nodes", NULL};
    uint8_t how = len ? bytes[0] : 0;
    uint64_t seen = 0;
    struct json_cut cut = {
            .lists = how & 1 ? lists : NULL,
            .members = how & 2,
            .texts = how & 4,
            .record = on_record,
            .rest = on_rest,
            .ctx = &seen};
    struct err err = {0};
    FILE *in = len > 1 ? fmemopen((void *)(bytes + 1), len - 1, "r") : NULL;

    if (!in)
        return 0;
    if (!json_cut_read(&cut, in, &err))
        FUZZ_HOLDS(err.msg[0]);
    FUZZ_HOLDS(cut.count == seen);
    fclose(in);
    return 0;
}
