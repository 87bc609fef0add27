/* SPDX-License-Identifier: Apache-2.0
 * A factor set from outside: loaded whole or refused with its place. */
#include <sys/stat.h>

#include "factors/factors.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static char folder[60], path[200];
    struct fac_pack *pack = NULL;
    struct err err = {0};
    FILE *f;

    if (!folder[0]) {
        snprintf(folder, sizeof folder, "fuzz-set-%ld", (long)getpid());
        mkdir(folder, 0700);
        snprintf(path, sizeof path, "%s/cpu-spec", folder);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/cpu-spec/1.0.0", folder);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/cpu-spec/1.0.0/cpus.csv", folder);
    }
    f = fopen(path, "wb");
    FUZZ_HOLDS(f && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
    if (fac_pack_load(folder, &pack, &err))
        fac_pack_free(pack);
    else
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    return 0;
}
