/* SPDX-License-Identifier: Apache-2.0
 * What the fuzz targets share. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* A property that must hold for every input. */
#define FUZZ_HOLDS(cond)                                                       \
    do {                                                                       \
        if (!(cond)) {                                                         \
            fprintf(stderr, "does not hold: %s\n", #cond);                     \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* The input as a file, for readers that take a path; the same file is used
 * again and again. Returns its path. */
static inline const char *
fuzz_file(const uint8_t *bytes, size_t len, const char *ending)
{
    static char path[100];
    FILE *f;

    snprintf(path, sizeof path, "fuzz-%ld%s", (long)getpid(), ending);
    f = fopen(path, "wb");
    FUZZ_HOLDS(f && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
    return path;
}

#endif
