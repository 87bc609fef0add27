/* SPDX-License-Identifier: Apache-2.0
 * The keyed hash behind our maps. */
#include "base/hash.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static unsigned char seed[crypto_shorthash_KEYBYTES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void draw_seed(void)
{
    CHECK(sodium_init() >= 0);
    crypto_shorthash_keygen(seed);
}

unsigned hash_bytes(const void *bytes, size_t len)
{
    unsigned char sum[crypto_shorthash_BYTES];
    unsigned hash;

    pthread_once(&once, draw_seed);
    crypto_shorthash(sum, bytes, len, seed);
    memcpy(&hash, sum, sizeof hash);
    return hash;
}

_Noreturn void hash_fatal(const char *what)
{
    fprintf(stderr, "map: %s\n", what);
    abort();
}
